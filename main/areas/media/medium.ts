import { readFile, stat, statfs } from "node:fs/promises";
import { basename } from "node:path";
import { mountOf, readMounts, whereIs, type Mount } from "./mounts.ts";

export type ReadBack = "remounted" | "direct" | "none";

/** What a folder is as a medium. */
export interface Medium {
  readonly path: string;
  readonly exists: boolean;
  readonly fileSystem: string;
  readonly freeBytes: number;
  /** st_dev of the folder, to notice that a mount has gone away under it. */
  readonly deviceNumber: number;
  /** The best read-back it allows. */
  readonly readBack: ReadBack;
  /** Whether its file system reads past the cache, should it stay mounted after all. */
  readonly readsDirect: boolean;
  /** Why it is that one, for people. */
  readonly sentence: string;
  /** The mount, when it is one of a block device that isn't the station's or the root's. */
  readonly mount: Mount | undefined;
}

/**
 * File systems whose O_DIRECT reads go to the device: ext and xfs were tried on a loop device, FAT and exFAT have
 * their own direct_IO in the kernel. tmpfs, overlay and FUSE take the flag and serve memory; btrfs falls back
 * silently. The kernel's count of bytes fetched from storage is checked besides (read-file.ts of the transfer area).
 */
const directFileSystems = new Set(["ext2", "ext3", "ext4", "xfs", "vfat", "exfat"]);

/**
 * @param path absolute; it need not exist yet
 * @param stationFolder a folder on the file system that is no medium, because the station lies on it
 */
export async function lookAtMedium(path: string, stationFolder: string): Promise<Medium> {
  const { realPath, deviceNumber, exists } = await whereIs(path);
  const mounts = await readMounts();
  const mount = mountOf(realPath, mounts);
  const space = await statfs(realPath);
  const known = {
    path,
    exists,
    fileSystem: mount?.fileSystem ?? "unknown",
    freeBytes: space.bavail * space.bsize,
    deviceNumber,
  };
  const none = (sentence: string): Medium => ({
    ...known,
    readBack: "none",
    readsDirect: false,
    sentence,
    mount: undefined,
  });

  if (deviceNumber === (await stat(stationFolder)).dev) {
    return none("This folder lies on the same file system as the station. That is no medium to carry.");
  }
  if (mount === undefined) return none("This system does not say what device this folder lies on.");
  if (mount.mountPoint === "/" || deviceNumber === (await stat("/")).dev) {
    return none("This folder lies on the system's own file system. That is no medium to carry.");
  }
  if (mount.device.startsWith("0:") || !mount.source.startsWith("/dev/")) {
    return none(`This folder lies on ${mount.fileSystem}, which has no device of its own behind it.`);
  }
  const readsDirect = directFileSystems.has(mount.fileSystem);
  const blocker = await whyNotRemounted(mount, mounts);
  if (blocker === undefined) {
    const sentence = "It can be unmounted, mounted again and read back whole.";
    return { ...known, mount, readsDirect, readBack: "remounted", sentence };
  }
  if (!readsDirect) {
    return none(`${blocker} Whether reads of ${mount.fileSystem} come from the device is not known.`);
  }
  const sentence = `${blocker} Data can be read back past the cache; names cannot.`;
  return { ...known, mount, readsDirect, readBack: "direct", sentence };
}

/** A sentence that says why this mount can't be taken down and put up again, or undefined when it can. */
async function whyNotRemounted(mount: Mount, mounts: readonly Mount[]): Promise<string | undefined> {
  if (process.geteuid?.() !== 0) return "Mounting it again needs more rights than this program has.";
  if (mount.root !== "/") return "It is only a part of a file system that is mounted elsewhere.";
  if (mounts.filter((other) => other.device === mount.device).length > 1) {
    return "Its file system is mounted at more than one place.";
  }
  if (mounts.some((other) => other !== mount && other.mountPoint.startsWith(`${mount.mountPoint}/`))) {
    return "Something else is mounted inside it.";
  }
  if (await belongsToSystem(mount.mountPoint)) return "The system mounts it by itself, so it stays mounted.";
  if (await vanishesOnUnmount(mount.source)) return "Its device goes away when it is unmounted.";
  return undefined;
}

/** A file system that /etc/fstab mounts at start, such as /boot or /home, is never taken down under its users. */
async function belongsToSystem(mountPoint: string): Promise<boolean> {
  const table = await readFile("/etc/fstab", "utf8").catch(() => "");
  return table.split("\n").some((line) => {
    const [, place, , options] = line.trim().split(/\s+/);
    return place === mountPoint && !line.trim().startsWith("#") && !/(^|,)noauto(,|$)/.test(options ?? "");
  });
}

/** A loop device that `mount -o loop` made is freed with its last user. */
async function vanishesOnUnmount(source: string): Promise<boolean> {
  try {
    return (await readFile(`/sys/class/block/${basename(source)}/loop/autoclear`, "utf8")).trim() === "1";
  } catch {
    // No such file: it isn't a loop device.
    return false;
  }
}

import { readFile, realpath, stat } from "node:fs/promises";

/** One line of /proc/self/mountinfo (proc_pid_mountinfo(5)). */
export interface Mount {
  /** `major:minor` of the device; major 0 has no block device behind it. */
  readonly device: string;
  /** Which folder of the file system is mounted; `/` unless it is a bind mount. */
  readonly root: string;
  readonly mountPoint: string;
  readonly options: readonly string[];
  readonly fileSystem: string;
  readonly source: string;
  readonly superOptions: readonly string[];
}

/** Every mount of this process's namespace; none where the system has no mountinfo. */
export async function readMounts(): Promise<Mount[]> {
  if (process.platform !== "linux") return [];
  return parseMounts(await readFile("/proc/self/mountinfo", "utf8"));
}

export function parseMounts(text: string): Mount[] {
  return text.split("\n").flatMap((line) => {
    const [left, right] = line.split(" - ");
    const [, , device, root, mountPoint, options] = left?.split(" ") ?? [];
    const [fileSystem, source, superOptions] = right?.split(" ") ?? [];
    if (device === undefined || root === undefined || mountPoint === undefined) return [];
    return {
      device,
      root: unescape(root),
      mountPoint: unescape(mountPoint),
      options: (options ?? "").split(","),
      fileSystem: fileSystem ?? "",
      source: unescape(source ?? ""),
      superOptions: (superOptions ?? "").split(","),
    };
  });
}

/** The mount that a real path lies on: the longest mount point above it, the last one where several are stacked. */
export function mountOf(realPath: string, mounts: readonly Mount[]): Mount | undefined {
  return mounts
    .filter((mount) => isWithin(realPath, mount.mountPoint))
    .reduce<Mount | undefined>(
      (best, mount) =>
        best === undefined || mount.mountPoint.length >= best.mountPoint.length ? mount : best,
      undefined,
    );
}

/** Whether `path` is `folder` or lies below it. Both absolute and real. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

/** Device number and real path of a folder, or of its nearest ancestor that exists. */
export async function whereIs(
  path: string,
): Promise<{ realPath: string; deviceNumber: number; exists: boolean }> {
  let candidate = path;
  for (;;) {
    try {
      const realPath = await realpath(candidate);
      return { realPath, deviceNumber: (await stat(realPath)).dev, exists: candidate === path };
    } catch (error) {
      const parent = candidate.slice(0, candidate.lastIndexOf("/")) || "/";
      if (parent === candidate || (error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      candidate = parent;
    }
  }
}

/** mountinfo writes blank, tab, LF and backslash as three octal digits. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

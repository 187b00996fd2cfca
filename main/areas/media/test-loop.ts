import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A real file system on a loop device, mounted on its own: what a stick is to the kernel. */
export interface LoopMedium {
  readonly path: string;
  readonly device: string;
  unmount(): void;
  mount(): void;
  remove(): void;
}

const run = (file: string, values: string[]): string =>
  execFileSync(file, values, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();

/** Why this machine can't have one, or null. */
export function whyNoLoop(fileSystem = "ext4"): string | null {
  if (process.platform !== "linux" || process.geteuid?.() !== 0) return "loop devices need Linux and root";
  if (!existsSync("/dev/loop-control")) return "this kernel has no loop devices";
  if (!["/usr/sbin", "/sbin"].some((folder) => existsSync(`${folder}/mkfs.${fileSystem}`))) {
    return `mkfs.${fileSystem} is not installed`;
  }
  const known = run("cat", ["/proc/filesystems"])
    .split("\n")
    .some((line) => line.trim().endsWith(fileSystem));
  return known ? null : `this kernel does not know ${fileSystem}`;
}

export function makeLoopMedium(sizeMiB: number, fileSystem = "ext4"): LoopMedium {
  const folder = mkdtempSync(join(tmpdir(), "loop-"));
  const image = join(folder, "image");
  const path = join(folder, "medium");
  writeFileSync(image, "");
  truncateSync(image, sizeMiB * 1024 * 1024);
  run(`mkfs.${fileSystem}`, fileSystem === "ext4" ? ["-q", "-m", "0", image] : [image]);
  mkdirSync(path);
  const device = run("losetup", ["--find", "--show", image]);
  const medium: LoopMedium = {
    path,
    device,
    mount: () => void run("mount", [device, path]),
    unmount: () => void run("umount", [path]),
    remove() {
      try {
        run("umount", [path]);
      } catch {
        // It was unmounted by the test.
      }
      run("losetup", ["--detach", device]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  medium.mount();
  return medium;
}

import { closeSync, existsSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** Room for the events and the log lines that say why nothing else goes on. */
const reserveBytes = 8 * 1024 * 1024;

/**
 * A file that is given up first when the disk is full, so that the station can still write its sentence.
 * It is made again at the next start, when there is room for ten of it.
 */
export function makeReserve(path: string): void {
  if (existsSync(path)) return;
  const { bavail, bsize } = statfsSync(dirname(path));
  if (bavail * bsize < 10 * reserveBytes) return;
  const file = openSync(path, "w", 0o600);
  try {
    // Written, not truncated: a hole would reserve nothing.
    writeSync(file, Buffer.alloc(reserveBytes, 0x53));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

export function releaseReserve(path: string): void {
  rmSync(path, { force: true });
}

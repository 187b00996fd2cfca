import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { createSha256 } from "../../station/crypto/hash.ts";

/** What a file turned out to hold. */
export interface FileRead {
  readonly bytes: number;
  readonly sha256: string;
  /** Bytes that the kernel fetched from storage for it (proc_pid_io(5), read_bytes); null where nobody counts. */
  readonly fetchedBytes: number | null;
}

export interface ReadFileTask {
  readonly path: string;
  /** Read past the page cache (O_DIRECT). Fails with EINVAL where the file system doesn't take it. */
  readonly direct: boolean;
  /** More than this many bytes are not read: a medium may lie about sizes. */
  readonly limitBytes: number;
}

const chunkBytes = 4 * 1024 * 1024;
/** The largest logical block of a disk; a buffer aligned to it suits every device. */
const alignment = 4096;

/** One buffer for the thread's life; where in it an aligned address begins is found by trying. */
let buffer: Buffer | undefined;
let alignedAt = 0;

/**
 * Reads and hashes one regular file in a pool thread, following no link.
 *
 * @throws the system's error; one with code `EINVAL` when `direct` isn't possible here
 */
export function readFileTask({ path, direct, limitBytes }: ReadFileTask): FileRead {
  buffer ??= Buffer.allocUnsafeSlow(chunkBytes + alignment);
  const flags =
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | (direct ? constants.O_DIRECT : 0);
  const file = openSync(path, flags);
  try {
    if (!fstatSync(file).isFile()) throw new Error(`${path} is not a regular file`);
    if (direct) alignedAt = findAlignment(file, buffer);
    const before = fetchedSoFar();
    const hash = createSha256();
    let bytes = 0;
    const chunk = buffer.subarray(alignedAt, alignedAt + chunkBytes);
    for (;;) {
      const count = readSync(file, chunk, 0, chunkBytes, bytes);
      if (count === 0) break;
      bytes += count;
      if (bytes > limitBytes) break;
      hash.update(chunk.subarray(0, count));
    }
    const after = fetchedSoFar();
    return {
      bytes,
      sha256: hash.digestHex(),
      fetchedBytes: before === null || after === null ? null : after - before,
    };
  } finally {
    closeSync(file);
  }
}

/** Node doesn't tell addresses, so each offset is tried until the kernel takes one; malloc gives multiples of 16. */
function findAlignment(file: number, whole: Buffer): number {
  for (const offset of [
    alignedAt,
    ...Array.from({ length: alignment / 16 }, (_, index) => alignment - 16 * (index + 1)),
  ]) {
    try {
      readSync(file, whole, offset, alignment, 0);
      return offset;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EINVAL") throw error;
    }
  }
  throw Object.assign(new Error("this file system does not read past its cache"), { code: "EINVAL" });
}

/** Of this thread alone, because readSync runs in it. */
function fetchedSoFar(): number | null {
  try {
    const line = /^read_bytes: (\d+)$/m.exec(readFileSync("/proc/thread-self/io", "utf8"));
    return line?.[1] === undefined ? null : Number(line[1]);
  } catch {
    // Not Linux, or a kernel without task accounting.
    return null;
  }
}

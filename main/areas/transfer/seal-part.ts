import { closeSync, openSync, writeSync } from "node:fs";
import { openReader, type Reader } from "../../station/store/reader.ts";
import { sealPart } from "./format/part.ts";
import { readLines } from "./store-lines.ts";
import type { RecordRange } from "./store-out.ts";

/** Where a sealed part goes, and for whom. */
interface Target {
  readonly recipient: string;
  /** File in the spool. */
  readonly path: string;
}

export interface SealPlainTask extends Target {
  readonly plain: Uint8Array;
}

export interface SealRecordsTask extends Target {
  /** Path of station.db. */
  readonly database: string;
  readonly ranges: readonly RecordRange[];
  /** How many records the ranges hold. */
  readonly records: number;
  /** About how many bytes their lines take. */
  readonly estimatedBytes: number;
}

export interface SealedPart {
  readonly bytes: number;
  readonly sha256: string;
  readonly plainBytes: number;
  readonly plainSha256: string;
}

/** Records whose lines SQLite joins in one go, at most; and about how many bytes that may be. */
const mostLinesAtOnce = 2000;
const joinedBytes = 1024 * 1024;

/** Compresses, encrypts, hashes and writes bytes, in a pool thread. */
export function sealPlainTask({ plain, recipient, path }: SealPlainTask): SealedPart {
  const sealed = sealPart(Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength), recipient);
  write(path, sealed.cipher);
  return {
    bytes: sealed.cipherBytes,
    sha256: sealed.cipherSha256,
    plainBytes: sealed.plainBytes,
    plainSha256: sealed.plainSha256,
  };
}

/** Reads records from the database, writes their lines and seals them as one part, in a pool thread. */
export function sealRecordsTask(task: SealRecordsTask): SealedPart {
  return sealPlainTask({ plain: gather(task), recipient: task.recipient, path: task.path });
}

/** Connection and memory of this thread, kept from part to part. */
let open: { readonly database: string; readonly reader: Reader } | undefined;
let memory: Buffer = Buffer.alloc(0);

function readerOf(database: string): Reader {
  if (open?.database !== database) {
    open?.reader.close();
    open = { database, reader: openReader(database) };
  }
  return open.reader;
}

function gather({ database, ranges, records, estimatedBytes }: SealRecordsTask): Buffer {
  const reader = readerOf(database);
  if (memory.byteLength < estimatedBytes) memory = Buffer.allocUnsafeSlow(Math.ceil(estimatedBytes * 1.05));
  // Sixteen lines of a MiB joined at once took the station to 490 MiB of memory.
  const lineBytes = estimatedBytes / records;
  const linesAtOnce = Math.min(mostLinesAtOnce, Math.max(1, Math.floor(joinedBytes / lineBytes)));
  let used = 0;
  let found = 0;
  for (const range of ranges) {
    let { fromSeq } = range;
    for (;;) {
      const lines = readLines(reader, { ...range, fromSeq }, linesAtOnce);
      if (lines === null) break;
      if (used + lines.bytes.byteLength > memory.byteLength)
        memory = larger(memory, used, lines.bytes.byteLength);
      used += lines.bytes.copy(memory, used);
      found += lines.records;
      fromSeq = lines.toSeq;
    }
  }
  if (found !== records)
    throw new Error(`a part of ${records} records holds ${found}: they changed under the seal`);
  return memory.subarray(0, used);
}

function larger(full: Buffer, used: number, moreBytes: number): Buffer {
  const next = Buffer.allocUnsafeSlow(Math.ceil((used + moreBytes) * 1.25));
  full.copy(next, 0, 0, used);
  return next;
}

/** Without a sync: who asked syncs it while this thread goes on with the next part (spool.ts, `keep`). */
function write(path: string, bytes: Buffer): void {
  const file = openSync(path, "w", 0o600);
  try {
    for (let at = 0; at < bytes.byteLength;) at += writeSync(file, bytes, at);
  } finally {
    closeSync(file);
  }
}

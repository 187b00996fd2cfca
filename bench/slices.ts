import { closeSync, fstatSync, openSync, readSync } from "node:fs";

export interface Slice {
  readonly at: number;
  readonly bytes: number;
  readonly records: number;
}

/** Slices of about the same size that end with a line, and how many lines each holds, as a station's plan knows it. */
export function cutAtLines(path: string, mostBytes: number, threads: number): Slice[] {
  const file = openSync(path, "r");
  const total = fstatSync(file).size;
  const count = Math.ceil(Math.ceil(total / mostBytes) / threads) * threads;
  const memory = Buffer.allocUnsafe(Math.ceil(total / count) + 1024);
  const slices: Slice[] = [];
  for (let at = 0; at < total;) {
    const read = readSync(file, memory, 0, memory.byteLength, at);
    const bytes = memory.lastIndexOf(0x0a, read - 1) + 1;
    slices.push({ at, bytes, records: countLines(memory.subarray(0, bytes)) });
    at += bytes;
  }
  closeSync(file);
  return slices;
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) lines += 1;
  return lines;
}

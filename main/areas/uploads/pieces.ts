import { closeSync, openSync, readSync } from "node:fs";

const pieceBytes = 1024 * 1024;

/** A file from its start, piece by piece in the same memory: what is needed longer must be copied. */
export function* piecesOf(path: string): Generator<Buffer, void, undefined> {
  const file = openSync(path, "r");
  try {
    const memory = Buffer.allocUnsafe(pieceBytes);
    for (let read = readSync(file, memory); read > 0; read = readSync(file, memory)) {
      yield memory.subarray(0, read);
    }
  } finally {
    closeSync(file);
  }
}

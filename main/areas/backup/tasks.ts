import { closeSync, fdatasyncSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { sha256Hex } from "../../station/crypto/hash.ts";
import { openPart, sealPart, type SealedPart } from "../transfer/format/part.ts";
import type { FileEntry, PartEntry } from "./format.ts";
import type { ProveTask } from "./prove.ts";

/** A run of bytes of one file. */
export interface Piece {
  readonly path: string;
  readonly from: number;
  readonly bytes: number;
}

export interface SealTask {
  readonly pieces: readonly Piece[];
  readonly recipient: string;
  readonly target: string;
}

export interface OpenTask {
  readonly path: string;
  readonly cipher: Pick<PartEntry, "bytes" | "sha256">;
  readonly plain: Pick<FileEntry, "bytes" | "sha256">;
  readonly identities: readonly string[];
}

/** What the pool of this area does. */
export interface BackupTasks {
  readonly seal: { payload: SealTask; result: Omit<SealedPart, "cipher"> };
  readonly prove: { payload: ProveTask; result: null };
  readonly open: { payload: OpenTask; result: Uint8Array<ArrayBuffer> };
}

/** Reads pieces, seals them as one part, writes and syncs it. */
export function sealTask({ pieces, recipient, target }: SealTask): Omit<SealedPart, "cipher"> {
  const { cipher, ...sealed } = sealPart(Buffer.concat(pieces.map(readPiece)), recipient);
  const file = openSync(target, "wx", 0o600);
  try {
    for (let at = 0; at < cipher.byteLength;) at += writeSync(file, cipher, at);
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
  return sealed;
}

function readPiece({ path, from, bytes }: Piece): Buffer {
  const piece = Buffer.allocUnsafe(bytes);
  const file = openSync(path, "r");
  try {
    let at = 0;
    while (at < bytes) {
      const count = readSync(file, piece, at, bytes - at, from + at);
      if (count === 0) throw new Error(`${path} became shorter while it was backed up`);
      at += count;
    }
  } finally {
    closeSync(file);
  }
  return piece;
}

/** A part whose ciphertext is not what the manifest says; its name goes with the error. */
export class DamagedPart extends Error {
  override readonly name = "DamagedPart";
}

/** Reads one part anew and proves it: size and hash of the ciphertext, age, zstd, size and hash of the plaintext. */
export async function openTask(
  { path, cipher, plain, identities }: OpenTask,
  transfer: ArrayBuffer[],
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = readFileSync(path);
  if (bytes.byteLength !== cipher.bytes || sha256Hex(bytes) !== cipher.sha256) {
    throw new DamagedPart("its bytes are not those that were signed for");
  }
  const opened = new Uint8Array(await openPart(bytes, identities, plain));
  transfer.push(opened.buffer);
  return opened;
}

import { closeSync, fdatasyncSync, openSync, renameSync, writeSync } from "node:fs";
import { sealPart } from "./format/part.ts";

export interface SealPartTask {
  /** Whole lines. Its memory moves to the thread and comes back with the result. */
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly recipient: string;
  /** Where the sealed part goes in the spool. */
  readonly path: string;
}

export interface SealedPart {
  readonly bytes: number;
  readonly sha256: string;
  readonly plainBytes: number;
  readonly plainSha256: string;
  /** The memory of `plain`, to be filled again. */
  readonly memory: ArrayBuffer;
}

/** Compresses, encrypts, hashes and writes one part durably, in a pool thread. */
export async function sealPartTask(task: SealPartTask, transfer: ArrayBuffer[]): Promise<SealedPart> {
  const { buffer, byteOffset, byteLength } = task.plain;
  const sealed = await sealPart(Buffer.from(buffer, byteOffset, byteLength), task.recipient);
  writeDurably(task.path, sealed.cipher);
  transfer.push(buffer);
  return {
    bytes: sealed.cipherBytes,
    sha256: sealed.cipherSha256,
    plainBytes: sealed.plainBytes,
    plainSha256: sealed.plainSha256,
    memory: buffer,
  };
}

/** The name appears only with all its bytes; the folder is synced once for all parts, by who asked. */
function writeDurably(path: string, bytes: Buffer): void {
  const file = openSync(`${path}.tmp`, "w", 0o600);
  try {
    for (let at = 0; at < bytes.byteLength;) at += writeSync(file, bytes, at);
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.tmp`, path);
}

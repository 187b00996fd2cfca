import { readFileSync } from "node:fs";
import { sha256Hex } from "../../station/crypto/hash.ts";
import { checkLines, type CheckedLines } from "./checked-lines.ts";
import { FormatFault } from "./format/fault.ts";
import { openPart } from "./format/part.ts";
import type { DeclaredFile } from "./spool-in.ts";

/** Opens one records part from the spool and checks its lines, in a pool thread. */
export interface OpenRecordsTask {
  readonly path: string;
  /** What batch.json says of the ciphertext: the spool is not believed either. */
  readonly cipher: DeclaredFile;
  /** What the manifest says of the plaintext. */
  readonly plain: DeclaredFile;
  readonly records: number;
  /** Our age identities, newest first. */
  readonly identities: readonly string[];
  /** Fingerprints under which receipts of this sender verify. */
  readonly signers: readonly string[];
}

export interface OpenedRecords extends CheckedLines {
  readonly plain: Uint8Array<ArrayBuffer>;
}

/**
 * Step 4 and the first half of step 5 for one part; nothing is given before all of it is proven.
 *
 * @throws FormatFault of step 4; `damaged` when the spool lost the part since it was copied
 */
export async function openRecordsTask(
  task: OpenRecordsTask,
  transfer: ArrayBuffer[],
): Promise<OpenedRecords> {
  const plain = await openPart(readSpooled(task.path, task.cipher), task.identities, task.plain);
  const checked = checkLines(plain, task.records, task.signers);
  const moved = ownMemory(plain);
  const { table, fields, sha256 } = checked.good;
  for (const { buffer } of [moved, table, fields, sha256, ...checked.bad.map(({ kept }) => kept)]) {
    transfer.push(buffer);
  }
  return { plain: moved, ...checked };
}

/**
 * Gives the memory of a part back at once. The collector comes when it likes: a gibibyte imported without this took
 * the station to 474 MiB.
 */
export function releaseRecords({ plain, good }: OpenedRecords): void {
  for (const { buffer } of [plain, good.table, good.fields, good.sha256]) buffer.transfer(0);
}

/** Reads a part from the spool. @throws FormatFault `damaged` */
export function readSpooled(path: string, declared: DeclaredFile): Buffer {
  const bytes = readFileSync(path);
  if (bytes.byteLength === declared.bytes && sha256Hex(bytes) === declared.sha256) return bytes;
  throw new FormatFault("damaged", "a part changed in the spool since it was copied");
}

/** Node's small buffers share memory that can't move; the decoder's large one has a byte to spare. */
const mostSpareBytes = 4096;

function ownMemory(bytes: Buffer): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes;
  const isOwn = buffer instanceof ArrayBuffer && buffer.byteLength - byteLength <= mostSpareBytes;
  return isOwn && byteLength > 2 * mostSpareBytes
    ? new Uint8Array(buffer, byteOffset, byteLength)
    : new Uint8Array(bytes);
}

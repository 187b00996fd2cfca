import { closeSync, existsSync, fdatasyncSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { sha256Hex } from "../crypto/hash.ts";
import { syncFolderNow } from "../sync-folder.ts";

// The log's head outside the database. SQLite can't tell that the end of its journal is gone, or that the whole file is
// yesterday's: both open without a fault (research/audit-ops.md 0, fact 3). This file remembers where the log had been.

/** A head as the file remembers it. */
export interface RememberedHead {
  readonly at: string;
  /** The text of a checkpoint: origin, size, root. */
  readonly text: string;
  /** The same as a signed note, when the station was unlocked; else null. */
  readonly note: string | null;
}

export type HeadFileContent =
  | { readonly state: "missing" }
  | { readonly state: "unreadable" }
  | { readonly state: "read"; readonly head: RememberedHead };

/** Two slots, written in turn: a power cut tears at most the older head. One page of a disk each. */
const slotBytes = 4096;

interface Slot extends RememberedHead {
  readonly format: "sallyport-head@v1";
  /** Grows by one with each write; the higher of two good slots is the newer. */
  readonly count: number;
}

export function readHeadFile(path: string): HeadFileContent {
  if (!existsSync(path)) return { state: "missing" };
  const [newest] = readSlots(path);
  return newest === undefined ? { state: "unreadable" } : { state: "read", head: newest };
}

/** Writes a head and syncs it; the one before stays in the other slot. */
export function writeHeadFile(path: string, head: RememberedHead): void {
  const isNew = !existsSync(path);
  const count = (isNew ? 0 : (readSlots(path)[0]?.count ?? 0)) + 1;
  const slot: Slot = { format: "sallyport-head@v1", count, ...head };
  const json = JSON.stringify(slot);
  const bytes = Buffer.alloc(slotBytes, " ");
  if (bytes.write(`${sha256Hex(json)} ${json}\n`) !== 65 + Buffer.byteLength(json) + 1) {
    throw new Error(`a head of ${json.length} bytes is too long for its slot`);
  }
  const file = openSync(path, isNew ? "w" : "r+", 0o600);
  try {
    writeSync(file, bytes, 0, slotBytes, (count % 2) * slotBytes);
    // Within the file's two slots nothing but bytes changes, once both are there.
    if (count <= 2) fsyncSync(file);
    else fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
  if (isNew) syncFolderNow(dirname(path));
}

/** The good slots, newest first. */
function readSlots(path: string): Slot[] {
  const bytes = readFileSync(path);
  return [0, 1]
    .map((at) => readSlot(bytes.subarray(at * slotBytes, (at + 1) * slotBytes)))
    .filter((slot) => slot !== null)
    .toSorted((a, b) => b.count - a.count);
}

function readSlot(bytes: Buffer): Slot | null {
  const text = bytes.toString("utf8");
  const end = text.indexOf("\n");
  const json = text.slice(65, end);
  if (end === -1 || text.slice(0, 65) !== `${sha256Hex(json)} `) return null;
  try {
    const slot = JSON.parse(json) as Slot;
    return slot.format === "sallyport-head@v1" && Number.isSafeInteger(slot.count) ? slot : null;
  } catch {
    return null;
  }
}

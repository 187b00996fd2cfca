import type { Statement } from "better-sqlite3";
import { sha256Hex, sha256Latin1 } from "../crypto/hash.ts";
import { parseLeaf } from "./event.ts";
import { blockEvents, storedLevel } from "./nodes.ts";
import { hashBytes, nodeHash } from "./tree.ts";

/** What a range of the log came to, recomputed from its stored bytes. */
export interface CheckedRange {
  /** Roots of the perfect subtrees that the range is made of, largest first. */
  readonly subtrees: readonly { readonly level: number; readonly hash: Uint8Array }[];
  /** Number of the first event that is missing or not what was hashed; null when none is. */
  readonly firstBad: number | null;
  /** Events whose bytes were purged with their segment: of them the leaf hashes are left. */
  readonly purged: number;
}

/**
 * Events a range: an eighth of a second of one core, so that progress shows and a stop waits for no longer. A power of
 * two, so that each whole range is one subtree.
 */
export const rangeLevel = 15;
export const rangeEvents = 2 ** rangeLevel;

type Row = [seq: number, leaf: string, hash: string, at: string, actor: string, action: string];

/** Whoever can read the database: the station's own connection, or a reader of a pool thread. */
export interface RangeSource {
  prepare(sql: string): Statement;
}

/**
 * Recomputes events `from + 1` to `to` and the stored nodes that lie in them. It reads blocks of 256 events, so no
 * statement stays open and a checkpoint of the database is never starved (research, audit-ops 2.3). Bytes travel as text:
 * a Buffer for each of a million rows and hashes took three quarters of the time (125 to 550 thousand events a second of
 * one core). An event's bytes are UTF-8 by construction; what isn't comes back as other text and fails its hash.
 *
 * @param from a multiple of `rangeEvents`
 * @param to at most `from + rangeEvents`
 */
export function checkRange(source: RangeSource, from: number, to: number): CheckedRange {
  const rows = source
    .prepare(
      `SELECT seq, CAST(leaf AS TEXT), lower(hex(hash)), at, actor, action FROM audit_event
       WHERE seq > ? AND seq <= ? ORDER BY seq`,
    )
    .raw(true);
  const tile = source.prepare("SELECT hashes FROM audit_tile WHERE position = ?").pluck();
  const node = source.prepare("SELECT hash FROM audit_node WHERE level = ? AND position = ?").pluck();
  /** Hashes of one block, folded in place. */
  const block = Buffer.alloc(blockEvents * hashBytes);
  const subtrees: Subtree[] = [];
  let firstBad: number | null = null;
  let purged = 0;
  const bad = (sequence: number): void => {
    firstBad = Math.min(firstBad ?? sequence, sequence);
  };

  /** Puts the leaf hashes of a block into `block`. */
  function readBlock(after: number, through: number): void {
    const found = rows.all(after, through) as Row[];
    if (found.length === 0 && fromTile(after, through)) return;
    for (const [at, row] of found.entries()) {
      const expected = after + at + 1;
      const hash = sha256Hex(`\0${row[1]}`);
      if (row[0] !== expected || hash !== row[2] || !columnsRepeat(row)) return bad(expected);
      block.write(hash, at * hashBytes, hashBytes, "hex");
    }
    if (found.length < through - after) bad(after + found.length + 1);
  }

  /** A purged block has its leaf hashes left. */
  function fromTile(after: number, through: number): boolean {
    if (through - after !== blockEvents) return false;
    const hashes = tile.get(after / blockEvents) as Buffer | undefined;
    if (hashes === undefined) return false;
    purged += blockEvents;
    hashes.copy(block);
    return true;
  }

  /** Adds a subtree and every one that it completes; those that the database stores must be what it stores. */
  function add(made: Subtree, after: number): void {
    expectStored(made, after);
    const last = subtrees.at(-1);
    if (last?.level !== made.level) return void subtrees.push(made);
    subtrees.pop();
    add({ level: made.level + 1, hash: nodeHash(last.hash, made.hash) }, after);
  }

  function expectStored({ level, hash }: Subtree, after: number): void {
    if (level < storedLevel) return;
    const position = Math.floor(after / 2 ** level);
    const stored = node.get(level, position) as Buffer | undefined;
    if (stored?.equals(hash) !== true) bad(position * 2 ** level + 1);
  }

  for (let after = from; after < to && firstBad === null; after += blockEvents) {
    const through = Math.min(to, after + blockEvents);
    readBlock(after, through);
    if (firstBad !== null) break;
    if (through - after === blockEvents) add({ level: storedLevel, hash: foldBlock(block) }, after);
    else {
      for (let at = 0; at < through - after; at += 1) {
        add({ level: 0, hash: Buffer.from(block.subarray(at * hashBytes, (at + 1) * hashBytes)) }, after);
      }
    }
  }
  return { subtrees, firstBad, purged };
}

interface Subtree {
  readonly level: number;
  readonly hash: Buffer;
}

const nodePrefix = 1;

/** The root over a whole block of leaf hashes, which it overwrites. */
function foldBlock(block: Buffer): Buffer {
  const node = Buffer.alloc(1 + 2 * hashBytes, nodePrefix);
  for (let count = blockEvents; count > 1; count /= 2) {
    for (let at = 0; at < count / 2; at += 1) {
      block.copy(node, 1, at * 2 * hashBytes, (at + 1) * 2 * hashBytes);
      block.write(sha256Latin1(node), at * hashBytes, hashBytes, "latin1");
    }
  }
  return Buffer.from(block.subarray(0, hashBytes));
}

/** The searchable columns repeat what the bytes say. The bytes' own beginning tells for nearly all; the others are parsed. */
function columnsRepeat([seq, leaf, , at, actor, action]: Row): boolean {
  const head = `{"format":"sallyport-event@v1","sequence":${seq},"at":"${at}","actor":"${actor}","action":"${action}","`;
  if (leaf.startsWith(head) && !head.includes("\\")) return true;
  const event = parseLeaf(Buffer.from(leaf));
  return (
    event !== null &&
    event.sequence === seq &&
    event.at === at &&
    event.actor === actor &&
    event.action === action
  );
}

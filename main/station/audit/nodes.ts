import type { Store } from "../store/store.ts";
import { rootOfRange, type SubtreeReader } from "./proof.ts";
import { CompactRange, hashBytes, nodeHash, type CompleteSubtree } from "./tree.ts";

/**
 * Nodes from this level up are stored, smaller ones recomputed from a block of 2^8 leaf hashes: an append writes a node
 * once in 256 times, and a proof reads two blocks and a few dozen nodes:
 * 0.6 ms of 1 million events, median, on a busy machine of 2 cores.
 */
export const storedLevel = 8;
export const blockEvents = 2 ** storedLevel;

/** The log's tree as the database holds it. What it answers is checked against the head by whoever gives it out. */
export interface StoredTree {
  /** Hears of the subtrees that an append completes; runs in its transaction. */
  readonly complete: CompleteSubtree;
  /** A reader of complete subtrees for one proof; it remembers the blocks that it has read. */
  reader(): SubtreeReader;
  /** The compact range of the first `size` events. */
  rangeAt(size: number): CompactRange;
  /** RFC 6962 root of the first `size` events; `size` is 1 or more. */
  rootAt(size: number): Buffer;
}

export function storedTree(store: Store): StoredTree {
  const insert = store.prepare("INSERT INTO audit_node (level, position, hash) VALUES (?, ?, ?)");
  const insertBlock = store.prepare(
    `INSERT INTO audit_block (position, from_at, to_at)
     SELECT ?, min(at), max(at) FROM audit_event WHERE seq > ? AND seq <= ?`,
  );
  const node = store.prepare("SELECT hash FROM audit_node WHERE level = ? AND position = ?").pluck();
  const tile = store.prepare("SELECT hashes FROM audit_tile WHERE position = ?").pluck();
  const leaves = store
    .prepare("SELECT hash FROM audit_event WHERE seq > ? AND seq <= ? ORDER BY seq")
    .pluck();

  /** Of events whose bytes were purged the leaf hashes are left. */
  function purgedLeaves(position: number): Buffer[] {
    const hashes = tile.get(position) as Buffer | undefined;
    if (hashes === undefined) return [];
    return Array.from({ length: blockEvents }, (_, at) =>
      hashes.subarray(at * hashBytes, (at + 1) * hashBytes),
    );
  }

  function reader(): SubtreeReader {
    const blocks = new Map<number, readonly Buffer[]>();
    const block = (position: number): readonly Buffer[] => {
      const known = blocks.get(position);
      if (known !== undefined) return known;
      const read = leaves.all(position * blockEvents, (position + 1) * blockEvents) as Buffer[];
      if (read.length === 0) read.push(...purgedLeaves(position));
      blocks.set(position, read);
      return read;
    };
    return (level, position) => {
      if (level >= storedLevel) {
        const hash = node.get(level, position) as Buffer | undefined;
        if (hash === undefined) throw new Error(`the log's tree lacks node ${position} of level ${level}`);
        return hash;
      }
      const width = 2 ** level;
      const from = position * width;
      const within = from % blockEvents;
      const own = block(Math.floor(from / blockEvents)).slice(within, within + width);
      if (own.length !== width)
        throw new Error(`the log lacks events between ${from + 1} and ${from + width}`);
      return fold(own);
    };
  }

  return {
    complete(level, position, hash) {
      if (level < storedLevel) return;
      insert.run(level, position, hash);
      if (level === storedLevel) {
        insertBlock.run(position, position * blockEvents, (position + 1) * blockEvents);
      }
    },
    reader,
    rangeAt(size) {
      const read = reader();
      const range = new CompactRange();
      // 53 bits hold every size.
      for (let level = 52; level >= 0; level -= 1) {
        const width = 2 ** level;
        if (Math.floor(size / width) % 2 === 1)
          range.append(read(level, range.size / width), undefined, level);
      }
      return range;
    },
    rootAt: (size) => (size === 0 ? new CompactRange().root() : rootOfRange(reader(), 0, size)),
  };
}

/** Blocks a transaction when an older log gets its tree: a fifth of a second each. */
const fillBlocks = 200;

/** Stores the tree of a log that was written before the tree was kept. Does nothing where it is there. */
export function fillStoredTree(store: Store, tree: StoredTree, size: number): void {
  const have = Number(store.prepare("SELECT count(*) FROM audit_block").pluck().get());
  const whole = Math.floor(size / blockEvents);
  if (have >= whole) return;
  const page = store.prepare("SELECT hash FROM audit_event WHERE seq > ? AND seq <= ? ORDER BY seq").pluck();
  const range = new CompactRange();
  for (let from = 0; from < whole; from += fillBlocks) {
    store.write(() => {
      for (let block = from; block < Math.min(whole, from + fillBlocks); block += 1) {
        const hashes = page.all(block * blockEvents, (block + 1) * blockEvents) as Buffer[];
        for (const hash of hashes) range.append(hash, block >= have ? tree.complete : undefined);
      }
    });
  }
}

/** The root over a power of two of leaf hashes. */
function fold(hashes: readonly Buffer[]): Buffer {
  let level: readonly Buffer[] = hashes;
  while (level.length > 1) {
    level = Array.from({ length: level.length / 2 }, (_, at) =>
      nodeHash(level[at * 2] as Buffer, level[at * 2 + 1] as Buffer),
    );
  }
  return level[0] as Buffer;
}

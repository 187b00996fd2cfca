import { sha256 } from "../crypto/hash.ts";

/** RFC 6962 section 2.1: a leaf and a node never hash alike. */
const leafPrefix = 0;
const nodePrefix = 1;

export const hashBytes = 32;

/** Prefix and bytes beside each other, without a new buffer for each of a million events. Nothing is kept in it. */
const scratch = Buffer.alloc(16 * 1024);

export function leafHash(leaf: Uint8Array): Buffer {
  if (leaf.length >= scratch.length) return sha256(Buffer.concat([Buffer.of(leafPrefix), leaf]));
  scratch[0] = leafPrefix;
  scratch.set(leaf, 1);
  return sha256(scratch.subarray(0, leaf.length + 1));
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  scratch[0] = nodePrefix;
  scratch.set(left, 1);
  scratch.set(right, 1 + left.length);
  return sha256(scratch.subarray(0, 1 + left.length + right.length));
}

/** The subtree over leaves `position * 2^level` to `(position + 1) * 2^level`, exclusive, is complete. */
export type CompleteSubtree = (level: number, position: number, hash: Buffer) => void;

/**
 * The compact range of an append-only tree: roots of its perfect subtrees, largest first. Appending costs
 * two hashes on average, and the root of any size follows from log2(size) hashes.
 */
export class CompactRange {
  #size: number;
  #subtrees: Buffer[];

  constructor(size = 0, subtrees: Uint8Array = Buffer.alloc(0)) {
    if (subtrees.length !== bitCount(size) * hashBytes) {
      throw new Error(`a tree of ${size} has ${bitCount(size)} subtrees, not ${subtrees.length / hashBytes}`);
    }
    this.#size = size;
    this.#subtrees = [];
    for (let offset = 0; offset < subtrees.length; offset += hashBytes) {
      this.#subtrees.push(Buffer.from(subtrees.subarray(offset, offset + hashBytes)));
    }
  }

  get size(): number {
    return this.#size;
  }

  /** The subtrees' roots one after another, largest first: what the head row stores. */
  subtrees(): Buffer {
    return Buffer.concat(this.#subtrees);
  }

  /**
   * @param complete hears of each subtree that the leaf completes, above the leaf itself: its level, place and root
   * @param from the level of what is appended: 0 is a leaf; of a higher one the size must be a multiple
   */
  append(hash: Uint8Array, complete?: CompleteSubtree, from = 0): void {
    let node: Buffer = Buffer.from(hash);
    let level = from;
    let rest = this.#size / 2 ** from;
    if (!Number.isInteger(rest)) throw new Error(`no subtree of level ${from} begins at ${this.#size}`);
    for (; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      const left = this.#subtrees.pop();
      if (left === undefined) throw new Error("the compact range is broken");
      node = nodeHash(left, node);
      level += 1;
      complete?.(level, Math.floor(rest / 2), node);
    }
    this.#subtrees.push(node);
    this.#size += 2 ** from;
  }

  /** RFC 6962 Merkle tree hash; of no leaves it is SHA-256 of nothing. */
  root(): Buffer {
    let root: Buffer | undefined;
    for (const subtree of this.#subtrees.toReversed()) {
      root = root === undefined ? subtree : nodeHash(subtree, root);
    }
    return root ?? sha256(Buffer.alloc(0));
  }
}

function bitCount(size: number): number {
  let bits = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2;
  return bits;
}

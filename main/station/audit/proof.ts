import { nodeHash } from "./tree.ts";

// RFC 6962 section 2.1: proofs are made from the roots of complete subtrees, and checked from their hashes alone.

/** The root of the complete subtree over leaves `position * 2^level` up to `(position + 1) * 2^level`, exclusive. */
export type SubtreeReader = (level: number, position: number) => Buffer;

/** 64 hashes prove anything in a tree of up to 2^64 leaves; longer lists are no proof (C2SP tlog-witness allows 63). */
export const mostProofHashes = 64;

/** MTH(D[from:to]); `to` is above `from`. Reads one subtree for each bit set in the length. */
export function rootOfRange(read: SubtreeReader, from: number, to: number): Buffer {
  const half = splitPoint(to - from);
  if (half === 0) return read(0, from);
  if (half * 2 === to - from) return read(Math.log2(to - from), from / (to - from));
  return nodeHash(rootOfRange(read, from, from + half), rootOfRange(read, from + half, to));
}

/** PATH(index, D[0:size]), the sibling of the leaf first (section 2.1.1). */
export function inclusionHashes(read: SubtreeReader, index: number, size: number): Buffer[] {
  if (index < 0 || index >= size) throw new RangeError(`no leaf ${index} in a tree of ${size}`);
  const hashes: Buffer[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + splitPoint(to - from);
    if (index < middle) {
      hashes.push(rootOfRange(read, middle, to));
      to = middle;
    } else {
      hashes.push(rootOfRange(read, from, middle));
      from = middle;
    }
  }
  return hashes.toReversed();
}

/** PROOF(oldSize, D[0:size]) (section 2.1.2); empty for equal sizes and for the empty tree. */
export function consistencyHashes(read: SubtreeReader, oldSize: number, size: number): Buffer[] {
  if (oldSize < 0 || oldSize > size) throw new RangeError(`a tree of ${size} has no earlier size ${oldSize}`);
  if (oldSize === 0 || oldSize === size) return [];
  const hashes: Buffer[] = [];
  let from = 0;
  let to = size;
  // SUBPROOF's flag: the old tree is the whole of what is looked at, so its root needs no saying.
  let whole = true;
  while (oldSize < to) {
    const middle = from + splitPoint(to - from);
    if (oldSize <= middle) {
      hashes.push(rootOfRange(read, middle, to));
      to = middle;
    } else {
      hashes.push(rootOfRange(read, from, middle));
      from = middle;
      whole = false;
    }
  }
  if (!whole) hashes.push(rootOfRange(read, from, to));
  return hashes.toReversed();
}

/** The root that an inclusion proof leads to, or null when it can't be one for this place (RFC 9162 section 2.1.3.2). */
export function rootFromInclusion(
  leafHash: Uint8Array,
  index: number,
  size: number,
  hashes: readonly Uint8Array[],
): Buffer | null {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size || hashes.length > mostProofHashes)
    return null;
  let place = index;
  let last = size - 1;
  let root: Buffer = Buffer.from(leafHash);
  for (const hash of hashes) {
    if (last === 0) return null;
    if (place % 2 === 1 || place === last) {
      root = nodeHash(hash, root);
      while (place % 2 === 0 && place !== 0) [place, last] = [halved(place), halved(last)];
    } else {
      root = nodeHash(root, hash);
    }
    [place, last] = [halved(place), halved(last)];
  }
  return last === 0 ? root : null;
}

/** Whether the tree of `size` with `root` begins with the tree of `oldSize` with `oldRoot` (RFC 9162 section 2.1.4.2). */
export function isConsistent(
  old: { readonly size: number; readonly root: Uint8Array },
  now: { readonly size: number; readonly root: Uint8Array },
  hashes: readonly Uint8Array[],
): boolean {
  if (hashes.length > mostProofHashes || old.size > now.size) return false;
  // Every log begins with nothing.
  if (old.size === 0) return hashes.length === 0;
  if (old.size === now.size) return hashes.length === 0 && Buffer.from(old.root).equals(now.root);
  const path = isPowerOfTwo(old.size) ? [old.root, ...hashes] : [...hashes];
  const [first, ...rest] = path;
  if (first === undefined) return false;
  let place = old.size - 1;
  let last = now.size - 1;
  while (place % 2 === 1) [place, last] = [halved(place), halved(last)];
  let before: Buffer = Buffer.from(first);
  let after: Buffer = Buffer.from(first);
  for (const hash of rest) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      before = nodeHash(hash, before);
      after = nodeHash(hash, after);
      while (place % 2 === 0 && place !== 0) [place, last] = [halved(place), halved(last)];
    } else {
      after = nodeHash(after, hash);
    }
    [place, last] = [halved(place), halved(last)];
  }
  return last === 0 && before.equals(old.root) && after.equals(now.root);
}

/** The largest power of two below `count`; 0 for a single leaf. Sizes reach 2^53, so no bit operations. */
function splitPoint(count: number): number {
  if (count <= 1) return 0;
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

function halved(value: number): number {
  return Math.floor(value / 2);
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && 2 ** Math.round(Math.log2(value)) === value;
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  consistencyHashes,
  inclusionHashes,
  isConsistent,
  rootFromInclusion,
  rootOfRange,
  type SubtreeReader,
} from "./proof.ts";
import { leafHash, nodeHash } from "./tree.ts";

/** RFC 6962 2.1 as it is written, over lists. */
const naive = {
  hash(leaves: readonly Buffer[]): Buffer {
    const [only] = leaves;
    if (only === undefined) throw new Error("no leaves");
    if (leaves.length === 1) return only;
    const half = split(leaves.length);
    return nodeHash(naive.hash(leaves.slice(0, half)), naive.hash(leaves.slice(half)));
  },
  path(index: number, leaves: readonly Buffer[]): Buffer[] {
    if (leaves.length === 1) return [];
    const half = split(leaves.length);
    return index < half
      ? [...naive.path(index, leaves.slice(0, half)), naive.hash(leaves.slice(half))]
      : [...naive.path(index - half, leaves.slice(half)), naive.hash(leaves.slice(0, half))];
  },
  proof(old: number, leaves: readonly Buffer[], whole = true): Buffer[] {
    if (old === leaves.length) return whole ? [] : [naive.hash(leaves)];
    const half = split(leaves.length);
    return old <= half
      ? [...naive.proof(old, leaves.slice(0, half), whole), naive.hash(leaves.slice(half))]
      : [...naive.proof(old - half, leaves.slice(half), false), naive.hash(leaves.slice(0, half))];
  },
};

function split(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

const leavesOf = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, index) => leafHash(Buffer.from(`leaf ${index}`)));

/** Refuses what is not a complete subtree, so that a proof never reads what a store doesn't hold. */
const readerOf =
  (leaves: readonly Buffer[]): SubtreeReader =>
  (level, position) => {
    const width = 2 ** level;
    const own = leaves.slice(position * width, (position + 1) * width);
    if (own.length !== width) throw new Error(`subtree ${level}/${position} is not complete`);
    return naive.hash(own);
  };

const sizes = fc.integer({ min: 1, max: 140 }).chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1)));

describe("proofs of the RFC 6962 tree", () => {
  // The reference tree of certificate-transparency-go (merkle verifier tests), whose indices begin at 1 there.
  const tree = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
  ].map((hex) => leafHash(Buffer.from(hex, "hex")));
  const a = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
  const b = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
  const c = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
  const d = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
  const e = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
  const f = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7";
  const g = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";
  const hex = (hashes: readonly Buffer[]): string[] => hashes.map((hash) => hash.toString("hex"));

  test.each([
    [0, 8, [a, b, c]],
    [5, 8, [d, e, f]],
    [2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]],
    [1, 5, ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", b, d]],
  ])("the published inclusion proof of leaf %i of %i comes out", (index, size, expected) => {
    expect(hex(inclusionHashes(readerOf(tree.slice(0, size)), index, size))).toEqual(expected);
  });

  test.each([
    [1, 1, []],
    [1, 8, [a, b, c]],
    [6, 8, [g, e, f]],
    [2, 5, [b, d]],
  ])("the published consistency proof from %i to %i comes out", (old, size, expected) => {
    expect(hex(consistencyHashes(readerOf(tree.slice(0, size)), old, size))).toEqual(expected);
  });

  test("for any tree and leaf they are the recursive definition, and lead to its root", () => {
    fc.assert(
      fc.property(sizes, ([size, index]) => {
        const leaves = leavesOf(size);
        const hashes = inclusionHashes(readerOf(leaves), index, size);
        expect(hashes).toEqual(naive.path(index, leaves));
        expect(rootFromInclusion(leaves[index] as Buffer, index, size, hashes)).toEqual(naive.hash(leaves));
      }),
    );
  });

  test("for any two sizes they are the recursive definition, and hold", () => {
    fc.assert(
      fc.property(sizes, ([size, below]) => {
        const old = below + 1;
        const leaves = leavesOf(size);
        const hashes = consistencyHashes(readerOf(leaves), old, size);
        expect(hashes).toEqual(naive.proof(old, leaves));
        const before = { size: old, root: naive.hash(leaves.slice(0, old)) };
        expect(isConsistent(before, { size, root: rootOfRange(readerOf(leaves), 0, size) }, hashes)).toBe(
          true,
        );
      }),
    );
  });

  test("a proof that was changed anywhere, cut or made longer leads nowhere", () => {
    fc.assert(
      fc.property(
        sizes,
        fc.nat(),
        fc.nat(31),
        fc.integer({ min: 1, max: 255 }),
        ([size, index], at, byte, flip) => {
          const leaves = leavesOf(size);
          const root = naive.hash(leaves);
          const leaf = leaves[index] as Buffer;
          const hashes = inclusionHashes(readerOf(leaves), index, size);
          const gives = (proof: Buffer[]): boolean =>
            rootFromInclusion(leaf, index, size, proof)?.equals(root) ?? false;
          expect(gives([...hashes, root])).toBe(false);
          if (hashes.length === 0) return;
          expect(gives(hashes.slice(1))).toBe(false);
          const changed = hashes.map((hash) => Buffer.from(hash));
          const target = changed[at % changed.length] as Buffer;
          target[byte] = (target[byte] ?? 0) ^ flip;
          expect(gives(changed)).toBe(false);
          expect(rootFromInclusion(leaf, index + size, size, hashes)).toBeNull();
        },
      ),
    );
  });

  test("a history that was rewritten is consistent with nothing", () => {
    fc.assert(
      fc.property(sizes, fc.nat(), ([size, below], which) => {
        const old = below + 1;
        const leaves = leavesOf(size);
        const before = { size: old, root: naive.hash(leaves.slice(0, old)) };
        const forged = leaves.with(which % old, leafHash(Buffer.from("forged")));
        const after = { size, root: naive.hash(forged) };
        expect(isConsistent(before, after, consistencyHashes(readerOf(forged), old, size))).toBe(false);
        expect(isConsistent(after, before, [])).toBe(false);
      }),
    );
  });

  test("places that a tree doesn't have are refused", () => {
    const read = readerOf(leavesOf(3));
    expect(() => inclusionHashes(read, 3, 3)).toThrow("no leaf 3");
    expect(() => consistencyHashes(read, 4, 3)).toThrow("no earlier size 4");
  });
});

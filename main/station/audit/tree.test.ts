import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CompactRange, leafHash, nodeHash } from "./tree.ts";

/** The eight leaves and roots of certificate-transparency-go's reference tree (RFC 6962 tests). */
const inputs = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
];
const roots = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/** RFC 6962 2.1 as it is written, recursively. */
function treeHash(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) throw new Error("no leaves");
  if (leaves.length === 1) return leafHash(only);
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return nodeHash(treeHash(leaves.slice(0, half)), treeHash(leaves.slice(half)));
}

describe("the RFC 6962 tree", () => {
  test("the empty root is SHA-256 of nothing", () => {
    expect(new CompactRange().root().toString("hex")).toBe(
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
  });

  test("the published roots of one to eight leaves come out", () => {
    const range = new CompactRange();
    for (const [index, input] of inputs.entries()) {
      range.append(leafHash(Buffer.from(input, "hex")));
      expect(range.root().toString("hex")).toBe(roots[index]);
    }
  });

  test("for any leaves it is the recursive definition, also when stored and read back half-way", () => {
    const leaves = fc.array(fc.uint8Array({ maxLength: 20 }), { minLength: 1, maxLength: 70 });
    fc.assert(
      fc.property(leaves, fc.nat(70), (bytes, cut) => {
        const all = bytes.map((each) => Buffer.from(each));
        let range = new CompactRange();
        for (const [index, leaf] of all.entries()) {
          if (index === cut) range = new CompactRange(range.size, range.subtrees());
          range.append(leafHash(leaf));
        }
        expect(range.root()).toEqual(treeHash(all));
      }),
    );
  });

  test("stored subtrees that do not fit the size are refused", () => {
    expect(() => new CompactRange(3, Buffer.alloc(32))).toThrow("a tree of 3 has 2 subtrees");
  });
});

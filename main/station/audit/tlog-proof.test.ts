import fc from "fast-check";
import { expect, test } from "vitest";
import { checkpointText } from "./checkpoint.ts";
import { formatTlogProof, parseTlogProof, provesLeaf } from "./tlog-proof.ts";
import { leafHash, nodeHash } from "./tree.ts";

const [one, two] = [Buffer.from("one"), Buffer.from("two")];
const root = nodeHash(leafHash(one), leafHash(two));
const checkpoint = `${checkpointText({ origin: "o", size: 2, root })}\n\u2014 low AAAAAAAA\n`;
const proof = { index: 1, extra: two, hashes: [leafHash(one)], checkpoint };

test("a proof reads back as it was written, and proves its leaf alone", () => {
  const read = parseTlogProof(formatTlogProof(proof));
  expect(read).toEqual(proof);
  expect(provesLeaf(proof)).toBe(true);
  expect(provesLeaf({ ...proof, extra: one })).toBe(false);
  expect(provesLeaf({ ...proof, index: 0 })).toBe(false);
});

test.each([
  ["another first line", (text: string) => text.replace("@v1", "@v2")],
  ["an index with a zero before it", (text: string) => text.replace("index 1", "index 01")],
  ["a hash cut short", (text: string) => text.replace(/\n[^\n]{44}\n\n/, "\nAAAA\n\n")],
  ["no checkpoint", (text: string) => text.slice(0, text.indexOf("\n\n"))],
])("a proof with %s is none", (_what, change) => {
  const text = formatTlogProof(proof);
  expect(change(text)).not.toBe(text);
  expect(parseTlogProof(change(text))).toBeNull();
});

test("any text is read without a fault", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(parseTlogProof(text)).toBeNull();
      parseTlogProof(`c2sp.org/tlog-proof@v1\nextra \nindex 0\n\n${text}`);
    }),
  );
});

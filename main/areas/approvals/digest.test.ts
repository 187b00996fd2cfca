import fc from "fast-check";
import { expect, test } from "vitest";
import { approvalDigest, canonicalJson, shownInput } from "./digest.ts";

const bound = {
  station: "0".repeat(32),
  lineage: "1".repeat(16),
  operation: "peers.trust",
  requester: "ada",
  input: { peer: "high" },
  state: null,
};

test("the order in which a caller names its fields changes nothing", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const turned = Object.fromEntries(Object.entries(value).toReversed());
      expect(canonicalJson(turned)).toBe(canonicalJson(value));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("any other value has another digest", () => {
  const others = [
    { ...bound, input: { peer: "high2" } },
    { ...bound, requester: "bob" },
    { ...bound, operation: "peers.revoke" },
    { ...bound, state: { state: "pending" } },
    { ...bound, lineage: "2".repeat(16) },
    { ...bound, station: "3".repeat(32) },
  ].map(approvalDigest);
  expect(new Set([approvalDigest(bound), ...others]).size).toBe(others.length + 1);
});

test("a secret is neither shown nor digested", () => {
  const fields = ["passphrase"];
  const first = shownInput({ passphrase: "one long passphrase", out: "x" }, fields);
  expect(first).toEqual({ passphrase: "(secret)", out: "x" });
  expect(first).toEqual(shownInput({ passphrase: "another long one", out: "x" }, fields));
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boxPublicOf, generateBoxKeyPair } from "../crypto/seal.ts";
import { combineValues, splitSecret } from "../crypto/shamir.ts";
import { readRecoveryShare, secretLines, writeRecoveryShare, type RecoveryShare } from "./recovery-share.ts";

const bounds = fc
  .tuple(fc.integer({ min: 2, max: 8 }), fc.integer({ min: 2, max: 9 }))
  .filter(([threshold, count]) => threshold <= count);

/** Every choice of `size` out of `from`. */
function subsets<Item>(from: readonly Item[], size: number): Item[][] {
  if (size === 0) return [[]];
  return from.flatMap((first, index) =>
    subsets(from.slice(index + 1), size - 1).map((rest) => [first, ...rest]),
  );
}

describe("a split private half", () => {
  test("comes back from every set of enough shares, and from none with one less", async () => {
    await fc.assert(
      fc.asyncProperty(bounds, async ([threshold, count]) => {
        const pair = generateBoxKeyPair();
        const values = await splitSecret(pair.secretKey, count, threshold);
        expect(new Set(values.map((value) => value.at(-1))).size).toBe(count);
        for (const some of subsets(values, threshold)) {
          expect((await combineValues(some)).equals(pair.secretKey)).toBe(true);
        }
        if (threshold === 2) return;
        for (const few of subsets(values, threshold - 1)) {
          // A wrong secret without a word: only its public half tells.
          expect(boxPublicOf(await combineValues(few)).equals(pair.publicKey)).toBe(false);
        }
      }),
      { numRuns: 25 },
    );
  });
});

const share = fc.record({
  place: fc.integer({ min: 1, max: 15 }),
  threshold: fc.integer({ min: 2, max: 8 }),
  count: fc.integer({ min: 2, max: 15 }),
  madeAt: fc
    .integer({ min: 1_700_000_000, max: 4_000_000_000 })
    .map((seconds) => new Date(seconds * 1000).toISOString()),
  station: fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString("hex")),
  stationName: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,31}$/),
  set: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString("hex")),
  value: fc.uint8Array({ minLength: 33, maxLength: 33 }).map((bytes) => Buffer.from(bytes)),
});

describe("a printed share", () => {
  test("reads back to what was written", () => {
    fc.assert(
      fc.property(share, (given) => {
        expect(readRecoveryShare(writeRecoveryShare(given).join("\n"))).toEqual({
          fault: null,
          share: given,
        });
      }),
    );
  });

  test("with a line of another share put in is no share, though every line's check fits", () => {
    fc.assert(
      fc.property(share, share, (one, other) => {
        const lines = writeRecoveryShare(one);
        const [line = 4] = secretLines;
        const foreign = writeRecoveryShare({ ...other, stationName: one.stationName })[line - 1] ?? "";
        fc.pre(foreign !== lines[line - 1]);
        lines[line - 1] = foreign;
        expect(readRecoveryShare(lines.join("\n"))).toEqual({ fault: "sum" });
      }),
    );
  });

  test("asks back lines that hold nothing but the secret value", () => {
    const given: RecoveryShare = {
      place: 1,
      threshold: 2,
      count: 3,
      madeAt: "2026-11-21T08:00:00.000Z",
      station: "00".repeat(8),
      stationName: "low",
      set: "00".repeat(16),
      value: Buffer.alloc(33, 1),
    };
    const other = {
      ...given,
      place: 3,
      threshold: 8,
      station: "ff".repeat(8),
      set: "ff".repeat(16),
      stationName: "z",
    };
    for (const line of secretLines) {
      expect(writeRecoveryShare(other)[line - 1]).toBe(writeRecoveryShare(given)[line - 1]);
    }
  });
});

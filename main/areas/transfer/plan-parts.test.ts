import fc from "fast-check";
import { expect, test } from "vitest";
import { configurationLimits } from "../../station/configuration.ts";
import { generateSigningKeyPair } from "../../station/crypto/ed25519.ts";
import { partPlainCapBytes } from "./format/caps.ts";
import { writeReceiptLine, writeRequestLine, writeResponseLine } from "./format/lines.ts";
import { signReceipt, writeReceiptPayload } from "./format/receipt.ts";
import { planParts } from "./plan-parts.ts";
import type { OutStore, RecordRange } from "./store-out.ts";

interface Row {
  readonly destination: number;
  readonly seq: number;
  readonly bytes: number;
}

/** What the index of a database with these rows would answer. */
function storeOf(rows: readonly Row[]): Pick<OutStore, "measure"> {
  return {
    measure({ destination, fromSeq, toSeq }, limit) {
      const found = rows
        .filter((row) => row.destination === destination && row.seq > fromSeq && row.seq <= toSeq)
        .slice(0, limit);
      const last = found.at(-1);
      if (last === undefined) return null;
      const bodyBytes = found.reduce((sum, row) => sum + row.bytes, 0);
      return { toSeq: last.seq, request: found.length, response: 0, receipt: 0, bodyBytes };
    },
  };
}

const inRange = (row: Row, range: RecordRange): boolean =>
  row.destination === range.destination && row.seq > range.fromSeq && row.seq <= range.toSeq;

test("every record lies in exactly one part, in order, and no part is larger than asked unless one record is", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ destination: fc.integer({ min: 0, max: 2 }), bytes: fc.nat(3000) }), {
        maxLength: 60,
      }),
      fc.array(fc.nat(60), { maxLength: 4 }),
      async (shapes, cuts) => {
        const rows = shapes.map((shape, index) => ({ ...shape, seq: index + 1 }));
        const edges = [...new Set([0, ...cuts, 100])].toSorted((left, right) => left - right);
        const claimed = [0, 2].flatMap((destination) =>
          edges.slice(1).map((toSeq, index) => ({ destination, fromSeq: edges[index] ?? 0, toSeq })),
        );
        const parts = await planParts(storeOf(rows), claimed, { bytes: 4000, threads: 2 });
        const held = parts.map((part) =>
          part.ranges.flatMap((range) => rows.filter((row) => inRange(row, range))),
        );
        const expected = claimed.flatMap((range) => rows.filter((row) => inRange(row, range)));
        expect(held.flat()).toEqual(expected);
        for (const [index, part] of parts.entries()) {
          expect(part.records).toBe(held[index]?.length);
          expect(part.counts.request).toBe(part.records);
          if (part.records > 1) expect(part.estimatedBytes).toBeLessThanOrEqual(4000);
        }
      },
    ),
  );
});

test.each([
  [20, 2, [10, 10]],
  [48, 2, [12, 12, 12, 12]],
  [6, 4, [4, 2]],
  [3, 4, [3]],
])("%i MiB for %i threads become parts of %j MiB", async (mebibytes, threads, expected) => {
  const rows = Array.from({ length: mebibytes * 16 }, (_, index) => ({
    destination: 0,
    seq: index + 1,
    bytes: 2 ** 16 - 150,
  }));
  const claimed = [{ destination: 0, fromSeq: 0, toSeq: rows.length }];
  const parts = await planParts(storeOf(rows), claimed, { bytes: 16 * 2 ** 20, threads });
  expect(parts.map((part) => Math.round(part.estimatedBytes / 2 ** 20))).toEqual(expected);
});

const createdAt = "2026-11-21T08:00:00.000Z";
const longest = "x".repeat(64);
const payload = writeReceiptPayload({
  batch: `b${"9".repeat(16)}-9f2c4e0d7a615b38`,
  batchSha256: "0".repeat(64),
  sequence: 9_000_000_000_000_000,
  state: "imported",
  reason: null,
  counts: { imported: 1, duplicate: 0, quarantined: 0 },
  people: "one",
  page: 1,
  pages: 1,
  exceptions: [],
});

test.each([
  [
    "request",
    1,
    writeRequestLine({ id: longest, revision: 1, createdAt, kind: "k".repeat(32), user: longest }, "1"),
  ],
  [
    "response",
    1,
    writeResponseLine({ id: longest, revision: 1, createdAt, request: longest, status: "ok" }, "1"),
  ],
  [
    "receipt",
    payload.length,
    writeReceiptLine({
      id: longest,
      revision: 1,
      createdAt,
      payload,
      signature: signReceipt(payload, generateSigningKeyPair()),
    }),
  ],
])(
  "the largest part that the setting allows, all of the worst %s, is within the cap",
  async (_type, bytes, line) => {
    const [plan] = await planParts(
      storeOf([{ destination: 0, seq: 1, bytes }]),
      [{ destination: 0, fromSeq: 0, toSeq: 1 }],
      { bytes: 1, threads: 1 },
    );
    const records = (configurationLimits.partMiB * 2 ** 20) / (plan?.estimatedBytes ?? 0);
    expect(records * line.byteLength).toBeLessThan(partPlainCapBytes);
  },
);

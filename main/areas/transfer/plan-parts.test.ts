import fc from "fast-check";
import { expect, test } from "vitest";
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
        const parts = await planParts(storeOf(rows), claimed, 4000);
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

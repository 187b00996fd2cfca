import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openAhead } from "./open-ahead.ts";

const mebibyte = 1024 * 1024;

describe("opening ahead", () => {
  test("gives every item in its order, and never holds more than it may", async () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 140 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(sizes, async (mebibytes) => {
        let held = 0;
        let most = 0;
        const given: number[] = [];
        const items = mebibytes.map((size, index) => ({ size, index }));
        for await (const { item } of openAhead(
          items,
          ({ size }) => size * mebibyte,
          async ({ size }) => {
            held += size;
            await new Promise(setImmediate);
            most = Math.max(most, held);
            return size;
          },
        )) {
          given.push(item.index);
          held -= item.size;
        }
        expect(given).toEqual(items.map(({ index }) => index));
        expect(most).toBeLessThanOrEqual(160);
      }),
    );
  });

  test("lets the first broken item decide, even when a later one breaks sooner", async () => {
    const seen: number[] = [];
    const all = async () => {
      for await (const { item } of openAhead(
        [1, 2, 3],
        () => 1,
        async (number) => {
          if (number === 2) await new Promise((resolve) => setTimeout(resolve, 20));
          if (number > 1) throw new Error(`item ${number}`);
        },
      )) {
        seen.push(item);
      }
    };
    await expect(all()).rejects.toThrow("item 2");
    expect(seen).toEqual([1]);
  });
});

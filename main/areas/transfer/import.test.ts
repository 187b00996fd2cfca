import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { layBag, newMedium, requestLine, type Next, chainOf } from "./test-bag.ts";
import { makeTestImporter, type TestImporter } from "./test-importer.ts";
import { makeTestStation, type TestStation } from "./test-kernel.ts";

let low: TestStation;
let high: TestStation;
let importer: TestImporter;
let next: Next;

beforeAll(async () => {
  low = await makeTestStation("low", "request");
  high = await makeTestStation("high", "response");
  high.trust(low);
  low.trust(high);
  importer = makeTestImporter(high);
  next = chainOf(low, high);
});
afterAll(async () => {
  await importer.pool.close();
  low.close();
  high.close();
});

describe("an import", () => {
  test("takes every line of every part, byte for byte, and says so", async () => {
    const medium = newMedium();
    const batch = await next([[requestLine("r-1", '{ "a":1.50}'), requestLine("r-2")], [requestLine("r-3")]]);
    const bag = layBag(medium, batch);
    expect(await importer.look(medium)).toMatchObject([
      { bag, state: "verified", reason: null, used: false },
    ]);
    expect(await importer.take(medium)).toEqual([
      {
        bag,
        batch: batch.id,
        sequence: 1,
        sha256: batch.sha256,
        state: "imported",
        reason: null,
        used: true,
        imported: 3,
        duplicate: 0,
        quarantined: 0,
      },
    ]);
    const rows = high.kernel.store
      .prepare("SELECT id, body, part, line FROM record WHERE type = 'request' ORDER BY seq")
      .all();
    expect(rows).toEqual([
      { id: "r-1", body: '{ "a":1.50}', part: 1, line: 1 },
      { id: "r-2", body: '{ "id":"r-2"}', part: 1, line: 2 },
      { id: "r-3", body: '{ "id":"r-3"}', part: 2, line: 1 },
    ]);
    expect(await importer.take(medium)).toMatchObject([{ state: "already-imported", used: true }]);
  });
});

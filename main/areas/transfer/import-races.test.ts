import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createPool, type Pool } from "../../station/pool/pool.ts";
import type { TransferTasks } from "./tasks.ts";
import { layBag, newMedium, requestLine, sealTestBatch, type TestBatch } from "./test-bag.ts";
import { makeTestImporter, type TestImporter } from "./test-importer.ts";
import { makeTestStation, type TestStation } from "./test-kernel.ts";

let pool: Pool<TransferTasks>;
let low: TestStation;
let high: TestStation;
let importer: TestImporter;
const opened: TestStation[] = [];

beforeAll(() => {
  pool = createPool<TransferTasks>(new URL("./worker.ts", import.meta.url), 1);
});
beforeEach(async () => {
  low = await makeTestStation("low", "request");
  high = await makeTestStation("high", "response");
  opened.push(low, high);
  high.trust(low);
  importer = makeTestImporter(high, pool);
});
afterAll(async () => {
  await pool.close();
  for (const station of opened) station.close();
});

const seal = (ids: readonly string[], more: Partial<Parameters<typeof sealTestBatch>[0]> = {}) =>
  sealTestBatch({
    from: low,
    to: high,
    sequence: 1,
    previous: null,
    parts: [ids.map((id) => requestLine(id))],
    ...more,
  });

function onMedium(...batches: readonly TestBatch[]): string {
  const medium = newMedium();
  for (const batch of batches) layBag(medium, batch);
  return medium;
}

const all = (sql: string) => high.kernel.store.prepare(sql).all();

/** Does something from "another window" at a step of the running import, once. */
function during(step: string, act: () => unknown): { thrown: unknown } {
  const outcome: { thrown: unknown } = { thrown: undefined };
  high.beforeStep = (name) => {
    if (name !== step) return;
    high.beforeStep = () => {};
    try {
      act();
    } catch (error) {
      outcome.thrown = error;
    }
  };
  return outcome;
}

describe("while an import runs", () => {
  test("its number can't be skipped, which would import a batch without its lines", async () => {
    const batch = await seal(["a", "b"]);
    const skipped = during("transfer.flip", () =>
      importer.handlers.skip({ peer: "low", sequence: 1, note: "lost" }, high.call),
    );
    expect(await importer.take(onMedium(batch))).toMatchObject([{ state: "imported", imported: 2 }]);
    expect(skipped.thrown).toMatchObject({ code: "conflict" });
    expect(all("SELECT id FROM record WHERE origin <> 0")).toHaveLength(2);
  });

  test("another lineage of its peer can't be accepted", async () => {
    const lineage = "0123456789abcdef";
    await importer.take(onMedium(await seal(["a"])));
    const restored = await seal(["b"], { lineage });
    expect(await importer.take(onMedium(restored))).toMatchObject([{ state: "held" }]);
    const second = await seal(["c"], { sequence: 2, previous: batchHash(1) });
    const accepted = during("transfer.flip", () =>
      high.kernel.store.write(() => importer.acceptLineage(1, lineage)),
    );
    expect(await importer.take(onMedium(second))).toMatchObject([{ state: "imported", imported: 1 }]);
    expect(accepted.thrown).toMatchObject({ code: "conflict" });
    expect(all("SELECT lineage FROM peer")).toEqual([{ lineage: low.identity.lineage }]);
  });

  test("trust that is taken back ends it, and nothing of the batch counts", async () => {
    const batch = await seal(["a"]);
    during("transfer.flip", () => high.kernel.store.db.exec("UPDATE peer SET state = 'revoked'"));
    await expect(importer.take(onMedium(batch))).rejects.toMatchObject({ code: "conflict" });
    expect(all("SELECT state FROM batch WHERE own = 0")).toEqual([{ state: "importing" }]);
    expect(all("SELECT 1 FROM record WHERE origin = 0")).toEqual([]);
  });
});

function batchHash(sequence: number): string {
  return high.kernel.store
    .prepare("SELECT sha256 FROM batch WHERE own = 0 AND sequence = ?")
    .pluck()
    .get(sequence) as string;
}

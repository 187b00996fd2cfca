import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPool, type Pool } from "../../station/pool/pool.ts";
import { layBag, newMedium, requestLine, sealTestBatch, type TestBatch } from "./test-bag.ts";
import { makeTestImporter } from "./test-importer.ts";
import { makeTestStation, type TestStation } from "./test-kernel.ts";
import type { TransferTasks } from "./tasks.ts";

let low: TestStation;
let high: TestStation;
let pool: Pool<TransferTasks>;
const opened: TestStation[] = [];

beforeAll(async () => {
  low = await makeTestStation("low", "request");
  high = await makeTestStation("high", "response");
  opened.push(low, high);
  pool = createPool<TransferTasks>(new URL("./worker.ts", import.meta.url), 2);
});
afterAll(async () => {
  await pool.close();
  for (const station of opened) station.close();
});

/** What a station holds in the end, without times and row ids. */
function endState({ kernel }: TestStation) {
  const all = (sql: string) => kernel.store.prepare(sql).all();
  return {
    batches: all(
      "SELECT sequence, state, reason, records, imported, duplicate, quarantined FROM batch WHERE own = 0 ORDER BY sequence",
    ),
    records: all(
      "SELECT id, type, body, part, line FROM record WHERE origin <> 0 ORDER BY batch, part, line",
    ),
    receipts: all("SELECT id, body FROM record WHERE origin = 0 ORDER BY id"),
    quarantined: all("SELECT part, line, reason FROM quarantine_line ORDER BY batch, part, line"),
    duplicates: all("SELECT part, line FROM duplicate_line ORDER BY batch, part, line"),
    spool: existsSync(kernel.paths.spoolIn) ? readdirSync(kernel.paths.spoolIn) : [],
  };
}

class Killed extends Error {}

describe("an import that is killed at any of its steps", () => {
  let medium: string;
  let expected: ReturnType<typeof endState>;
  let steps = 0;

  // The same keys sign and open everything, so that one medium serves every run.
  async function freshReader(): Promise<TestStation> {
    const station = await makeTestStation("high", "response");
    opened.push(station);
    station.trust(low);
    const reader: TestStation = {
      ...station,
      identity: high.identity,
      kernel: { ...station.kernel, identity: () => high.identity, keyring: high.kernel.keyring },
    };
    return reader;
  }

  async function take(reader: TestStation, dieAt: number | null): Promise<void> {
    let step = 0;
    const kernel = {
      ...reader.kernel,
      step() {
        step += 1;
        if (step === dieAt) throw new Killed();
      },
    };
    const importer = makeTestImporter({ ...reader, kernel }, pool);
    importer.sweep();
    await importer.take(medium);
    steps = step;
  }

  beforeAll(async () => {
    medium = newMedium();
    const many = Array.from({ length: 2300 }, (_, index) => requestLine(`r-${index}`));
    const first = await sealTestBatch({
      from: low,
      to: high,
      sequence: 1,
      previous: null,
      parts: [
        many,
        [requestLine("r-5"), Buffer.from("no\n"), requestLine("r-6", "2"), requestLine("last-1")],
      ],
    });
    const broken = await sealTestBatch({
      from: low,
      to: high,
      sequence: 2,
      previous: first,
      parts: [[requestLine("never")]],
      manifest: (manifest) => ({
        ...manifest,
        parts: manifest.parts.map((part) => ({ ...part, records: 9 })),
      }),
    });
    const third = await sealTestBatch({
      from: low,
      to: high,
      sequence: 3,
      previous: broken,
      parts: [[requestLine("r-third")]],
    });
    for (const batch of [third, broken, first]) layBag(medium, batch);
    const reader = await freshReader();
    await take(reader, null);
    expected = endState(reader);
  });

  test("ends, when it is run again, as if nothing had happened", async () => {
    expect(expected.batches).toMatchObject([
      { sequence: 1, state: "imported", imported: 2301, duplicate: 1, quarantined: 2 },
      { sequence: 2, state: "refused", reason: "record-count", imported: 0 },
      { sequence: 3, state: "imported", imported: 1 },
    ]);
    expect(expected.spool).toEqual([]);
    expect(steps).toBeGreaterThan(15);
    const last = steps;
    for (let dieAt = 1; dieAt <= last; dieAt += 1) {
      const reader = await freshReader();
      await expect(take(reader, dieAt), `step ${dieAt}`).rejects.toThrow(Killed);
      await take(reader, null);
      expect(endState(reader), `killed at step ${dieAt}`).toEqual(expected);
    }
  }, 120_000);
});

describe("a part that the spool lost", () => {
  test("is taken from the medium at hand, or is missing until one brings it", async () => {
    high.trust(low);
    const importer = makeTestImporter(high, pool);
    const batch: TestBatch = await sealTestBatch({
      from: low,
      to: high,
      sequence: 1,
      previous: null,
      parts: [[requestLine("s-1")], [requestLine("s-2")]],
    });
    const half = newMedium();
    layBag(half, batch, 1, ["data/part-00001.zst.age"]);
    expect(await importer.take(half)).toMatchObject([{ state: "incomplete", used: false }]);
    const spooled = join(high.kernel.paths.spoolIn, batch.sha256, "1");
    writeFileSync(spooled, Buffer.alloc(batch.envelope.parts[1]?.bytes ?? 0));
    const rest = newMedium();
    layBag(rest, batch, 2, ["data/part-00002.zst.age"]);
    expect(await importer.take(rest)).toMatchObject([{ state: "incomplete", used: false }]);
    const manifest = join(high.kernel.paths.spoolIn, batch.sha256, "0");
    writeFileSync(manifest, Buffer.alloc(batch.envelope.parts[0]?.bytes ?? 0));
    expect(await importer.take(half)).toMatchObject([{ state: "imported", imported: 2 }]);
  });
});

describe("a skip that is killed while it removes what was staged", () => {
  test("leaves a batch that is imported whole, each line once", async () => {
    const reader = await makeTestStation("third", "response");
    opened.push(reader);
    reader.trust(low);
    const lines = Array.from({ length: 7000 }, (_, index) => requestLine(`k-${index}`));
    const batch = await sealTestBatch({ from: low, to: reader, sequence: 1, previous: null, parts: [lines] });
    const medium = newMedium();
    layBag(medium, batch);
    const importer = makeTestImporter(reader, pool);
    const dieAt = (name: string, times: number) => {
      let count = 0;
      reader.beforeStep = (step) => {
        count += step === name ? 1 : 0;
        if (count === times) throw new Killed();
      };
    };
    dieAt("transfer.flip", 1);
    await expect(importer.take(medium)).rejects.toThrow(Killed);
    dieAt("transfer.remove-staged", 3);
    const skip = () => importer.handlers.skip({ peer: "low", sequence: 1, note: "lost" }, reader.call);
    expect(skip).toThrow(Killed);
    reader.beforeStep = () => {};
    expect(await importer.take(medium)).toMatchObject([{ state: "imported", imported: 7000, duplicate: 0 }]);
    expect(reader.kernel.store.prepare("SELECT count(*) FROM record").pluck().get()).toBe(7001);
  });
});

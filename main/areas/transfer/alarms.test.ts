import { afterAll, beforeEach, expect, test } from "vitest";
import { createAlarms } from "./alarms.ts";
import { layBag, newMedium, requestLine, sealTestBatch, type TestBatch } from "./test-bag.ts";
import { makeTestImporter, type TestImporter } from "./test-importer.ts";
import { makeTestStation, type TestStation } from "./test-kernel.ts";

let low: TestStation;
let high: TestStation;
let importer: TestImporter;
const opened: { close: () => unknown }[] = [];

beforeEach(async () => {
  low = await makeTestStation("low", "request");
  high = await makeTestStation("high", "response");
  high.trust(low);
  importer = makeTestImporter(high);
  opened.push(low, high, importer.pool);
});
afterAll(async () => {
  for (const one of opened) await one.close();
});

const sealed = (
  sequence: number,
  previous: TestBatch | null,
  id: string,
  more: { lineage?: string } = {},
): Promise<TestBatch> =>
  sealTestBatch({ from: low, to: high, sequence, previous, parts: [[requestLine(id)]], ...more });

async function take(batch: TestBatch): Promise<void> {
  const medium = newMedium();
  layBag(medium, batch);
  await importer.take(medium);
}

const alarms = async () => (await createAlarms(high.kernel).alarms({}, high.call)).alarms;

test("a station with an honest peer has no alarm", async () => {
  const first = await sealed(1, null, "a");
  await take(first);
  await take(await sealed(2, first, "b"));
  expect(await alarms()).toEqual([]);
});

test("a fork is one alarm with both envelopes, ours first, the other with what signs it", async () => {
  const [first, twin] = [await sealed(1, null, "a"), await sealed(1, null, "b")];
  await take(first);
  await take(twin);
  await take(twin);
  expect(await alarms()).toMatchObject([
    {
      kind: "fork",
      peer: "low",
      sequence: 1,
      envelopes: [
        {
          sha256: first.sha256,
          state: "imported",
          text: first.envelopeBytes.toString("utf8"),
          signature: null,
        },
        { sha256: twin.sha256, state: "kept", signature: expect.stringContaining("BEGIN SSH SIGNATURE") },
      ],
    },
  ]);
});

test("a fork that was settled is an alarm no more, its evidence stays, and another one is a new alarm", async () => {
  const [first, twin, third] = [
    await sealed(1, null, "a"),
    await sealed(1, null, "b"),
    await sealed(1, null, "c"),
  ];
  await take(first);
  await take(twin);
  const settle = (sha256: string) =>
    createAlarms(high.kernel).settleFork({ peer: "low", sha256, note: "an old copy was started" }, high.call);
  expect(() => settle(first.sha256)).toThrow("No open fork");
  await settle(twin.sha256);
  expect(await alarms()).toEqual([]);
  expect(() => settle(twin.sha256)).toThrow("No open fork");
  const kept = high.kernel.store
    .prepare("SELECT count(*) FROM quarantine_batch WHERE state = 'fork'")
    .pluck();
  expect(kept.get()).toBe(2);
  await take(twin);
  expect(await alarms()).toEqual([]);
  await take(third);
  expect(await alarms()).toMatchObject([{ kind: "fork", envelopes: [{}, { sha256: third.sha256 }] }]);
});

test("a peer that is revoked raises no alarm any more", async () => {
  await take(await sealed(1, null, "a"));
  await take(await sealed(1, null, "b"));
  high.kernel.store.db.exec("UPDATE peer SET state = 'revoked'");
  expect(await alarms()).toEqual([]);
});

test("another lineage is an alarm until it is taken", async () => {
  await take(await sealed(1, null, "a"));
  const lineage = "c09e44d8721fb5a6";
  await take(await sealed(1, null, "b", { lineage }));
  expect(await alarms()).toMatchObject([
    { kind: "lineage", peer: "low", detail: lineage, envelopes: [{ lineage, state: "kept" }] },
  ]);
});

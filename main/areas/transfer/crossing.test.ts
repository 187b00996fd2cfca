import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { createTransferService } from "./service.ts";
import type { TransferService } from "./transfer-service.ts";
import { makeTestStation, type TestStation } from "./test-kernel.ts";

const cleanUps: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

interface Side {
  readonly station: TestStation;
  readonly transfer: TransferService;
}

async function side(station: TestStation): Promise<Side> {
  const transfer = await createTransferService(station.kernel);
  cleanUps.push(
    () => station.close(),
    () => transfer.close(),
  );
  return { station, transfer };
}

async function pair(): Promise<{ low: Side; high: Side; stick: string }> {
  const low = await makeTestStation("low", "request");
  const high = await makeTestStation("high", "response");
  low.trust(high);
  high.trust(low);
  const stick = mkdtempSync(join(tmpdir(), "stick-"));
  cleanUps.push(() => rmSync(stick, { recursive: true }));
  return { low: await side(low), high: await side(high), stick };
}

const carry = ({ station, transfer }: Side, to: string, medium: string) =>
  transfer.handlers.export({ to, medium }, station.call);
const take = ({ station, transfer }: Side, medium: string) =>
  transfer.handlers.import({ medium }, station.call);
const ledger = ({ station, transfer }: Side) => transfer.handlers.ledger({}, station.call);

function answer({ station }: Side, request: string, body: string): void {
  const { store } = station.kernel;
  store
    .prepare(
      `INSERT INTO record (origin, id, revision, type, created_at, peer, request, status, body)
       SELECT 0, 'a-' || id, 1, 'response', created_at, origin, id, 'ok', ? FROM record WHERE id = ? AND origin <> 0`,
    )
    .run(body, request);
}

describe("a crossing there and back", () => {
  test("requests arrive byte for byte, answers come back, and receipts settle both ledgers", async () => {
    const { low, high, stick } = await pair();
    const body = '{ "a" : 1.50, "b":"\\u00fc ü" }';
    low.station.request("r-1", body);
    low.station.request("r-2", "[]");
    const there = await carry(low, "high", stick);
    expect(await take(high, stick)).toMatchObject({
      bags: [
        { bag: there.volumes[0], state: "imported", reason: null, imported: 2, duplicate: 0, quarantined: 0 },
      ],
    });
    expect(high.station.kernel.store.prepare("SELECT body FROM record WHERE id = 'r-1'").pluck().get()).toBe(
      body,
    );

    answer(high, "r-1", '"yes"');
    const back = await carry(high, "low", stick);
    expect(back).toMatchObject({ sequence: 1, records: 2, again: [] });
    const bags = (await take(low, stick)) as { bags: { bag: string; state: string }[] };
    expect(bags.bags.map(({ state }) => state).toSorted()).toEqual(["imported", "own"]);
    expect(await ledger(low)).toMatchObject({
      batches: [
        { direction: "request-to-response", sequence: 1, batch: there.batch, state: "imported" },
        { direction: "response-to-request", sequence: 1, batch: back.batch, state: "imported" },
      ],
    });

    const receipts = await carry(low, "high", stick);
    expect(receipts).toMatchObject({ sequence: 2, records: 1, again: [] });
    await take(high, stick);
    expect(await ledger(high)).toMatchObject({
      batches: [
        { sequence: 1, state: "imported" },
        { sequence: 1, state: "imported" },
        { sequence: 2, state: "imported" },
      ],
    });
    expect(await carry(high, "low", stick)).toMatchObject({ batch: null, again: [] });
  });

  test("the same stick twice changes nothing, and a batch that was not settled is told again", async () => {
    const { low, high, stick } = await pair();
    low.station.request("r-1", "1");
    await carry(low, "high", stick);
    await take(high, stick);
    expect(await take(high, stick)).toMatchObject({
      bags: [{ state: "already-imported", used: true, imported: 1 }],
    });
    expect(await carry(low, "high", stick)).toMatchObject({ batch: null, again: [{ sequence: 1 }] });
  });

  test("outbox, history and jobs tell what waits, what was carried and what ran", async () => {
    const { low, stick } = await pair();
    const { call } = low.station;
    low.station.request("r-1", "1");
    expect(await low.transfer.handlers.outbox({}, call)).toMatchObject({
      peers: [{ peer: "high", requests: 1, responses: 0, receipts: 0, sealed: [], missing: [] }],
    });
    await carry(low, "high", stick);
    low.station.request("r-2", "2");
    await carry(low, "high", stick);
    expect(await low.transfer.handlers.outbox({}, call)).toMatchObject({
      peers: [
        {
          requests: 0,
          sealed: [{ sequence: 1, state: "copied", readBack: "none", medium: stick }, { sequence: 2 }],
        },
      ],
    });
    const newest = await low.transfer.handlers.history({ limit: 1 }, call);
    expect(newest).toMatchObject({ batches: [{ sequence: 2, own: true }] });
    const older = await low.transfer.handlers.history({ limit: 1, after: newest.next ?? "" }, call);
    expect(older).toMatchObject({ batches: [{ sequence: 1 }], next: null });
    expect(await low.transfer.handlers.jobs({}, call)).toMatchObject({
      jobs: [
        { kind: "export", state: "done", sequence: 2 },
        { state: "done", sequence: 1 },
      ],
    });
    expect(low.transfer.busy()).toBe(false);
  });

  test("a start after a crash gives the records of a half-made seal free again", async () => {
    const { low, stick } = await pair();
    low.station.request("r-1", "1");
    const { store } = low.station.kernel;
    store
      .prepare(
        "INSERT INTO batch (id, peer, own, lineage, state, created_at) VALUES (7, 1, 1, 'x', 'sealing', '')",
      )
      .run();
    store.prepare("INSERT INTO lot (destination, to_seq, batch) VALUES (0, 1, 7)").run();
    const again = await createTransferService(low.station.kernel);
    cleanUps.push(() => again.close());
    expect(await again.handlers.export({ to: "high", medium: stick }, low.station.call)).toMatchObject({
      records: 1,
    });
  });
});

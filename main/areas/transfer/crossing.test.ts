import { afterEach, describe, expect, test } from "vitest";
import { generateSigningKeyPair } from "../../station/crypto/ed25519.ts";
import { fingerprint, formatSshPublicKey, parseSshPublicKey } from "../../station/crypto/sshsig.ts";
import { createTransferService } from "./service.ts";
import { answer, carry, ledgerOf, makeTestPair, take, type TestPair } from "./test-pair.ts";
import { grantsOf } from "../../../shared/narrowing.ts";

const cleanUps: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function pair(): Promise<TestPair & { stick: string }> {
  const made = await makeTestPair();
  cleanUps.push(() => made.close());
  return { ...made, stick: made.newStick() };
}

describe("a crossing there and back", () => {
  test("requests arrive byte for byte, answers come back, and receipts settle both ledgers", async () => {
    const { low, high, stick } = await pair();
    const body = '{ "a" : 1.50, "b":"\\u00fc ü" }';
    low.station.request("r-1", body);
    low.station.request("r-2", "[]");
    const there = await carry(low, "high", stick);
    expect(await take(high, stick)).toMatchObject([
      { bag: there.volumes[0], state: "imported", reason: null, imported: 2, duplicate: 0, quarantined: 0 },
    ]);
    expect(high.station.kernel.store.prepare("SELECT body FROM record WHERE id = 'r-1'").pluck().get()).toBe(
      body,
    );

    answer(high, "r-1", '"yes"');
    const back = await carry(high, "low", stick);
    expect(back).toMatchObject({ sequence: 1, records: 2, again: [] });
    const bags = await take(low, stick);
    expect(bags.map(({ state }) => state).toSorted()).toEqual(["imported", "own"]);
    expect(await ledgerOf(low)).toMatchObject([
      { direction: "request-to-response", sequence: 1, batch: there.batch, state: "imported" },
      { direction: "response-to-request", sequence: 1, batch: back.batch, state: "imported" },
    ]);

    const receipts = await carry(low, "high", stick);
    expect(receipts).toMatchObject({ sequence: 2, records: 1, again: [] });
    await take(high, stick);
    expect(await ledgerOf(high)).toMatchObject([
      { sequence: 1, state: "imported" },
      { sequence: 1, state: "imported" },
      { sequence: 2, state: "imported" },
    ]);
    expect(await carry(high, "low", stick)).toMatchObject({ batch: null, again: [] });
  });

  test("the same stick twice changes nothing, and a batch that was not settled is told again", async () => {
    const { low, high, stick } = await pair();
    low.station.request("r-1", "1");
    await carry(low, "high", stick);
    await take(high, stick);
    expect(await take(high, stick)).toMatchObject([{ state: "already-imported", used: true, imported: 1 }]);
    expect(await carry(low, "high", stick)).toMatchObject({ batch: null, again: [{ sequence: 1 }] });
  });

  test("an import on a disk that answers with errors says so, and the next one goes on", async () => {
    const { low, high, stick } = await pair();
    low.station.request("r-1", "1");
    await carry(low, "high", stick);
    high.station.beforeStep = (name) => {
      if (name === "transfer.flip")
        throw Object.assign(new Error("disk I/O error"), { code: "SQLITE_IOERR" });
    };
    await expect(take(high, stick)).rejects.toMatchObject({
      code: "medium-failed",
      message: expect.stringContaining("The station's own disk failed"),
    });
    const { jobs } = await high.transfer.handlers.jobs({}, high.station.call);
    expect(jobs[0]).toMatchObject({
      state: "failed",
      sentence: expect.stringContaining("input/output error"),
    });
    high.station.beforeStep = () => {};
    expect(await take(high, stick)).toMatchObject([{ state: "imported", imported: 1 }]);
  });

  test("a manifest names the sender's own keys that were revoked", async () => {
    const { low, high, stick } = await pair();
    const old = formatSshPublicKey(generateSigningKeyPair().publicKey);
    low.station.kernel.store
      .prepare(
        `INSERT INTO station_key (purpose, version, master_version, public, wrapped, created_at, revoked_at)
         VALUES ('signing', 99, 1, ?, x'', '', '2026-11-21T08:00:00.000Z')`,
      )
      .run(old);
    low.station.request("r-1", "1");
    await carry(low, "high", stick);
    expect(await take(high, stick)).toMatchObject([{ state: "imported" }]);
    const manifest = high.station.kernel.store.prepare("SELECT manifest FROM batch").pluck().get() as Buffer;
    expect(JSON.parse(manifest.toString("utf8"))).toMatchObject({
      revoked: [fingerprint(parseSshPublicKey(old))],
    });
  });

  test("who stops a job needs the permission of what it does", async () => {
    const { low, high, stick } = await pair();
    low.station.request("r-1", "1");
    await carry(low, "high", stick);
    const { call } = high.station;
    const asRole = (role: string) => ({ ...call, operator: role, roles: [role], grants: grantsOf([role]) });
    const tries: unknown[] = [];
    high.station.beforeStep = (name) => {
      if (name !== "transfer.claim") return;
      const [running] = high.transfer.jobs();
      const cancel = (role: string) =>
        high.transfer.handlers.cancel({ job: running?.job ?? "" }, asRole(role));
      for (const role of ["viewer", "auditor"]) {
        try {
          void cancel(role);
        } catch (error) {
          tries.push(error);
        }
      }
      void cancel("operator");
    };
    await expect(take(high, stick)).rejects.toMatchObject({ code: "cancelled" });
    expect(tries).toMatchObject([
      { code: "not-allowed", message: expect.stringContaining("transfer.import") },
      { code: "not-allowed" },
    ]);
    high.station.beforeStep = () => {};
    expect(await take(high, stick)).toMatchObject([{ state: "imported" }]);
  });

  test("who is narrowed to other peers takes nothing of this one in, and is shown none of its bags", async () => {
    const { low, high, stick } = await pair();
    low.station.request("r-1", "1");
    await carry(low, "high", stick);
    const only = (peer: string) => ({
      ...high.station.call,
      operator: "bob",
      grants: grantsOf(["operator"], { operator: { peer: [peer] } }),
    });
    const { handlers } = high.transfer;
    expect(await handlers.inspect({ medium: stick }, only("far"))).toEqual({ bags: [] });
    await expect(handlers.import({ medium: stick }, only("far"))).rejects.toMatchObject({
      code: "not-allowed",
      message: expect.stringContaining("is of the peer low"),
    });
    expect(high.station.events.map(({ action }) => action)).not.toContain("transfer.batch-imported");
    expect((await handlers.inspect({ medium: stick }, only("low"))).bags).toHaveLength(1);
    expect(await handlers.import({ medium: stick }, only("low"))).toMatchObject({
      bags: [{ state: "imported", imported: 1 }],
    });
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

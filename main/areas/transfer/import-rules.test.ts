import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createPool, type Pool } from "../../station/pool/pool.ts";
import type { Manifest } from "./format/manifest.ts";
import type { ReceiptPayload } from "./format/receipt.ts";
import type { TransferTasks } from "./tasks.ts";
import {
  layBag,
  newMedium,
  receiptLine,
  requestLine,
  responseLine,
  sealTestBatch,
  type TestBatch,
  type Next,
  type TestBatchPlan,
  chainOf,
} from "./test-bag.ts";
import { makeTestImporter, type TestImporter } from "./test-importer.ts";
import { makeTestStation, type TestStation } from "./test-kernel.ts";

let pool: Pool<TransferTasks>;
let low: TestStation;
let high: TestStation;
let importer: TestImporter;
let next: Next;
const opened: TestStation[] = [];

beforeAll(() => {
  pool = createPool<TransferTasks>(new URL("./worker.ts", import.meta.url), 2);
});
beforeEach(async () => {
  low = await makeTestStation("low", "request");
  high = await makeTestStation("high", "response");
  opened.push(low, high);
  high.trust(low);
  low.trust(high);
  importer = makeTestImporter(high, pool);
  next = chainOf(low, high);
});
afterAll(async () => {
  await pool.close();
  for (const station of opened) station.close();
});

function onMedium(...batches: readonly TestBatch[]): string {
  const medium = newMedium();
  for (const batch of batches) layBag(medium, batch);
  return medium;
}

const take = (...batches: readonly TestBatch[]) => importer.take(onMedium(...batches));
const all = (station: TestStation, sql: string) => station.kernel.store.prepare(sql).all();
const eventsOf = (station: TestStation, action: string) =>
  station.events.filter((event) => event.action === action);

function receiptsDue(station: TestStation): ReceiptPayload[] {
  const rows = all(station, "SELECT body FROM record WHERE origin = 0 AND type = 'receipt' ORDER BY seq") as {
    body: string;
  }[];
  return rows.map(({ body }) => JSON.parse(body) as ReceiptPayload);
}

describe("volumes", () => {
  test("parts that came are kept until the other stick brings the rest", async () => {
    const batch = await next([[requestLine("a")], [requestLine("b")]]);
    const one = newMedium();
    layBag(one, batch, 1, ["data/part-00001.zst.age"]);
    const two = newMedium();
    layBag(two, batch, 2, ["data/part-00002.zst.age"]);
    expect(await importer.take(one)).toMatchObject([
      { state: "incomplete", reason: "incomplete", used: false },
    ]);
    expect(await importer.take(two)).toMatchObject([{ state: "imported", imported: 2 }]);
  });

  test("one lost part of a group is rebuilt from parity, two are not", async () => {
    const batch = await next(
      [[requestLine("a")], [requestLine("b", '"longer than the others"')], [requestLine("c")]],
      {
        parityOver: [1, 2, 3],
      },
    );
    const two = newMedium();
    layBag(two, batch, 1, ["data/part-00001.zst.age", "data/parity-00001.bin"]);
    expect(await importer.take(two)).toMatchObject([{ state: "incomplete" }]);
    const one = newMedium();
    layBag(one, batch, 2, ["data/part-00003.zst.age"]);
    expect(await importer.take(one)).toMatchObject([{ state: "imported", imported: 3 }]);
  });
});

describe("keys", () => {
  test("one that a rotation replaced verifies what it sealed before, a revoked one nothing", async () => {
    const first = await next([[requestLine("a")]]);
    const second = await next([[requestLine("b")]]);
    high.kernel.store.db.exec("UPDATE peer_card SET state = 'replaced'");
    expect(await take(first)).toMatchObject([{ state: "imported" }]);
    high.kernel.store.db.exec("UPDATE peer_card SET state = 'revoked'");
    expect(await take(second)).toMatchObject([{ state: "refused", reason: "revoked-signer", used: false }]);
  });
});

describe("keys that their owner revoked", () => {
  const old = `SHA256:${"o".repeat(43)}`;
  const states = () => all(high, "SELECT serial, state FROM peer_card ORDER BY serial");
  /** Another card of low, beside the one that signs, which has serial 2. */
  const other = (serial: number, state: string) => {
    const { store } = high.kernel;
    store.db.exec("UPDATE peer_card SET serial = 2");
    store.db.exec(
      `INSERT INTO peer_card SELECT peer, ${serial}, text, sha256, '${old}', signing_key, age_recipient, '${state}', added_at
       FROM peer_card`,
    );
  };
  const saying = (...revoked: string[]) => ({ manifest: (manifest: Manifest) => ({ ...manifest, revoked }) });

  test("count no more: what they sign is refused, and the log says by whom", async () => {
    other(1, "replaced");
    const batch = await next([[requestLine("a")]], saying(old, `SHA256:${"x".repeat(43)}`));
    expect(await take(batch)).toMatchObject([{ state: "imported" }]);
    expect(states()).toEqual([
      { serial: 1, state: "revoked" },
      { serial: 2, state: "current" },
    ]);
    expect(eventsOf(high, "peers.key-revoked")).toMatchObject([
      { details: { fingerprint: old, serial: 1, by: batch.envelope.from.key } },
    ]);
  });

  test("are never the newer ones: whoever holds an old key can't revoke its successor, or itself", async () => {
    other(3, "current");
    high.kernel.store.db.exec("UPDATE peer_card SET state = 'replaced' WHERE serial = 2");
    const batch = await next([[requestLine("a")]]);
    const saysSo = await next([[requestLine("b")]], saying(old, batch.envelope.from.key));
    expect(await take(batch, saysSo)).toMatchObject([{ state: "imported" }, { state: "imported" }]);
    expect(states()).toEqual([
      { serial: 2, state: "replaced" },
      { serial: 3, state: "current" },
    ]);
  });
});

describe("order", () => {
  test("12 waits verified for 11, is answered so, and lands without its stick when 11 comes", async () => {
    const first = await next([[requestLine("a")]]);
    const second = await next([[requestLine("b")]]);
    expect(await take(second)).toMatchObject([{ state: "missing-before", used: false, imported: 0 }]);
    expect(receiptsDue(high)).toMatchObject([{ batch: second.id, state: "verified" }]);
    expect(all(high, "SELECT sequence, state FROM batch")).toEqual([{ sequence: 2, state: "verified" }]);
    expect(all(high, "SELECT count(*) AS n FROM record WHERE origin <> 0")).toEqual([{ n: 0 }]);
    expect(await take(first)).toMatchObject([{ state: "imported" }]);
    expect(all(high, "SELECT id FROM record WHERE origin <> 0 ORDER BY seq")).toEqual([
      { id: "a" },
      { id: "b" },
    ]);
    expect(await take(second)).toMatchObject([{ state: "already-imported" }]);
  });

  test("rows come in the order of the folders' names, batches in that of their numbers", async () => {
    const batches = [
      await next([[requestLine("a")]]),
      await next([[requestLine("b")]]),
      await next([[requestLine("c")]]),
    ];
    const medium = onMedium(...batches.toReversed());
    expect(await importer.look(medium)).toMatchObject(
      batches.map(({ sequence }) => ({ sequence, state: "verified" })),
    );
    expect(await importer.take(medium)).toMatchObject(
      batches.map(({ sequence }) => ({ sequence, state: "imported" })),
    );
  });

  test("a number that never comes is skipped by a person, and what waited lands", async () => {
    const first = await next([[requestLine("a")]]);
    await next([[requestLine("lost")]]);
    const third = await next([[requestLine("c")]]);
    await take(first, third);
    const skip = (sequence: number) =>
      importer.handlers.skip({ peer: "low", sequence, note: "stick lost" }, high.call);
    expect(() => skip(1)).toThrow("can't be skipped: the next one expected is 2");
    expect(() => skip(9)).toThrow("can't be skipped");
    expect(await skip(2)).toEqual({ next: 3 });
    expect(eventsOf(high, "transfer.number-skipped")).toHaveLength(1);
    await importer.take(newMedium());
    expect(all(high, "SELECT sequence, state, note FROM batch ORDER BY sequence")).toMatchObject([
      { state: "imported" },
      { state: "skipped", note: "stick lost" },
      { state: "imported", note: expect.stringContaining("unseen") },
    ]);
  });

  test("a number that may still be on its way, because nothing waits for it, is not given up", async () => {
    await take(await next([[requestLine("a")]]));
    const second = await next([[requestLine("b")]]);
    const skip = () => importer.handlers.skip({ peer: "low", sequence: 2, note: "by mistake" }, high.call);
    expect(skip).toThrow("nothing waits for it");
    expect(await take(second)).toMatchObject([{ state: "imported" }]);
  });

  test("a void removes what waited of its number, in the ledger and in the spool", async () => {
    const given = await next([[requestLine("never")]]);
    const half = newMedium();
    layBag(half, given, 1, []);
    expect(await importer.take(half)).toMatchObject([{ state: "incomplete" }]);
    const second = await next([[requestLine("b")]], { voids: [{ sequence: 1, sha256: given.sha256 }] });
    expect(await take(second)).toMatchObject([{ state: "imported" }]);
    expect(await take(given)).toMatchObject([{ state: "older-than-expected" }]);
    expect(all(high, "SELECT sequence, state FROM batch ORDER BY sequence")).toMatchObject([
      { sequence: 1, state: "voided" },
      { sequence: 2, state: "imported" },
    ]);
    expect(eventsOf(high, "transfer.numbers-voided")).toMatchObject([{ details: { numbers: "1" } }]);
  });

  test("a void counts although the batch that tells it waits for one that waits for the void", async () => {
    const first = await next([[requestLine("a")]]);
    const given = await next([[requestLine("never")]]);
    const third = await next([[requestLine("c")]]);
    const fourth = await next([[requestLine("d")]], { voids: [{ sequence: 2, sha256: given.sha256 }] });
    await take(first);
    expect(await take(third)).toMatchObject([{ state: "missing-before" }]);
    expect(await take(fourth)).toMatchObject([{ sequence: 4, state: "imported", used: true, imported: 1 }]);
    expect(all(high, "SELECT state FROM batch ORDER BY sequence")).toEqual([
      { state: "imported" },
      { state: "voided" },
      { state: "imported" },
      { state: "imported" },
    ]);
    expect(eventsOf(high, "transfer.numbers-voided")).toHaveLength(1);
  });

  test("what waits behind a first number that was skipped lands without its stick", async () => {
    await next([[requestLine("lost")]]);
    await take(await next([[requestLine("b")]]));
    await importer.handlers.skip({ peer: "low", sequence: 1, note: "stick lost" }, high.call);
    await importer.take(newMedium());
    expect(all(high, "SELECT state FROM batch ORDER BY sequence")).toEqual([
      { state: "skipped" },
      { state: "imported" },
    ]);
    expect(all(high, "SELECT lineage FROM peer")).toEqual([{ lineage: low.identity.lineage }]);
  });

  test("a fork is an alarm that keeps both envelopes and takes nothing", async () => {
    const first = await next([[requestLine("a")]]);
    next = chainOf(low, high);
    const twin = await next([[requestLine("b")]]);
    await take(first);
    expect(await take(twin)).toMatchObject([{ state: "fork", reason: "fork", used: false, imported: 0 }]);
    const kept = all(high, "SELECT sha256 FROM quarantine_batch WHERE state = 'fork' ORDER BY sha256");
    expect(kept).toEqual([first.sha256, twin.sha256].toSorted().map((sha256) => ({ sha256 })));
    expect(eventsOf(high, "transfer.fork-seen")).toMatchObject([{ details: { other: first.sha256 } }]);
  });
});

describe("what a peer makes us keep", () => {
  test("forks are kept up to forty envelopes, the oldest, and the event of each later one says so", async () => {
    const first = await next([[requestLine("a")]]);
    await take(first);
    const twins: TestBatch[] = [];
    for (let count = 0; count < 42; count += 1) {
      next = chainOf(low, high);
      twins.push(await next([[requestLine(`b-${count}`)]]));
    }
    for (const twin of twins) expect(await take(twin)).toMatchObject([{ state: "fork" }]);
    const kept = all(high, "SELECT sha256 FROM quarantine_batch") as { sha256: string }[];
    expect(kept).toHaveLength(40);
    expect(kept.map(({ sha256 }) => sha256)).toEqual(
      expect.arrayContaining([first.sha256, twins[0]?.sha256, twins[38]?.sha256]),
    );
    expect(eventsOf(high, "transfer.fork-seen").map(({ details }) => details?.["kept"])).toEqual(
      twins.map((_, index) => index < 39),
    );
  });

  test("what waits for earlier numbers takes half of the room that there is, and no more", async () => {
    await next([[requestLine("a")]]);
    const second = await next([[requestLine("b", JSON.stringify("x".repeat(1000)))]]);
    const tight = makeTestImporter(high, pool, { freeBytes: () => 100 });
    const medium = onMedium(second);
    expect(await tight.take(medium)).toMatchObject([{ state: "missing-before" }]);
    expect(all(high, "SELECT count(*) AS n FROM batch")).toEqual([{ n: 0 }]);
    expect(await importer.take(medium)).toMatchObject([{ state: "missing-before" }]);
    expect(all(high, "SELECT state FROM batch")).toEqual([{ state: "verified" }]);
  });
});

describe("an inspection", () => {
  test("sees what a void will let land, also when the batch that brings it has to wait itself", async () => {
    await take(await next([[requestLine("a")]]));
    const lost = await next([[requestLine("b")]]);
    const third = await next([[requestLine("c")]]);
    await next([[requestLine("d")]]);
    const fifth = await next([[requestLine("e")]], { voids: [{ sequence: 2, sha256: lost.sha256 }] });
    const medium = onMedium(third, fifth);
    const states = (rows: readonly { state: string }[]) => rows.map(({ state }) => state);
    expect(states(await importer.look(medium))).toEqual(["verified", "missing-before"]);
    expect(states(await importer.take(medium))).toEqual(["imported", "missing-before"]);
  });
});

describe("what people are told", () => {
  test("each bag is explained in sentences, with what is missing and what was passed over", async () => {
    const first = await next([[requestLine("a")]]);
    const second = await next([[requestLine("b")]]);
    const medium = onMedium(second);
    mkdirSync(join(medium, "sallyport", "Photos"));
    writeFileSync(join(medium, "sallyport", `${second.id}.v1`, ".DS_Store"), "");
    const { bags, ignored } = await importer.handlers.explain({ medium }, high.call);
    expect(bags).toMatchObject([
      { state: "missing-before", peer: "low", missing: ["1"], createdAt: first.envelope.createdAt },
    ]);
    expect(bags[0]?.sentence).toContain("Missing: 1.");
    expect(bags[0]?.remedy).toContain("Bring the numbers");
    expect(ignored).toEqual(['"Photos"', `${second.id}.v1: ".DS_Store"`]);
  });

  test("a medium that isn't there is a refusal with a remedy, one without bags an empty answer", async () => {
    const { import: run } = importer.handlers;
    await expect(run({ medium: "/nowhere/at/all" }, high.call)).rejects.toMatchObject({ code: "not-found" });
    expect(await importer.take(newMedium())).toEqual([]);
  });

  test("parts or plaintexts that can't fit leave the number open, and nothing is copied in vain", async () => {
    const batch = await next([[requestLine("a", `"${"x".repeat(100_000)}"`)]]);
    const medium = onMedium(batch);
    const spare = 64 * 2 ** 20;
    for (const freeBytes of [() => spare, () => spare + 50_000]) {
      const full = makeTestImporter(high, pool, { freeBytes });
      expect(await full.take(medium)).toMatchObject([{ state: "no-room", reason: "no-room", used: false }]);
    }
    expect(all(high, "SELECT state FROM batch")).toEqual([{ state: "importing" }]);
    expect(await importer.take(medium)).toMatchObject([{ state: "imported", imported: 1 }]);
  });
});

describe("lineage", () => {
  test("another one is offered once, held until it is accepted, and then begins again at 1", async () => {
    await take(await next([[requestLine("a")]]));
    const waiting = await next([[requestLine("b")]]);
    const half = newMedium();
    layBag(half, waiting, 1, []);
    await importer.take(half);
    const lineage = "0123456789abcdef";
    next = chainOf(low, high);
    const restored = await next([[requestLine("c")]], { lineage });
    expect(await take(restored)).toMatchObject([{ state: "held", reason: "held", used: false }]);
    expect(await take(restored)).toMatchObject([{ state: "held" }]);
    expect(eventsOf(high, "transfer.lineage-offered")).toHaveLength(1);
    const accept = (which: string) => high.kernel.store.write(() => importer.acceptLineage(1, which));
    expect(() => importer.clearOldLineage(1, "f".repeat(16))).toThrow("has not offered");
    expect(() => accept("f".repeat(16))).toThrow("has not offered");
    accept(lineage);
    expect(importer.nextIn(1)).toBe(1);
    expect(await take(restored)).toMatchObject([{ state: "imported", imported: 1 }]);
    expect(await take(waiting)).toMatchObject([{ state: "held" }]);
    expect(all(high, "SELECT lineage, offered_lineage FROM peer")).toEqual([
      { lineage, offered_lineage: null },
    ]);
  });

  test("what was staged of the old one is taken back in pieces before the new one is accepted", async () => {
    await take(await next([[requestLine("a")]]));
    const lines = Array.from({ length: 6000 }, (_, index) => requestLine(`r-${index}`));
    const half = await next([lines]);
    high.beforeStep = (name) => {
      if (name === "transfer.flip") throw new Error("stopped here");
    };
    await expect(take(half)).rejects.toThrow("stopped here");
    high.beforeStep = () => {};
    // Without this part it can't land from the spool alone.
    const spooled = join(high.kernel.paths.spoolIn, half.sha256);
    rmSync(join(spooled, "1"));
    const lineage = "0123456789abcdef";
    next = chainOf(low, high);
    await take(await next([[requestLine("c")]], { lineage }));
    expect(all(high, "SELECT count(*) AS n FROM record WHERE id LIKE 'r-%'")).toEqual([{ n: 6000 }]);
    const before = high.steps.length;
    importer.clearOldLineage(1, lineage);
    expect(
      high.steps.slice(before).filter((name) => name === "transfer.remove-staged").length,
    ).toBeGreaterThan(2);
    expect(all(high, "SELECT count(*) AS n FROM record WHERE id LIKE 'r-%'")).toEqual([{ n: 0 }]);
    high.kernel.store.write(() => importer.acceptLineage(1, lineage));
    importer.sweep();
    expect(existsSync(spooled)).toBe(false);
  });

  test("one of which something waited before another was taken can still be accepted", async () => {
    const lineage = "0123456789abcdef";
    const first = await next([[requestLine("a")]]);
    next = chainOf(low, high);
    const restored = await next([[requestLine("b")]], { lineage });
    const second = await next([[requestLine("c")]], { lineage });
    expect(await take(second)).toMatchObject([{ state: "missing-before" }]);
    expect(await take(first)).toMatchObject([{ state: "imported" }]);
    expect(await take(restored)).toMatchObject([{ state: "held" }]);
    high.kernel.store.write(() => importer.acceptLineage(1, lineage));
    expect(await take(restored)).toMatchObject([{ state: "imported" }]);
    expect(all(high, "SELECT state FROM batch ORDER BY id")).toEqual([
      { state: "imported" },
      { state: "imported" },
      { state: "imported" },
    ]);
  });
});

describe("lines", () => {
  test("bad ones are kept with their bytes, listed in pages, and told in the receipt", async () => {
    const good = requestLine("a");
    const batch = await next([
      [good, Buffer.from("no\n"), good, requestLine("a", "2"), responseLine("x", "y")],
    ]);
    expect(await take(batch)).toMatchObject([
      { state: "imported", imported: 1, duplicate: 1, quarantined: 3 },
    ]);
    const part = "data/part-00001.zst.age";
    const page = await importer.handlers.quarantine({ limit: 2 }, high.call);
    expect(page.lines).toEqual([
      { batch: batch.id, peer: "low", part, line: 2, reason: "bad-json" },
      { batch: batch.id, peer: "low", part, line: 4, reason: "conflict" },
    ]);
    const rest = await importer.handlers.quarantine({ limit: 2, after: page.next ?? "" }, high.call);
    expect(rest).toEqual({
      lines: [{ batch: batch.id, peer: "low", part, line: 5, reason: "wrong-direction" }],
      next: null,
    });
    expect(await importer.handlers.quarantined({ batch: batch.id, part, line: 2 }, high.call)).toMatchObject({
      reason: "bad-json",
      text: "no",
      bytes: 2,
    });
    const [receipt] = receiptsDue(high);
    expect(receipt).toMatchObject({
      state: "imported",
      counts: { imported: 1, duplicate: 1, quarantined: 3 },
      pages: 1,
    });
    expect(receipt?.exceptions.map(({ line, verdict, reason, id }) => [line, verdict, reason, id])).toEqual([
      [2, "quarantined", "bad-json", null],
      [3, "duplicate", null, "a"],
      [4, "quarantined", "conflict", "a"],
      [5, "quarantined", "wrong-direction", "x"],
    ]);
  });

  test("exceptions go on for as many pages as they need, each with the counts of the whole", async () => {
    const lines = Array.from({ length: 2001 }, () => Buffer.from("no\n"));
    await take(await next([lines]));
    const receipts = receiptsDue(high);
    expect(receipts.map(({ page, pages, exceptions }) => [page, pages, exceptions.length])).toEqual([
      [1, 3, 1000],
      [2, 3, 1000],
      [3, 3, 1],
    ]);
    expect(receipts.every(({ counts }) => counts.quarantined === 2001)).toBe(true);
  });

  test("more than 10,000 bad ones refuse the batch, and nothing of it stays", async () => {
    const lines = [requestLine("a"), ...Array.from({ length: 10_001 }, () => Buffer.from("no\n"))];
    const batch = await next([lines, [requestLine("b")]]);
    expect(await take(batch)).toMatchObject([{ state: "refused", reason: "too-many-bad-lines", used: true }]);
    for (const table of ["quarantine_line", "duplicate_line"]) {
      expect(all(high, `SELECT count(*) AS n FROM ${table}`)).toEqual([{ n: 0 }]);
    }
    expect(all(high, "SELECT count(*) AS n FROM record WHERE origin <> 0")).toEqual([{ n: 0 }]);
    expect(receiptsDue(high)).toMatchObject([{ state: "refused", reason: "too-many-bad-lines" }]);
    expect(await take(await next([[requestLine("c")]]))).toMatchObject([{ state: "imported" }]);
  });

  test("a broken part behind too many bad lines is the reason, because bytes come before lines", async () => {
    const lines = Array.from({ length: 10_001 }, () => Buffer.from("no\n"));
    const batch = await next([lines, [requestLine("b")]], {
      manifest: (manifest) => ({
        ...manifest,
        parts: manifest.parts.map((part, index) => (index === 1 ? { ...part, records: 7 } : part)),
      }),
    });
    expect(await take(batch)).toMatchObject([{ state: "refused", reason: "record-count" }]);
  });
});

/** A batch of ours to the peer, as the ledger holds it once it was copied. */
function ownBatch(station: TestStation, sequence: number, records: number, receiptsOnly = false) {
  const { store } = station.kernel;
  const id = `b${String(sequence).padStart(6, "0")}-00000000000000aa`;
  const sha256 = String(sequence).repeat(64).slice(0, 64);
  const row = store
    .prepare(
      `INSERT INTO batch (peer, own, lineage, sequence, batch, sha256, state, records, receipts_only, created_at)
       VALUES (1, 1, ?, ?, ?, ?, 'copied', ?, ?, '2026-11-21T08:00:00.000Z')`,
    )
    .run(station.identity.lineage, sequence, id, sha256, records, receiptsOnly ? 1 : 0).lastInsertRowid;
  const lastRecord = store.prepare("SELECT coalesce(max(seq), 0) FROM record").pluck().get();
  store
    .prepare("INSERT OR REPLACE INTO lot (destination, to_seq, batch) VALUES (1, ?, ?)")
    .run(lastRecord, row);
  return { batch: id, batchSha256: sha256, sequence };
}

const stateOf = (station: TestStation, batch: string) =>
  (all(station, `SELECT state FROM batch WHERE batch = '${batch}'`) as { state: string }[])[0]?.state;

describe("answers and receipts from the peer", () => {
  let back: TestImporter;
  let sequence: number;
  let previous: TestBatch | null;

  beforeEach(() => {
    back = makeTestImporter(low, pool);
    sequence = 0;
    previous = null;
  });

  async function answer(lines: readonly Buffer[], more: Partial<TestBatchPlan> = {}) {
    sequence += 1;
    previous = await sealTestBatch({ from: high, to: low, sequence, previous, parts: [lines], ...more });
    const rows = await back.take(onMedium(previous));
    const reasons = all(
      low,
      `SELECT q.line, q.reason FROM quarantine_line q JOIN batch b ON b.id = q.batch
      WHERE b.batch = '${previous.id}' ORDER BY line`,
    ) as { line: number; reason: string }[];
    return { row: rows[0], reasons: reasons.map(({ reason }) => reason) };
  }

  test("an answer is taken once, and only for what was sealed for that peer", async () => {
    low.request("asked", "1", 1);
    low.request("asked-too", "1", 1);
    ownBatch(low, 1, 2);
    low.request("waits", "1", 1);
    const first = responseLine("a-1", "asked");
    const { row, reasons } = await answer([
      first,
      first,
      responseLine("a-2", "asked"),
      responseLine("a-3", "waits"),
      responseLine("a-4", "nobody"),
      responseLine("a-1", "asked-too"),
      requestLine("r-1"),
    ]);
    expect(row).toMatchObject({ imported: 1, duplicate: 1, quarantined: 5 });
    expect(reasons).toEqual([
      "already-answered",
      "unknown-request",
      "unknown-request",
      "conflict",
      "wrong-direction",
    ]);
  });

  test("receipts settle our batch, and an end is never taken back", async () => {
    low.request("asked", "1", 1);
    const own = ownBatch(low, 1, 1);
    await answer([receiptLine(high, { ...own, state: "verified" })]);
    expect(stateOf(low, own.batch)).toBe("verified");
    const counts = { imported: 0, duplicate: 0, quarantined: 1 };
    const exceptions = [
      {
        part: "data/part-00001.zst.age",
        line: 1,
        type: "request",
        id: "asked",
        verdict: "quarantined",
        reason: "bad-record",
      },
    ] as const;
    await answer([receiptLine(high, { ...own, counts, exceptions })]);
    expect(stateOf(low, own.batch)).toBe("imported");
    expect(all(low, "SELECT record_id, verdict, reason FROM receipt_exception")).toEqual([
      { record_id: "asked", verdict: "quarantined", reason: "bad-record" },
    ]);
    const { row } = await answer([receiptLine(high, { ...own, state: "refused", reason: "bad-zstd" })]);
    expect(row).toMatchObject({ state: "imported", imported: 1 });
    expect(stateOf(low, own.batch)).toBe("imported");
    expect(eventsOf(low, "transfer.batch-imported").at(-1)).toMatchObject({
      details: { contradictingReceipts: 1 },
    });
  });

  test("receipts that do not fit the ledger, or are signed by others, are quarantined", async () => {
    const own = ownBatch(low, 1, 1);
    const one = { imported: 1, duplicate: 0, quarantined: 0 };
    const { reasons } = await answer([
      receiptLine(high, { counts: one }),
      receiptLine(high, { ...own, counts: one, batchSha256: "f".repeat(64) }),
      receiptLine(high, { ...own, counts: { ...one, imported: 2 } }),
      receiptLine(low, { ...own, counts: one }),
    ]);
    expect(reasons).toEqual(["unknown-batch", "receipt-mismatch", "receipt-mismatch", "receipt-mismatch"]);
    expect(stateOf(low, own.batch)).toBe("copied");
  });

  test("records of a refused batch are due again, and its row stays", async () => {
    low.request("asked", "1", 1);
    const own = ownBatch(low, 1, 1);
    await answer([receiptLine(high, { ...own, state: "refused", reason: "bad-zstd" })]);
    expect(stateOf(low, own.batch)).toBe("refused");
    expect(all(low, "SELECT batch FROM lot WHERE batch IS NOT NULL")).toEqual([]);
  });

  test("a batch of receipts alone is answered only when something in it was refused", async () => {
    const own = ownBatch(low, 1, 1);
    await answer([receiptLine(high, { ...own, counts: { imported: 1, duplicate: 0, quarantined: 0 } })]);
    expect(receiptsDue(low)).toEqual([]);
    await answer([receiptLine(high, {})]);
    expect(receiptsDue(low)).toMatchObject([{ state: "imported", counts: { quarantined: 1 } }]);
  });

  test("have settles batches of receipts alone, and is ignored where it can't be true", async () => {
    const plain = ownBatch(low, 1, 1);
    const receipts = ownBatch(low, 2, 1, true);
    const have = { lineage: low.identity.lineage, through: 2, also: [], safeThrough: 0 };
    low.request("asked", "1", 1);
    await answer([requestLine("r-1")], { have: { ...have, through: 9 } });
    await answer([requestLine("r-2")], { have: { ...have, lineage: "f".repeat(16) } });
    expect(stateOf(low, receipts.batch)).toBe("copied");
    const ignored = eventsOf(low, "transfer.batch-imported").map(({ details }) => details?.["haveIgnored"]);
    expect(ignored).toEqual([
      "have speaks of batches that never were",
      "have speaks of another lineage of ours",
    ]);
    await answer([requestLine("r-3")], { have });
    expect(stateOf(low, receipts.batch)).toBe("imported");
    expect(stateOf(low, plain.batch)).toBe("copied");
    expect(all(low, "SELECT have_through, have_lineage FROM peer")).toEqual([
      { have_through: 2, have_lineage: low.identity.lineage },
    ]);
  });
});

import { cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answer, carry, ledgerOf, makeTestPair, take, type TestPair, type TestSide } from "./test-pair.ts";

let pair: TestPair;
let low: TestSide;
let high: TestSide;
beforeEach(async () => {
  pair = await makeTestPair();
  ({ low, high } = pair);
});
afterEach(() => pair.close());

async function giveUp(side: TestSide, peer: string, sequence: number, confirm?: string) {
  const row = (await ledgerOf(side)).find(
    (each) => each.sequence === sequence && each.direction.startsWith(side.station.identity.side),
  );
  const input = { peer, sequence, confirm: confirm ?? row?.batch ?? "", note: "stick lost" };
  return side.transfer.handlers.giveUp(input, side.station.call);
}
async function sealOne(request: string, stick = pair.newStick()): Promise<string> {
  low.station.request(request, `"${request}"`);
  await carry(low, "high", stick);
  return stick;
}
const own = async (side: TestSide) =>
  (await ledgerOf(side)).filter(({ direction }) => direction.startsWith(side.station.identity.side));
const requestsAt = ({ station }: TestSide) =>
  station.kernel.store
    .prepare(
      `SELECT r.id FROM record r JOIN batch b ON b.id = r.batch AND b.state = 'imported'
       WHERE r.type = 'request' ORDER BY r.seq`,
    )
    .pluck()
    .all();

const newKey = `SHA256:${"n".repeat(43)}`;

/** What revoking a peer and trusting it anew under another key leaves behind. */
function renewKey({ station, transfer }: TestSide): void {
  const { store } = station.kernel;
  store.db.exec("UPDATE peer_card SET state = 'revoked'");
  store.db.exec(
    `INSERT INTO peer_card SELECT peer, 2, text, sha256, '${newKey}', signing_key, age_recipient, 'current', added_at
     FROM peer_card WHERE serial = 1`,
  );
  station.call.commit((event) => {
    transfer.giveUpUnsent("high", "sealed for a revoked key", event);
    event({ action: "peers.trusted", object: "high" });
  });
}

describe("a peer that was revoked and trusted anew under another key", () => {
  test("gets what was never copied sealed again, for its new key", async () => {
    low.station.request("r-1", "1");
    low.station.beforeStep = (name) => {
      if (name === "copy.begin") throw new Error("stopped here");
    };
    await expect(carry(low, "high", pair.newStick())).rejects.toThrow("stopped here");
    low.station.beforeStep = () => {};
    expect(await own(low)).toMatchObject([{ sequence: 1, state: "sealed" }]);
    renewKey(low);
    expect(await own(low)).toMatchObject([{ sequence: 1, state: "voided" }]);
    const written = await carry(low, "high", pair.newStick());
    expect(written).toMatchObject({ sequence: 2, records: 1, again: [] });
    const { envelope } = low.station.kernel.store
      .prepare("SELECT envelope FROM batch WHERE sequence = 2")
      .get() as { envelope: Buffer };
    expect(JSON.parse(envelope.toString("utf8"))).toMatchObject({
      to: { key: newKey },
      voids: [{ sequence: 1 }],
    });
  });

  test("is not sent again what was copied for the old key: a person decides, and all else crosses", async () => {
    await sealOne("r-1");
    renewKey(low);
    expect(await own(low)).toMatchObject([{ sequence: 1, state: "copied" }]);
    low.station.request("r-2", "2");
    await expect(carry(low, "high", pair.newStick())).rejects.toMatchObject({
      message: expect.stringContaining("revoked"),
      facts: { remedy: expect.stringContaining("give it up") },
    });
    expect(await own(low)).toMatchObject([{ state: "copied" }, { sequence: 2, state: "copied" }]);
    await giveUp(low, "high", 1);
    expect(await carry(low, "high", pair.newStick())).toMatchObject({ sequence: 3, records: 1 });
  });
});

describe("giving up a sealed batch", () => {
  test("frees its records, which the next batch carries with the void; the peer takes that one in", async () => {
    await sealOne("r-1");
    expect(await giveUp(low, "high", 1)).toMatchObject({ records: 1 });
    expect(await own(low)).toMatchObject([{ sequence: 1, state: "voided" }]);
    const stick = await sealOne("r-2");
    expect(await take(high, stick)).toMatchObject([{ sequence: 2, state: "imported", imported: 2 }]);
    expect(await ledgerOf(high)).toMatchObject([
      { sequence: 1, state: "voided" },
      { sequence: 2, state: "imported" },
    ]);
    expect(requestsAt(high)).toEqual(["r-1", "r-2"]);
    expect(low.station.events.find(({ action }) => action === "transfer.batch-given-up")).toMatchObject({
      details: { peer: "high", sequence: 1, was: "copied", records: 1, note: "stick lost" },
    });
  });

  test("is announced until the peer knows, and never again after that", async () => {
    await sealOne("r-1");
    await giveUp(low, "high", 1);
    await sealOne("r-2");
    await giveUp(low, "high", 2);
    const stick = await sealOne("r-3");
    expect(await take(high, stick)).toMatchObject([{ sequence: 3, state: "imported", imported: 3 }]);
    const back = pair.newStick();
    await carry(high, "low", back);
    await take(low, back);
    const last = await sealOne("r-4");
    const voids = low.station.events
      .filter(({ action }) => action === "transfer.batch-sealed")
      .map(({ details }) => details?.["voids"]);
    expect(voids).toEqual([0, 1, 2, 0]);
    expect(await take(high, last)).toMatchObject([{ sequence: 4, state: "imported" }]);
  });

  test("a stick that still carries the batch given up beside the next one lands that one alone", async () => {
    const stick = await sealOne("r-1");
    await giveUp(low, "high", 1);
    await sealOne("r-2", stick);
    const inspected = await high.transfer.handlers.inspect({ medium: stick }, high.station.call);
    expect(inspected.bags.map(({ state }) => state)).toEqual(["older-than-expected", "verified"]);
    expect(await take(high, stick)).toMatchObject([
      { sequence: 1, state: "older-than-expected" },
      { sequence: 2, state: "imported", imported: 2 },
    ]);
  });

  test("the batch itself, carried late on another stick, is older than expected", async () => {
    const late = await sealOne("r-1");
    await giveUp(low, "high", 1);
    await take(high, await sealOne("r-2"));
    expect(await take(high, late)).toMatchObject([{ sequence: 1, state: "older-than-expected" }]);
    expect(requestsAt(high)).toEqual(["r-1", "r-2"]);
  });

  test("one that had arrived after all comes true by the peer's receipt, and nothing lands twice", async () => {
    const arrived = await sealOne("r-1");
    await take(high, arrived);
    await giveUp(low, "high", 1);
    const forked = await sealOne("r-2");
    expect(await take(high, forked)).toMatchObject([{ sequence: 2, state: "fork" }]);
    answer(high, "r-1", '"yes"');
    const back = pair.newStick();
    await carry(high, "low", back);
    expect(await take(low, back)).toMatchObject([{ state: "imported", imported: 2, quarantined: 0 }]);
    expect((await own(low))[0]).toMatchObject({ sequence: 1, state: "imported" });
    await giveUp(low, "high", 2);
    const last = await sealOne("r-3");
    expect(await take(high, last)).toMatchObject([
      // r-2, r-3 and the receipt of high's batch; r-1 was there.
      { sequence: 3, state: "imported", imported: 3, duplicate: 1, quarantined: 0 },
    ]);
    expect(requestsAt(high)).toEqual(["r-1", "r-2", "r-3"]);
  });

  test("an answer to what was given up, and waits again, is taken in", async () => {
    await take(high, await sealOne("r-1"));
    answer(high, "r-1", '"yes"');
    await giveUp(low, "high", 1);
    const back = pair.newStick();
    await carry(high, "low", back);
    expect(await take(low, back)).toMatchObject([{ state: "imported", imported: 2, quarantined: 0 }]);
  });

  test("one that the peer skipped needs no void, and its records cross after all", async () => {
    await sealOne("r-1");
    const second = await sealOne("r-2");
    for (const bag of readdirSync(join(second, "sallyport")))
      if (bag.startsWith("b000001")) rmSync(join(second, "sallyport", bag), { recursive: true });
    expect(await take(high, second)).toMatchObject([{ sequence: 2, state: "missing-before" }]);
    await high.transfer.handlers.skip({ peer: "low", sequence: 1, note: "lost" }, high.station.call);
    expect(await take(high, second)).toMatchObject([{ sequence: 2, state: "imported" }]);
    const back = pair.newStick();
    await carry(high, "low", back);
    await take(low, back);
    expect(await own(low)).toMatchObject([
      { sequence: 1, state: "copied" },
      { sequence: 2, state: "imported" },
    ]);
    await giveUp(low, "high", 1);
    const third = await sealOne("r-3");
    expect(await take(high, third)).toMatchObject([{ sequence: 3, state: "imported", imported: 2 }]);
    expect(requestsAt(high)).toEqual(["r-2", "r-1", "r-3"]);
  });

  test("is refused when the peer's receipt says imported, for another id, and twice", async () => {
    const stick = await sealOne("r-1");
    await expect(giveUp(low, "high", 1, "b000001-0000000000000000")).rejects.toMatchObject({
      code: "bad-input",
      facts: { safe: "Nothing was given up." },
    });
    await expect(giveUp(low, "high", 2, "x")).rejects.toMatchObject({ code: "not-found" });
    await take(high, stick);
    const back = pair.newStick();
    await carry(high, "low", back);
    await take(low, back);
    await expect(giveUp(low, "high", 1)).rejects.toMatchObject({ code: "conflict" });
    await sealOne("r-2");
    await giveUp(low, "high", 3).catch(() => null);
    const last = (await own(low)).at(-1)?.sequence ?? 0;
    await giveUp(low, "high", last).catch(() => null);
    await expect(giveUp(low, "high", last)).rejects.toMatchObject({
      message: expect.stringContaining("given up before"),
    });
  });

  test("helps out when the station's own spool lost the bytes", async () => {
    low.station.request("r-1", "1");
    const first = pair.newStick();
    await carry(low, "high", first);
    rmSync(join(low.station.kernel.paths.spoolOut, "1"), { recursive: true });
    const stick = pair.newStick();
    await expect(carry(low, "high", stick)).rejects.toMatchObject({
      facts: { remedy: expect.stringContaining("give") },
    });
    await giveUp(low, "high", 1);
    await carry(low, "high", stick);
    expect((await take(high, stick)).filter(({ state }) => state === "imported")).toMatchObject([
      { sequence: 2, imported: 1 },
    ]);
    const copy = pair.newStick();
    cpSync(first, copy, { recursive: true });
    expect(existsSync(join(copy, "sallyport"))).toBe(true);
    expect(await take(high, copy)).toMatchObject([{ state: "older-than-expected" }]);
  });
});

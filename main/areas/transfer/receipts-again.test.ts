import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createAlarms } from "./alarms.ts";
import { answer, carry, ledgerOf, makeTestPair, take, type TestPair, type TestSide } from "./test-pair.ts";

let pair: TestPair;
beforeEach(async () => {
  pair = await makeTestPair();
});
afterEach(() => pair.close());

const receipts = ({ station }: TestSide) =>
  station.kernel.store
    .prepare("SELECT id, revision FROM record WHERE origin = 0 AND type = 'receipt' ORDER BY seq")
    .all() as { id: string; revision: number }[];
const skip = ({ station, transfer }: TestSide, peer: string, sequence: number) =>
  transfer.handlers.skip({ peer, sequence, note: "stick lost" }, station.call);
const alarmsAt = async ({ station }: TestSide) =>
  (await createAlarms(station.kernel).alarms({}, station.call)).alarms;
const own = async (side: TestSide) =>
  (await ledgerOf(side)).filter(({ direction }) => direction.startsWith(side.station.identity.side));

/** low's batch 1 is imported by high, whose batch 1 with the receipt is lost; low skips it to take the next one. */
async function loseReceipt(): Promise<void> {
  const { low, high, newStick } = pair;
  const there = newStick();
  low.station.request("r-1", "1");
  await carry(low, "high", there);
  await take(high, there);
  await carry(high, "low", newStick());
  answer(high, "r-1", '"yes"');
  const back = newStick();
  await carry(high, "low", back);
  for (const bag of readdirSync(join(back, "sallyport")))
    if (bag.startsWith("b000001")) rmSync(join(back, "sallyport", bag), { recursive: true });
  expect(await take(low, back)).toMatchObject([{ state: "missing-before", sequence: 2 }]);
  await skip(low, "high", 1);
  expect(await take(low, back)).toMatchObject([{ state: "imported", sequence: 2 }]);
}

describe("a receipt that was lost with a skipped batch", () => {
  test("of receipts alone, which the peer's `have` settles, is given again too", async () => {
    const { low, high, newStick } = pair;
    await loseReceipt();
    const there = newStick();
    await carry(low, "high", there);
    await take(high, there);
    expect(await own(high)).toMatchObject([
      { sequence: 1, state: "imported" },
      { sequence: 2, state: "imported" },
    ]);
    expect(high.station.events.filter(({ action }) => action === "transfer.receipt-again")).toMatchObject([
      { details: { sequence: 1, state: "imported", revision: 2 } },
    ]);
    // On its way now: the same stick again changes nothing.
    await take(high, there);
    expect(receipts(high).filter(({ revision }) => revision > 1)).toHaveLength(1);
  });

  test("is given again when the batch comes again, and settles its sender's ledger", async () => {
    const { low, high, newStick } = pair;
    await loseReceipt();
    expect(await own(low)).toMatchObject([{ sequence: 1, state: "copied" }]);
    // high says that it is done with the batch, and its signature for that never came.
    const [batch] = await own(low);
    expect(await alarmsAt(low)).toMatchObject([
      {
        kind: "missing-receipt",
        peer: "high",
        sequence: 1,
        detail: batch?.batch,
        envelopes: [
          { batch: batch?.batch, state: "copied" },
          { sequence: 2, state: "imported" },
        ],
      },
    ]);
    const there = newStick();
    await carry(low, "high", there);
    expect(await take(high, there)).toMatchObject([
      { sequence: 1, state: "already-imported" },
      { sequence: 2, state: "imported" },
    ]);
    expect(receipts(high).map(({ revision }) => revision)).toContain(2);
    const back = newStick();
    await carry(high, "low", back);
    await take(low, back);
    expect((await own(low))[0]).toMatchObject({ sequence: 1, state: "imported" });
    expect(await alarmsAt(low)).toEqual([]);
  });

  test("is not given again while the answer waits, or is carried again with each export", async () => {
    const { low, high, newStick } = pair;
    const there = newStick();
    low.station.request("r-1", "1");
    await carry(low, "high", there);
    await take(high, there);
    await take(high, there);
    expect(receipts(high)).toHaveLength(1);
    await carry(high, "low", newStick());
    await take(high, there);
    expect(receipts(high)).toHaveLength(1);
  });
});

import { afterEach, describe, expect, test } from "vitest";
import { checkpointText, cosign, logOrigin, signNote } from "../../station/audit/checkpoint.ts";
import { parseVerifierKey } from "../../station/crypto/vkey.ts";
import { parseEnvelope, type Envelope } from "./format/envelope.ts";
import { witnessStore } from "./store-witness.ts";
import { carry, makeTestPair, take, type TestPair, type TestSide } from "./test-pair.ts";
import { createWitness } from "./witness.ts";

let open: TestPair | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function pair(): Promise<TestPair & { stick: string }> {
  open = await makeTestPair();
  // A founded station's log is never empty.
  for (const { station } of [open.low, open.high]) {
    for (let number = 0; number < 5; number += 1) {
      station.call.commit((event) => event({ action: "station.founded", object: station.identity.id }));
    }
  }
  return { ...open, stick: open.newStick() };
}

const peerOf = (side: TestSide) =>
  Number(side.station.kernel.store.prepare("SELECT id FROM peer").pluck().get());
const knows = (side: TestSide) => witnessStore(side.station.kernel.store).of(peerOf(side));
const alarms = (side: TestSide) => witnessStore(side.station.kernel.store).open();
const lastEnvelope = (side: TestSide, own: 0 | 1 = 1): Envelope =>
  parseEnvelope(
    side.station.kernel.store
      .prepare("SELECT envelope FROM batch WHERE envelope IS NOT NULL AND own = ? ORDER BY id DESC")
      .pluck()
      .get(own) as Buffer,
  );

/** What a batch would say, taken by a side as if it had been imported. */
function tell(side: TestSide, says: Pick<Envelope, "checkpoint" | "witnessed">, lineage?: string) {
  const { kernel } = side.station;
  const row = kernel.store.prepare("SELECT id FROM batch WHERE own = 0 ORDER BY id DESC").pluck().get();
  const last = lastEnvelope(side, 0);
  const { from } = last;
  const envelope = { ...last, ...says, from: { ...from, lineage: lineage ?? from.lineage } };
  return kernel.store.write(() => createWitness(kernel).take(peerOf(side), Number(row), envelope));
}

/** A head of a side's log that never was, signed by that log's own key. */
function forgedNote(side: TestSide, size: number): string {
  const { identity, kernel } = side.station;
  const origin = logOrigin(identity.id, identity.lineage);
  const text = checkpointText({ origin, size, root: Buffer.alloc(32, 7) });
  return signNote(text, [
    { name: parseVerifierKey(kernel.keyring.logVerifierKey()).name, pair: kernel.keyring.log() },
  ]);
}

function cosigned(side: TestSide, note: string): string {
  const { keyring } = side.station.kernel;
  const { name } = parseVerifierKey(keyring.witnessVerifierKey());
  return cosign(note, { name, pair: keyring.witness() }, 1_790_000_000);
}

describe("what batches say of logs", () => {
  test("each side sees the other's log grow, and is told how far its own was seen", async () => {
    const { low, high, stick } = await pair();
    for (const round of [1, 2, 3]) {
      low.station.request(`r-${round}`, "1");
      await carry(low, "high", stick);
      await take(high, stick);
      const seen = knows(high);
      expect(seen.size).toBe(knows(low).sent_size);
      expect(seen.root).toEqual(low.station.kernel.audit.tree.rootAt(seen.size));
      await carry(high, "low", stick);
      await take(low, stick);
      expect(knows(low)).toMatchObject({ witnessed_size: seen.size });
    }
    expect(knows(high).size).toBeGreaterThan(3);
    expect([...alarms(low), ...alarms(high)]).toEqual([]);
    expect(high.station.events.findLast(({ action }) => action === "transfer.batch-imported")).toMatchObject({
      details: { peerLog: "consistent" },
    });
  });

  test("the proofs begin where the peer was last told and where it was last seen to be", async () => {
    const { low, high, stick } = await pair();
    low.station.request("r-1", "1");
    await carry(low, "high", stick);
    const first = knows(low).sent_size;
    await take(high, stick);
    await carry(high, "low", stick);
    await take(low, stick);
    low.station.request("r-2", "1");
    await carry(low, "high", stick);
    expect(lastEnvelope(low).checkpoint?.proofs.map(({ since }) => since)).toEqual([first]);
    expect(lastEnvelope(low).witnessed).toContain("sallyport/");
  });
});

describe("an attack on a log", () => {
  async function crossed() {
    const both = await pair();
    both.low.station.request("r-1", "1");
    await carry(both.low, "high", both.stick);
    await take(both.high, both.stick);
    await carry(both.high, "low", both.stick);
    await take(both.low, both.stick);
    return both;
  }

  test("that rewrites history is an alarm with the note as evidence, and what was seen stays", async () => {
    const { low, high } = await crossed();
    const before = knows(high);
    const note = forgedNote(low, before.size);
    expect(tell(high, { checkpoint: { note, proofs: [] }, witnessed: null })).toMatchObject({
      peerLog: "fork",
    });
    expect(alarms(high)).toMatchObject([{ verdict: "fork", size: before.size, note }]);
    expect(knows(high)).toEqual(before);
  });

  test("that cuts its end is an alarm", async () => {
    const { low, high } = await crossed();
    const note = forgedNote(low, knows(high).size - 1);
    expect(tell(high, { checkpoint: { note, proofs: [] }, witnessed: null })).toMatchObject({
      peerLog: "rolled-back",
    });
  });

  test("with a proof that proves nothing is an alarm; with none it is not yet verifiable and no alarm", async () => {
    const { low, high } = await crossed();
    const { size } = knows(high);
    const note = forgedNote(low, size + 5);
    const none = { checkpoint: { note, proofs: [] }, witnessed: null };
    expect(tell(high, none)).toMatchObject({ peerLog: "not-yet-verifiable" });
    expect(alarms(high)).toEqual([]);
    const proofs = [{ since: size, hashes: [Buffer.alloc(32, 1).toString("base64")] }];
    expect(tell(high, { checkpoint: { note, proofs }, witnessed: null })).toMatchObject({ peerLog: "fork" });
  });

  test("signed by another key than the card's is an alarm", async () => {
    const { high } = await crossed();
    const note = forgedNote(high, 3);
    expect(tell(high, { checkpoint: { note, proofs: [] }, witnessed: null })).toMatchObject({
      peerLog: "bad-signature",
    });
  });

  test("of our own that a peer has witnessed and we don't have says that we were put back", async () => {
    const { low, high } = await crossed();
    const note = cosigned(high, forgedNote(low, 1000));
    expect(tell(low, { checkpoint: null, witnessed: note })).toMatchObject({ ownLog: "own-log" });
    expect(alarms(low)).toMatchObject([{ verdict: "own-log", size: 1000 }]);
  });

  test("by a peer that cosigns a head we never signed accuses the peer, not us", async () => {
    const { low, high } = await crossed();
    const { identity } = low.station;
    const text = checkpointText({
      origin: logOrigin(identity.id, identity.lineage),
      size: 1000,
      root: Buffer.alloc(32, 7),
    });
    const { keyring } = high.station.kernel;
    const { name } = parseVerifierKey(keyring.logVerifierKey());
    const note = cosigned(high, signNote(text, [{ name, pair: keyring.log() }]));
    expect(tell(low, { checkpoint: null, witnessed: note })).toMatchObject({ ownLog: "bad-signature" });
  });

  test("with text that is no note is an alarm and never an error", async () => {
    const { low } = await crossed();
    for (const note of ["", "x", "a\n1\n\n\u2014 b c\n", "\n".repeat(9)]) {
      expect(tell(low, { checkpoint: { note, proofs: [] }, witnessed: note })).toMatchObject({
        peerLog: expect.stringMatching(/^bad-/) as string,
        ownLog: expect.stringMatching(/^bad-/) as string,
      });
    }
  });

  test("with a note filled up to its cap does not make our next batch too large", async () => {
    const { low, high, stick } = await crossed();
    const filled = `${forgedNote(low, knows(high).size + 1)}${"\u2014 z AAAAAAAA\n".repeat(3000)}`;
    witnessStore(high.station.kernel.store).saw(peerOf(high), {
      lineage: low.station.identity.lineage,
      size: 9,
      root: Buffer.alloc(32),
      note: filled,
      at: "2026-11-21T08:00:00.000Z",
    });
    high.station.request("r-9", "1");
    await carry(high, "low", stick);
    expect(lastEnvelope(high).witnessed).toBeNull();
  });

  test("stays an alarm until people accept what the peer says now; then it goes on from there", async () => {
    const { low, high } = await crossed();
    const { kernel } = high.station;
    const { size } = knows(high);
    tell(high, { checkpoint: { note: forgedNote(low, size), proofs: [] }, witnessed: null });
    const settled = kernel.store.write(() =>
      createWitness(kernel).accept(peerOf(high), low.station.identity.lineage),
    );
    expect(settled).toBe(1);
    expect(alarms(high)).toEqual([]);
    expect(knows(high).root).toEqual(Buffer.alloc(32, 7));
  });

  test("of a new lineage begins a new history", async () => {
    const { low, high } = await crossed();
    const { identity, kernel } = low.station;
    const lineage = "0123456789abcdef";
    const text = checkpointText({
      origin: logOrigin(identity.id, lineage),
      size: 1,
      root: Buffer.alloc(32, 5),
    });
    const { name } = parseVerifierKey(kernel.keyring.logVerifierKey());
    const note = signNote(text, [{ name, pair: kernel.keyring.log() }]);
    expect(tell(high, { checkpoint: { note, proofs: [] }, witnessed: null }, lineage)).toMatchObject({
      peerLog: "consistent",
    });
    expect(knows(high)).toMatchObject({ lineage, size: 1 });
  });
});

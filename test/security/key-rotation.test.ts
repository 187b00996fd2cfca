import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { generateSigningKeyPair } from "../../main/station/crypto/ed25519.ts";
import { formatVerifierKey } from "../../main/station/crypto/vkey.ts";
import {
  openTestStation,
  passphrase,
  type TestClient,
  type TestStation,
} from "../../main/station/testing/open-test-station.ts";
import { asked, day, openPeople } from "./people.ts";
import { printSet, sheets } from "./recovery.ts";

// A whole rotation, as trust.md (Keys) asks for it, with work on its way.

const tool = fileURLToPath(new URL("../../tools/verify-audit.mjs", import.meta.url));
const code = (value: string) => expect.objectContaining({ code: value });

let folder: string;
let low: { opened: TestStation; client: TestClient };
let high: { opened: TestStation; client: TestClient };

async function station(side: "request" | "response"): Promise<typeof low> {
  const opened = await openTestStation(side);
  return { opened, client: await opened.signedIn() };
}

async function trust(own: TestClient, other: TestClient, peer: string): Promise<void> {
  const { card, phrase } = await other.station.card({});
  await own.peers.add({ card });
  await own.peers.trust({ peer, phrase });
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-rotation-"));
  low = await station("request");
});
afterEach(async () => {
  await low.opened.close();
  rmSync(folder, { recursive: true, force: true });
});

function medium(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const submit = (text: string) =>
  low.client.requests.submit({ source: { text }, kind: "echo", user: "alice" });
const states = async (client: TestClient, from: string) =>
  (await client.transfer.import({ medium: from })).bags.map(({ state, reason }) => ({ state, reason }));
const imported = { state: "imported", reason: null };

describe("a rotation between two stations", () => {
  beforeEach(async () => {
    high = await station("response");
    await trust(low.client, high.client, "high");
    await trust(high.client, low.client, "low");
  });
  afterEach(() => high.opened.close());

  test("leaves batches in flight good, both ways, and asks peers to take the card before newer ones", async () => {
    const [there, back, newer] = [medium("there"), medium("back"), medium("newer")];
    await submit("1");
    // Sealed and carried under the old key; and one from the peer for the old age identity.
    await low.client.transfer.export({ to: "high", medium: there });
    expect(await states(high.client, there)).toEqual([imported]);
    await high.client.requests.run({});
    await high.client.transfer.export({ to: "low", medium: back });

    const before = await low.client.station.show({});
    const rotated = await low.client.station.rotateKeys({ note: "yearly" });
    expect(rotated).toMatchObject({ serial: 2, replaced: before.fingerprint, peers: ["high"] });
    const after = await low.client.station.show({});
    expect(after.fingerprint).toBe(rotated.fingerprint);
    expect(after.fingerprint).not.toBe(before.fingerprint);
    expect(after.ageRecipient).not.toBe(before.ageRecipient);

    // What was on its way to the old key and the old age identity opens.
    expect(await states(low.client, back)).toEqual([imported]);

    await submit("2");
    await low.client.transfer.export({ to: "high", medium: newer });
    expect(await states(high.client, newer)).toEqual([{ state: "refused", reason: "untrusted-signer" }]);
    await high.client.peers.add({ card: rotated.card });
    await high.client.peers.trust({ peer: "low", phrase: rotated.phrase });
    expect(await states(high.client, newer)).toEqual([imported]);
    expect((await high.client.peers.logs({})).logs[0]).toMatchObject({ alarms: [] });

    // And the way back, for the new age identity, with the peer's cosignature of a head under the new log key.
    await high.client.requests.run({});
    const again = medium("again");
    await high.client.transfer.export({ to: "low", medium: again });
    expect(await states(low.client, again)).toEqual([imported]);
    expect((await low.client.peers.logs({})).logs[0]).toMatchObject({ alarms: [] });

    // A card that skips a rotation is not taken; those in order are.
    const second = await low.client.station.rotateKeys({ note: "once more" });
    const third = await low.client.station.rotateKeys({ note: "and again" });
    expect(third).toMatchObject({ serial: 4, replaced: second.fingerprint });
    await expect(high.client.peers.add({ card: third.card })).rejects.toEqual(code("refused"));
    await high.client.peers.add({ card: second.card });
  });

  test("copies what was sealed before it under the key that its envelope names", async () => {
    const [first, second] = [medium("first"), medium("second")];
    await submit("1");
    await low.client.transfer.export({ to: "high", medium: first });
    await low.client.station.rotateKeys({ note: "yearly" });
    // The first stick is lost; the second is written after the rotation, for a peer that knows the old card alone.
    await low.client.transfer.export({ to: "high", medium: second });
    expect(await states(high.client, second)).toEqual([imported]);
  });

  test("and the old key revoked, tells the peer with the next batch, which then takes nothing by it", async () => {
    const [stolen, next] = [medium("stolen"), medium("next")];
    await submit("1");
    // Sealed and copied under the old key, and not arrived.
    await low.client.transfer.export({ to: "high", medium: stolen });
    const rotated = await low.client.station.rotateKeys({ note: "it may be copied" });
    await high.client.peers.add({ card: rotated.card });
    await high.client.peers.trust({ peer: "low", phrase: rotated.phrase });
    await expect(
      low.client.station.revokeKey({ fingerprint: rotated.fingerprint, note: "no" }),
    ).rejects.toEqual(code("conflict"));
    await low.client.station.revokeKey({ fingerprint: rotated.replaced, note: "it may be copied" });
    await expect(
      low.client.station.revokeKey({ fingerprint: rotated.replaced, note: "again" }),
    ).rejects.toEqual(code("not-found"));
    const { keys } = await low.client.station.show({});
    expect(keys.find((key) => key.fingerprint === rotated.replaced)?.revokedAt).not.toBeNull();

    // It is not carried again; given up, its records go under the new key, with the word about the old one.
    const [batch] = (await low.client.transfer.ledger({})).batches;
    const lost = { peer: "high", sequence: 1, confirm: batch?.batch ?? "", note: "revoked" };
    await low.client.transfer.giveUp(lost);
    await low.client.transfer.export({ to: "high", medium: next });
    expect(await states(high.client, next)).toEqual([imported]);
    const taken = await states(high.client, stolen);
    expect(taken).toEqual([{ state: "refused", reason: "revoked-signer" }]);
  });
});

describe("a rotation of all keys", () => {
  test("is followed by whoever verifies the log with the old key alone", async () => {
    const old = await low.client.audit.checkpoint({});
    const oldKey = old.keys[0] ?? "";
    const rotated = await low.client.station.rotateKeys({ note: "yearly" });
    const note = file("handover.txt", rotated.handover ?? "");
    const run = (...argv: string[]) =>
      spawnSync(process.execPath, [tool, ...argv], { encoding: "utf8" }).status;
    expect(run("handover", note, "--old-key", oldKey, "--key", rotated.logKey)).toBe(0);
    const stranger = formatVerifierKey("low", 1, generateSigningKeyPair().publicKey);
    expect(run("handover", note, "--old-key", stranger, "--key", rotated.logKey)).toBe(1);
    expect(run("handover", note, "--old-key", oldKey, "--key", oldKey)).toBe(2);
    // Later ones are the new key's alone.
    await submit("1");
    const later = await low.client.audit.checkpoint({});
    expect(later.keys[0]).toBe(rotated.logKey);
    const laterNote = file("later.txt", later.note);
    // From the last note of the old key to now, the history is the same.
    const since = Number(old.note.split("\n")[1]);
    const grown = file("grown.txt", (await low.client.audit.consistency({ since })).proof);
    const oldNote = file("old.txt", old.note);
    const both = ["--old", oldNote, "--old-key", oldKey, "--key", rotated.logKey];
    expect(run("consistency", grown, ...both)).toBe(0);
    expect(run("consistency", grown, "--old", oldNote, "--key", rotated.logKey)).toBe(1);
    expect(run("handover", laterNote, "--old-key", oldKey, "--key", rotated.logKey)).toBe(1);
    expect(await low.client.audit.verify({})).toMatchObject({ ok: true });
  });

  test("raises no alarm of its own at the next start", async () => {
    await low.client.station.rotateKeys({ note: "yearly" });
    const { directory } = low.opened;
    await low.opened.station.close();
    const opened = await openTestStation(null, { directory });
    const client = opened.client().client;
    await client.session.signIn({ passphrase });
    expect((await client.audit.standing({})).alarms).toEqual([]);
    await client.transfer.ledger({});
    low = { opened, client };
  });

  test("that is cut off changes nothing, wherever it is", async () => {
    const before = await low.client.station.show({});
    for (const where of [
      "BEFORE INSERT ON master_key",
      "AFTER INSERT ON station_key",
      "BEFORE INSERT ON card",
      "BEFORE DELETE ON master_key_grant",
      "BEFORE INSERT ON audit_event",
    ]) {
      const db = new Database(join(low.opened.directory, "station.db"));
      db.exec(`CREATE TRIGGER cut ${where} BEGIN SELECT raise(ABORT, 'cut off'); END`);
      await expect(low.client.station.rotateKeys({ note: "yearly" })).rejects.toEqual(code("internal"));
      db.exec("DROP TRIGGER cut");
      db.close();
      expect((await low.client.station.show({})).keys, where).toEqual(before.keys);
    }
    expect((await low.client.station.card({})).serial).toBe(1);
    const later = await low.client.station.rotateKeys({ note: "at last" });
    expect(later.serial).toBe(2);
  });
});

describe("after somebody was removed", () => {
  test("Watch asks for a rotation until it is done, and printed shares stay good", async () => {
    const people = await openPeople();
    await people.enrol("eve", ["operator"]);
    const set = await printSet(people.ada.client, people.ada.passphrase);
    people.now += 1000;
    await people.ada.client.operators.remove({ name: "eve" });
    const kinds = async () => (await people.ada.client.watch.summary({})).needs.map(({ kind }) => kind);
    expect(await kinds()).toContain("keys");
    people.now += 1000;
    await people.ada.client.station.rotateKeys({ note: "eve left" });
    expect(await kinds()).not.toContain("keys");
    const opened = await people.opened.client().client.recovery.open({
      shares: sheets(set, 1, 3),
      operator: "ada",
      passphrase: "the passphrase that ada chose on the bad day",
    });
    expect(opened.masterVersion).toBe(4);
    await people.close();
  });

  test("in a station for two a rotation needs a second person, for these very keys", async () => {
    const people = await openPeople({ people: "two" });
    let bob = await people.enrol("bob", ["approver"]);
    people.now += 2 * day;
    people.ada = await people.signIn("ada", people.ada.passphrase);
    bob = await people.signIn("bob", bob.passphrase);
    const step = () => people.ada.client.station.rotateKeys({ note: "yearly" });
    await people.agree(await asked(step()), bob);
    expect((await step()).serial).toBe(2);
    // Used up, and about other keys now.
    await asked(step());
    await people.close();
  });
});

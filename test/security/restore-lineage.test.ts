import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import {
  openTestStation,
  passphrase,
  type TestClient,
} from "../../main/station/testing/open-test-station.ts";

// The whole way of a restore between two stations: what the restored one lost comes again, nothing twice, and both ledgers
// come to an end (docs/format.md, Restores).

let folder = "";
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  rmSync(folder, { recursive: true, force: true });
});

interface Open {
  readonly name: "low" | "high";
  client: TestClient;
  readonly directory: string;
  close(): Promise<void>;
}

async function openAt(name: "low" | "high", directory: string): Promise<Open & { visitor: TestClient }> {
  mkdirSync(directory, { recursive: true });
  const opened = await openTestStation(null, { directory });
  let isOpen = true;
  const visitor = opened.client().client;
  const made = {
    name,
    client: visitor,
    visitor,
    directory,
    async close() {
      if (isOpen) await opened.close();
      isOpen = false;
    },
  };
  closing.push(() => made.close());
  return made;
}

async function signIn(open: Open): Promise<void> {
  await open.client.session.signIn({ passphrase });
}

async function pair(): Promise<{ low: Open; high: Open }> {
  folder = mkdtempSync(join(tmpdir(), "sallyport-restored-"));
  const low = await openAt("low", join(folder, "low"));
  const high = await openAt("high", join(folder, "high"));
  await low.client.station.init({ name: "low", side: "request", operator: "ada", passphrase });
  await high.client.station.init({ name: "high", side: "response", operator: "ada", passphrase });
  for (const one of [low, high]) await signIn(one);
  for (const [own, other] of [
    [low, high],
    [high, low],
  ] as const) {
    const { card, phrase } = await other.client.station.card({});
    await own.client.peers.add({ card });
    await own.client.peers.trust({ peer: other.name, phrase });
  }
  return { low, high };
}

function medium(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

const submit = async (low: Open, body: string): Promise<string> => {
  const { ids } = await low.client.requests.submit({ source: { text: body }, kind: "echo", user: "alice" });
  return ids[0] ?? "";
};

let sticks = 0;
/** Carries what waits from one to the other; returns the states of its bags. */
async function carry(from: Open, to: Open): Promise<string[]> {
  const path = medium(`stick-${(sticks += 1)}`);
  await from.client.transfer.export({ to: to.name, medium: path });
  return take(to, path);
}

async function take(to: Open, path: string): Promise<string[]> {
  const { bags } = await to.client.transfer.import({ medium: path });
  return bags.map(({ state }) => state);
}

/** The station is lost; its backup comes back on another machine and is reviewed. */
async function restore(lost: Open, backup: string): Promise<Open> {
  await lost.close();
  rmSync(lost.directory, { recursive: true });
  const back = await openAt(lost.name, join(folder, `${lost.name}-restored`));
  await back.client.station.restore({ from: backup, operator: "ada", passphrase });
  await signIn(back);
  await review(back);
  return back;
}

async function review({ client }: Open): Promise<void> {
  for (const { kind, name } of (await client.station.review({})).items) {
    await client.station.reviewItem({ kind, name, decision: "keep" });
  }
  await client.station.finishReview({});
}

async function acceptOffered(at: Open, peer: string): Promise<void> {
  const { peers } = await at.client.peers.list({});
  const lineage = peers.find(({ name }) => name === peer)?.offeredLineage ?? "";
  await at.client.peers.acceptLineage({ peer, lineage });
}

const answerOf = async (low: Open, request: string): Promise<string> =>
  (await low.client.responses.get({ request })).body;

/** Our batches that are in no end yet. */
async function unsettled(at: Open): Promise<string[]> {
  const own = at.name === "low" ? "request-to-response" : "response-to-request";
  const { batches } = await at.client.transfer.ledger({});
  return batches
    .filter(({ direction, state }) => direction === own && !["imported", "voided"].includes(state))
    .map(({ sequence, state }) => `${sequence} ${state}`);
}

async function expectSound(...stations: Open[]): Promise<void> {
  for (const { client } of stations) {
    expect(await client.audit.verify({})).toMatchObject({ ok: true });
    expect((await client.transfer.alarms({})).alarms).toEqual([]);
    expect((await client.peers.logs({})).logs).toMatchObject([{ alarms: [] }]);
  }
}

describe("a restored station on the request side", () => {
  test("gets again what its peer had sent since the backup, and sends on in its new lineage", async () => {
    const { low, high } = await pair();
    const first = await submit(low, '"first"');
    await carry(low, high);
    await high.client.requests.run({});
    await carry(high, low);
    const backup = medium("backup");
    await low.client.station.backup({ out: backup });

    // After the backup: a whole crossing, and a batch that is on its way when the disk dies.
    await submit(low, '"second"');
    await carry(low, high);
    await high.client.requests.run({});
    await carry(high, low);
    await submit(low, '"third"');
    const flight = medium("flight");
    await low.client.transfer.export({ to: "high", medium: flight });

    const back = await restore(low, backup);
    const fourth = await submit(back, '"fourth"');
    expect(await answerOf(back, first)).toBe('"first"');
    expect(await take(high, flight), "of the lineage that is still accepted").toEqual(["imported"]);
    const held = medium("held");
    await back.client.transfer.export({ to: "high", medium: held });
    expect(await take(high, held)).toEqual(["held"]);
    await acceptOffered(high, "low");
    expect(await take(high, held)).toEqual(["imported"]);

    await high.client.requests.run({});
    // Both the answer that was lost and the new ones: the lost one under its old number.
    expect(await carry(high, back)).toEqual(["imported", "imported"]);
    expect(await answerOf(back, fourth)).toBe('"fourth"');
    // Answers and receipts about what the backup does not know are kept in quarantine, not lost.
    const reasons = (await back.client.transfer.quarantine({})).lines.map(({ reason }) => reason);
    expect(reasons.toSorted()).toEqual([
      "unknown-batch",
      "unknown-batch",
      "unknown-request",
      "unknown-request",
    ]);
    expect((await back.client.station.review({})).restore).toMatchObject({ knownFrom: "peer" });
    await carry(back, high);
    const settled = await carry(high, back);
    expect(settled.every((state) => state === "imported")).toBe(true);
    await carry(back, high);
    expect(await unsettled(high)).toEqual([]);
    await expectSound(back, high);
  });
});

describe("a restored station on the response side", () => {
  test("takes the lost batch in again; answers that had arrived stay as they were", async () => {
    const { low, high } = await pair();
    const first = await submit(low, '"first"');
    await carry(low, high);
    await high.client.requests.run({});
    const backup = medium("backup");
    await carry(high, low);
    await high.client.station.backup({ out: backup });
    const second = await submit(low, '"second"');
    await carry(low, high);
    await high.client.requests.run({});
    await carry(high, low);
    expect(await answerOf(low, second)).toBe('"second"');

    const back = await restore(high, backup);
    const offered = medium("offered");
    await back.client.transfer.export({ to: "low", medium: offered });
    expect(await take(low, offered)).toEqual(["held"]);
    await acceptOffered(low, "high");
    expect(await take(low, offered)).toEqual(["imported"]);
    expect(await answerOf(low, first)).toBe('"first"');

    // low has read what high still holds: batch 2 goes again, under its number, with the same bytes.
    const third = await submit(low, '"third"');
    expect(await carry(low, back)).toEqual(["imported", "imported"]);
    await back.client.requests.run({});
    expect(await carry(back, low)).toEqual(["imported"]);
    expect(await answerOf(low, third)).toBe('"third"');
    expect(await answerOf(low, second)).toBe('"second"');
    expect((await low.client.requests.list({})).requests).toHaveLength(3);
    await carry(low, back);
    await carry(back, low);
    // The last one holds receipts alone: the next `have` settles it.
    expect(await unsettled(low)).toEqual(["4 copied"]);
    await expectSound(low, back);
  });
});

test("two of one station: after the peer has accepted the restored one, the old one's batches are held", async () => {
  const { low, high } = await pair();
  await submit(low, "1");
  await carry(low, high);
  const backup = medium("backup");
  await low.client.station.backup({ out: backup });
  cpSync(backup, join(folder, "copy"), { recursive: true });
  const back = await openAt("low", join(folder, "low-again"));
  await back.client.station.restore({ from: backup, operator: "ada", passphrase });
  await signIn(back);
  await review(back);
  await submit(back, "2");
  const path = medium("restored");
  await back.client.transfer.export({ to: "high", medium: path });
  await take(high, path);
  await acceptOffered(high, "low");
  expect(await take(high, path)).toEqual(["imported"]);
  await submit(low, "3");
  expect(await carry(low, high)).toContain("held");
});

// Two stations found, paired and crossing, with power cut at any moment: run under recorder.c. After each thing that it
// was told is done, it says so in the file named by SALLYPORT_RECORD_ACKS; what was said must survive.
import { appendFileSync, closeSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import {
  openTestStation,
  passphrase,
  type TestClient,
} from "../../main/station/testing/open-test-station.ts";

/** What the world was told. `events` is the size of the log that the answer stands on. */
export type Said =
  | { readonly did: "log"; readonly station: string; readonly events: number }
  | { readonly did: "requests"; readonly ids: readonly string[]; readonly events: number }
  | {
      readonly did: "export";
      readonly from: string;
      readonly batch: string;
      readonly bags: readonly string[];
    }
  | {
      readonly did: "import";
      readonly to: string;
      readonly batch: string;
      readonly requests: readonly string[];
    };

// What a station must never run with: shows that the harness would see it.
if (process.env["SALLYPORT_RECORD_NORMAL"] === "1") {
  // oxlint-disable-next-line typescript/unbound-method -- it is called with its own `this` below
  const pragma = Database.prototype.pragma;
  Database.prototype.pragma = function weakened(this: Database.Database, text: string, options?: object) {
    if (text === "synchronous") return 2;
    return pragma.call(this, text === "synchronous = FULL" ? "synchronous = NORMAL" : text, options);
  };
}

const root = process.env["SALLYPORT_RECORD_ROOT"] ?? "";
const acks = process.env["SALLYPORT_RECORD_ACKS"] ?? "";
const rounds = Number(process.argv[2] ?? 3);

const say = (said: Said): void => appendFileSync(acks, `${JSON.stringify(said)}\n`);

/** What was there before us: a home, a medium. */
function makeFolder(path: string): void {
  mkdirSync(path);
  const parent = openSync(root, "r");
  fsyncSync(parent);
  closeSync(parent);
}

async function station(name: "low" | "high"): Promise<{ client: TestClient; close: () => Promise<void> }> {
  const directory = join(root, name);
  makeFolder(directory);
  const opened = await openTestStation(null, { directory });
  const side = name === "low" ? "request" : "response";
  await opened.client().client.station.init({ name, side, operator: "ada", passphrase });
  const client = await opened.signedIn();
  await log(name, client);
  return { client, close: () => opened.close() };
}

async function log(name: string, client: TestClient): Promise<number> {
  const { audit } = await client.station.show({});
  say({ did: "log", station: name, events: audit.events });
  return audit.events;
}

const low = await station("low");
const high = await station("high");
for (const [own, other, peer] of [
  [low, high, "high"],
  [high, low, "low"],
] as const) {
  const { card, phrase } = await other.client.station.card({});
  await own.client.peers.add({ card });
  await own.client.peers.trust({ peer, phrase });
}

const medium = join(root, "stick");
makeFolder(medium);
for (let round = 1; round <= rounds; round += 1) {
  const ids: string[] = [];
  for (let number = 1; number <= 4; number += 1) {
    const text = JSON.stringify({ round, number, filler: "x".repeat(200 * number) });
    const submitted = await low.client.requests.submit({ source: { text }, kind: "echo", user: "alice" });
    ids.push(...submitted.ids);
    say({ did: "requests", ids: submitted.ids, events: await log("low", low.client) });
  }
  // Several at once share a commit; each is told only after it.
  const burst = [1, 2, 3].map(async (number) => {
    const text = JSON.stringify({ round, burst: number });
    const submitted = await low.client.requests.submit({ source: { text }, kind: "echo", user: "alice" });
    ids.push(...submitted.ids);
    say({ did: "requests", ids: submitted.ids, events: 0 });
  });
  await Promise.all(burst);
  await log("low", low.client);
  const there = await low.client.transfer.export({ to: "high", medium });
  say({ did: "export", from: "low", batch: there.batch ?? "", bags: there.volumes });
  for (const bag of (await high.client.transfer.import({ medium })).bags) {
    if (bag.state === "imported") say({ did: "import", to: "high", batch: bag.batch ?? "", requests: ids });
  }
  await log("high", high.client);
  await high.client.requests.run({});
  const back = await high.client.transfer.export({ to: "low", medium });
  say({ did: "export", from: "high", batch: back.batch ?? "", bags: back.volumes });
  for (const bag of (await low.client.transfer.import({ medium })).bags) {
    if (bag.state === "imported") say({ did: "import", to: "low", batch: bag.batch ?? "", requests: [] });
  }
  await log("low", low.client);
}
await low.close();
await high.close();

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { machineFacts, type MachineFacts } from "./machine.ts";
import { operate, type StationPlace } from "./station-command.ts";

/** Where a demo pair lies. */
export interface DemoPair {
  /** The request station: it asks. */
  readonly low: StationPlace;
  /** The response station, behind the gap: it answers. */
  readonly high: StationPlace;
  /** The folder that stands in for a USB stick. */
  readonly stick: string;
}

/** The places in a demo folder; nothing is made. */
export function demoPlaces(folder: string): DemoPair {
  const place = (name: string): StationPlace => ({
    name,
    directory: join(folder, name),
    passphraseFile: join(folder, `${name}.passphrase`),
  });
  return { low: place("low"), high: place("high"), stick: join(folder, "stick") };
}

/**
 * Makes the pair in an empty folder and carries a batch there and back, telling each step to `say`. Throws at the first
 * step that doesn't hold.
 */
export async function makeDemo(folder: string, say: (line: string) => void): Promise<DemoPair> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const pair = demoPlaces(folder);
  mkdirSync(pair.stick);
  await found(pair, say);
  await introduce(pair, folder, say);

  const facts = machineFacts();
  const asked = await ask(pair, facts, folder, say);
  await carry(pair.low, pair.high, pair.stick, say);
  const { answered, failed } = await operate(pair.high, "requests", "run");
  assert.equal(failed, 0, `${failed} requests failed at high`);
  assert.equal(answered, asked.length, "not every request was answered");
  say(`high answered ${answered} requests.`);
  await carry(pair.high, pair.low, pair.stick, say);
  await checkAnswers(pair, asked, say);
  say("The receipt for the answers goes back with the next walk:");
  await carry(pair.low, pair.high, pair.stick, say);
  await settle(pair, say);
  return pair;
}

async function found({ low, high }: DemoPair, say: (line: string) => void): Promise<void> {
  const sides = [
    { station: low, side: "request" },
    { station: high, side: "response" },
  ];
  await Promise.all(
    sides.map(async ({ station, side }) => {
      writeFileSync(station.passphraseFile, `${randomBytes(18).toString("base64url")}\n`, { mode: 0o600 });
      await operate(station, "station", "init", { name: station.name, side, operator: "admin" });
    }),
  );
  for (const { station, side } of sides) {
    say(`Founded ${station.name}, the ${side} station, in ${station.directory}.`);
    say(`  Its passphrase was made up just now and is in ${station.passphraseFile}.`);
  }
}

/** Each side hands its card over and reads its own phrase aloud; the other compares it and trusts. */
async function introduce(
  { low, high }: DemoPair,
  folder: string,
  say: (line: string) => void,
): Promise<void> {
  for (const [from, to] of [
    [low, high],
    [high, low],
  ] as const) {
    const card = join(folder, `${from.name}.card`);
    const own = await operate(from, "station", "card", { out: card });
    const received = await operate(to, "peers", "add", { card });
    assert.equal(received.phrase, own.phrase, `${to.name} sees another phrase than ${from.name} reads aloud`);
    await operate(to, "peers", "trust", { peer: from.name, phrase: own.phrase });
    say(`${to.name} trusts ${from.name}: both read "${own.phrase}".`);
  }
}

interface Asked {
  readonly id: string;
  readonly isRight: (body: string) => boolean;
}

async function ask(
  { low, high }: DemoPair,
  facts: MachineFacts,
  folder: string,
  say: (line: string) => void,
): Promise<readonly Asked[]> {
  const submit = async (kind: string, bodies: readonly string[]): Promise<string[]> => {
    const file = writeLines(join(folder, `${kind}.jsonl`), bodies);
    const { ids } = await operate(low, "requests", "submit", { file, kind, user: "admin" });
    assert.equal(ids.length, bodies.length, `${kind}: not every line became a request`);
    return ids;
  };
  const { total } = await operate(high, "documents", "load", {
    file: writeLines(join(folder, "documents.jsonl"), facts.documents),
  });
  say(`high holds ${total} documents to search: what is installed on this machine.`);
  const echoes = await submit("echo", facts.bodies);
  const searches = await submit(
    "search",
    facts.queries.map(({ word }) => JSON.stringify({ query: word, limit: 5 })),
  );
  say(`low asks: ${echoes.length} echoes of facts about this machine, ${searches.length} searches.`);
  return [
    ...echoes.map((id, index) => ({ id, isRight: (body: string) => body === facts.bodies[index] })),
    ...searches.map((id, index) => ({
      id,
      isRight: (body: string) => body.includes(facts.queries[index]?.finds ?? ""),
    })),
  ];
}

/** The three honest answers of a copy (docs/format.md). */
const readBackSaid = {
  remounted: "Every byte was read back from the medium after it was mounted anew.",
  direct: "Every byte was read back from the medium itself.",
  none: "A folder stands in for the stick, so nothing proves yet that the bytes reached a medium.",
} as const;

async function carry(
  from: StationPlace,
  to: StationPlace,
  stick: string,
  say: (line: string) => void,
): Promise<void> {
  const sealed = await operate(from, "transfer", "export", { to: to.name, medium: stick });
  assert.ok(sealed.batch, `${from.name} had nothing to carry to ${to.name}`);
  say(
    `${from.name} sealed batch ${sealed.batch} for ${to.name}: ${records(sealed.records)}, ${sealed.bytes} bytes.`,
  );
  say(`  ${readBackSaid[sealed.readBack ?? "none"]}`);

  const inspected = await operate(to, "transfer", "inspect", { medium: stick });
  assert.equal(inspected.bags.find(({ batch }) => batch === sealed.batch)?.state, "verified");
  say(`... walked across; ${to.name} finds its shape and signature good, before any key is used.`);

  const { bags } = await operate(to, "transfer", "import", { medium: stick });
  const bag = bags.find(({ batch }) => batch === sealed.batch);
  assert.equal(bag?.state, "imported", `${to.name} did not import it: ${bag?.reason}`);
  assert.equal(bag.imported, sealed.records, `${to.name} did not import every record`);
  say(
    `${to.name} imported it: ${records(bag.imported)}, ${bag.duplicate} duplicate, ${bag.quarantined} quarantined.`,
  );
}

async function checkAnswers(
  { low }: DemoPair,
  asked: readonly Asked[],
  say: (line: string) => void,
): Promise<void> {
  let right = 0;
  // A process an answer: enough of them to prove the point, spread over all.
  const sample = asked.filter((_, index) => index < 2 || index >= asked.length - 2);
  for (const { id, isRight } of sample) {
    const { status, body } = await operate(low, "responses", "get", { request: id });
    assert.equal(status, "ok", `the answer to ${id} is an error: ${body}`);
    assert.ok(isRight(body), `the answer to ${id} is not what was asked for: ${body}`);
    right += 1;
  }
  const { requests } = await operate(low, "requests", "list", { limit: "500" });
  const open = requests.filter(({ state }) => state !== "answered");
  assert.equal(open.length, 0, `${open.length} requests are not answered`);
  say(
    `low has every answer; ${right} of them compared: echoes byte for byte, searches by what they must find.`,
  );
}

/** Both logs recomputed, both ledgers without an open batch of requests or responses. */
async function settle({ low, high }: DemoPair, say: (line: string) => void): Promise<void> {
  const checked = await Promise.all(
    [low, high].map(async (station) => ({
      station,
      log: await operate(station, "audit", "verify"),
      ledger: await operate(station, "transfer", "ledger"),
    })),
  );
  for (const { station, log, ledger } of checked) {
    assert.ok(log.ok, `the audit log of ${station.name} is broken at event ${log.firstBad}`);
    say(
      `${station.name}: ${log.events} events in the audit log, all recomputed, root ${log.root.slice(0, 16)}...`,
    );
    for (const { direction, sequence, batch, state } of ledger.batches) {
      say(`  ${direction} ${sequence}  ${batch}  ${state}`);
    }
    // The first batch of each direction carried the requests and the answers; the second one carries receipts alone.
    const crossings = ledger.batches.filter(({ sequence }) => sequence === 1);
    assert.equal(crossings.length, 2, `the ledger of ${station.name} lacks a crossing`);
    const open = crossings.filter(({ state }) => state !== "imported");
    assert.deepEqual(open, [], `the ledger of ${station.name} has an open crossing`);
  }
  say("Both ledgers agree: what one side sealed, the other has signed for.");
}

const records = (count: number): string => `${count} ${count === 1 ? "record" : "records"}`;

function writeLines(file: string, values: readonly string[]): string {
  writeFileSync(file, values.map((line) => `${line}\n`).join(""), { mode: 0o600 });
  return file;
}

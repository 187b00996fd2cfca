import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Session } from "./session.ts";
import { ask, done } from "./command-line.ts";
import type { CommandOptions, Document } from "./command-line.ts";
import type { Quarantine, QuarantineRow, Requests, RequestRow } from "./answers.ts";

/** Stations of the product, made and driven through its command line. */

export type Side = "request" | "response";

export interface Station {
  name: string;
  side: Side;
  directory: string;
  passphraseFile: string;
  cardFile: string;
}

const passphrase = "correct horse battery staple";

/** Runs a command at a station and throws unless it ended well. */
export async function at<Output>(
  station: Station,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<Output> {
  return done<Output>(args, { ...options, ...credentials(station) });
}

/** Runs a command at a station and returns its document with the exit code. */
export async function tryAt<Output>(
  station: Station,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<Document<Output>> {
  return ask<Output>(args, { ...options, ...credentials(station) });
}

/** The flags that unlock a station. */
export function credentials(station: Station): { station: string; passphraseFile: string } {
  return { station: station.directory, passphraseFile: station.passphraseFile };
}

/** Founds a station below `root` and writes its card. */
export async function foundStation(root: string, name: string, side: Side): Promise<Station> {
  mkdirSync(root, { recursive: true });
  const station: Station = {
    name,
    side,
    directory: join(root, name),
    passphraseFile: join(root, `${name}.passphrase`),
    cardFile: join(root, `${name}.card`),
  };
  writeFileSync(station.passphraseFile, `${passphrase}\n`, { mode: 0o600 });
  await at(station, ["station", "init", "--name", name, "--side", side, "--operator", "admin"]);
  await at(station, ["station", "card", "--out", station.cardFile]);
  return station;
}

/** Takes a card in and trusts it by the phrase that the console shows for it. */
export async function trust(station: Station, name: string, cardFile: string): Promise<void> {
  const { phrase } = await at<{ phrase: string }>(station, ["peers", "add", "--card", cardFile]);
  await at(station, ["peers", "trust", "--peer", name, "--phrase", phrase]);
}

export interface Pair {
  low: Station;
  high: Station;
}

/** Two stations that trust each other. */
export async function foundPair(root: string): Promise<Pair> {
  const low = await foundStation(root, "low", "request");
  const high = await foundStation(root, "high", "response");
  await trust(low, high.name, high.cardFile);
  await trust(high, low.name, low.cardFile);
  return { low, high };
}

/** Every quarantined line, over all pages. */
export async function allQuarantined(session: Pick<Session, "call">): Promise<QuarantineRow[]> {
  const lines: QuarantineRow[] = [];
  let after: string | null = null;
  do {
    const page: Quarantine = await session.call("transfer", "quarantine", pageAfter(after));
    lines.push(...page.lines);
    after = page.next;
  } while (after !== null);
  return lines;
}

/** Every request, over all pages. */
export async function allRequests(session: Pick<Session, "call">): Promise<RequestRow[]> {
  const requests: RequestRow[] = [];
  let after: string | null = null;
  do {
    const page: Requests = await session.call("requests", "list", pageAfter(after));
    requests.push(...page.requests);
    after = page.next;
  } while (after !== null);
  return requests;
}

/** The input of a list's next page, as large as the contract allows. */
function pageAfter(after: string | null): { limit: number; after?: string } {
  return { limit: 500, ...(after === null ? {} : { after }) };
}

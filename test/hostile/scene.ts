import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Answer } from "../support/command-line.ts";
import type { BagRow, Bags } from "../support/answers.ts";
import { at, foundStation, trust, tryAt } from "../support/stations.ts";
import type { Station } from "../support/stations.ts";
import { makeBag, writeBag } from "./forge/bag.ts";
import type { BagPlan } from "./forge/bag.ts";
import { partOf, seal } from "./forge/batch.ts";
import type { BatchPlan, PartPlan, SealChanges, Sealed } from "./forge/batch.ts";
import { cardOf, makeIdentity, readCard } from "./forge/identity.ts";
import type { Identity, Recipient, Side } from "./forge/identity.ts";
import { requestLine, sha256Hex } from "./forge/records.ts";

/** A peer that the station under attack trusts, and how far its numbers have come. */
export interface Lane {
  identity: Identity;
  sequence: number;
  previous: string | null;
}

/** A station of the product, adversaries that hold trusted keys, and places to lay sticks down. */
export interface Scene {
  root: string;
  station: Station;
  reader: Recipient;
  /** The current lane of the opposite side. */
  lane: () => Promise<Lane>;
  /** A fresh trusted peer. */
  newLane: (name?: string) => Promise<Lane>;
  /** Give the current lane up: its number can't be known any more. */
  abandonLane: () => void;
  /** A new empty folder standing in for a stick. */
  newMedium: () => string;
}

let peerCount = 0;

/** A name that no other peer of this run has. */
export function freshName(stem: string): string {
  peerCount += 1;
  return `${stem}-${peerCount}`;
}

/** Trusts an identity at a station and returns it as a lane. */
export async function trustLane(root: string, station: Station, identity: Identity): Promise<Lane> {
  const cardFile = join(root, `${identity.name}.card`);
  writeFileSync(cardFile, cardOf(identity));
  await trust(station, identity.name, cardFile);
  return { identity, sequence: 1, previous: null };
}

/** Founds the station under attack; peers are trusted when they are first needed. */
export async function openScene(root: string, side: Side): Promise<Scene> {
  const station = await foundStation(root, side === "response" ? "high" : "low", side);
  const peerSide: Side = side === "response" ? "request" : "response";
  let current: Lane | null = null;
  let media = 0;
  const scene: Scene = {
    root,
    station,
    reader: readCard(readFileSync(station.cardFile, "utf8")),
    newLane: (name) =>
      trustLane(root, station, makeIdentity(name ?? freshName(`peer-${peerSide}`), peerSide)),
    lane: async () => (current ??= await scene.newLane()),
    abandonLane: () => {
      current = null;
    },
    newMedium: () => {
      media += 1;
      const medium = join(root, `stick-${media}`);
      mkdirSync(join(medium, "sallyport"), { recursive: true });
      return medium;
    },
  };
  return scene;
}

let recordCount = 0;

/** A record id used nowhere else in this run. */
export function freshId(stem = "r"): string {
  recordCount += 1;
  return `${stem}-${recordCount}`;
}

/** One harmless request. */
export function harmlessPart(): PartPlan {
  return partOf([requestLine(freshId())]);
}

/** Seals the next batch of a lane without moving the lane on. */
export function sealNext(
  scene: Scene,
  lane: Lane,
  parts: readonly PartPlan[] = [harmlessPart()],
  changes: SealChanges = {},
  more: Partial<BatchPlan> = {},
): Sealed {
  return seal({
    from: lane.identity,
    to: scene.reader,
    sequence: lane.sequence,
    previous: lane.previous,
    parts,
    changes,
    ...more,
  });
}

/** Moves a lane past a batch whose number was used up. */
export function moveOn(lane: Lane, sealed: Sealed): void {
  lane.sequence = sealed.sequence + 1;
  lane.previous = sealed.sha256;
}

/** Lays a bag of a sealed batch onto a medium; returns its directory's name. */
export function lay(medium: string, sealed: Sealed, plan: BagPlan = {}): string {
  const bag = makeBag(sealed, plan);
  writeBag(medium, bag);
  return bag.directory;
}

/** Looks at a medium or imports it: the rows, and how the process ended. */
export async function read(
  scene: Scene,
  verb: "inspect" | "import",
  medium: string,
  timeoutMs = 60_000,
): Promise<{ rows: BagRow[]; answer: Answer }> {
  const answer = await tryAt<Bags>(scene.station, ["transfer", verb, "--medium", medium], {
    timeoutMs,
  });
  if (!Array.isArray(answer.output.bags)) {
    throw new Error(`no bags from ${verb}: ${answer.stdout.slice(0, 500)}${answer.stderr}`);
  }
  return { rows: answer.output.bags, answer };
}

/** The one row of a bag; throws when there is none. */
export function rowOf(rows: readonly BagRow[], bag: string): BagRow {
  const row = rows.find((candidate) => candidate.bag === bag);
  if (row === undefined) throw new Error(`no row for ${bag}: ${JSON.stringify(rows)}`);
  return row;
}

/** The ledger of one peer, oldest first. */
export async function ledgerOf(
  scene: Scene,
  lane: Lane,
): Promise<{ sequence: number; state: string; sha256: string | null; direction: string }[]> {
  const { batches } = await at<{
    batches: {
      peer: string;
      sequence: number;
      state: string;
      sha256: string | null;
      direction: string;
    }[];
  }>(scene.station, ["transfer", "ledger"]);
  return batches
    .filter((row) => row.peer === lane.identity.name)
    .toSorted((one, other) => one.sequence - other.sequence);
}

/** Every path below a folder with what it is, to see that nothing was touched. Follows no link. */
export function photograph(folder: string): string[] {
  const lines: string[] = [];
  const visit = (path: string): void => {
    const state = lstatSync(path);
    const isSmall = state.isFile() && state.size < 1_048_576;
    const content = isSmall ? sha256Hex(readFileSync(path)) : `${state.mode} ${state.size}`;
    if (!state.isDirectory()) lines.push(`${path} ${content} ${state.mtimeMs}`);
    else for (const name of readdirSync(path).toSorted()) visit(join(path, name));
  };
  if (existsSync(folder)) visit(folder);
  return lines;
}

import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { BagRow, Bags, Ledger, LedgerRow } from "../support/answers.ts";
import { openSession } from "../support/session.ts";
import type { Session } from "../support/session.ts";
import { foundStation } from "../support/stations.ts";
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
  /** Calls an operation of the station, which is opened in this process when it is first needed. */
  call: Session["call"];
  /** Lets the station go, so that a command has it to itself. */
  close: () => Promise<void>;
}

let peerCount = 0;

/** A name that no other peer of this run has. */
export function freshName(stem: string): string {
  peerCount += 1;
  return `${stem}-${peerCount}`;
}

async function trustLane(call: Session["call"], identity: Identity): Promise<Lane> {
  const { phrase } = await call<{ phrase: string }>("peers", "add", { card: cardOf(identity) });
  await call("peers", "trust", { peer: identity.name, phrase });
  return { identity, sequence: 1, previous: null };
}

/** Founds the station under attack; peers are trusted when they are first needed. */
export async function openScene(root: string, side: Side): Promise<Scene> {
  const station = await foundStation(root, side === "response" ? "high" : "low", side);
  const peerSide: Side = side === "response" ? "request" : "response";
  let current: Lane | null = null;
  let session: Promise<Session> | null = null;
  let media = 0;
  const scene: Scene = {
    root,
    station,
    reader: readCard(readFileSync(station.cardFile, "utf8")),
    newLane: (name) => trustLane(scene.call, makeIdentity(name ?? freshName(`peer-${peerSide}`), peerSide)),
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
    call: async (area, verb, input, timeoutMs) =>
      (await (session ??= openSession(station))).call(area, verb, input, timeoutMs),
    close: async () => {
      const open = session;
      session = null;
      await (await open)?.close();
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

/** Looks at a medium or imports it; rejects when that takes too long. */
export async function read(
  scene: Scene,
  verb: "inspect" | "import",
  medium: string,
  timeoutMs?: number,
): Promise<BagRow[]> {
  return (await scene.call<Bags>("transfer", verb, { medium }, timeoutMs)).bags;
}

/** The one row of a bag; throws when there is none. */
export function rowOf(rows: readonly BagRow[], bag: string): BagRow {
  const row = rows.find((candidate) => candidate.bag === bag);
  if (row === undefined) throw new Error(`no row for ${bag}: ${JSON.stringify(rows)}`);
  return row;
}

/** The ledger of one peer, oldest first. */
export async function ledgerOf(scene: Scene, lane: Lane): Promise<LedgerRow[]> {
  const { batches } = await scene.call<Ledger>("transfer", "ledger");
  return batches
    .filter((row) => row.peer === lane.identity.name)
    .toSorted((one, other) => one.sequence - other.sequence);
}

/** Every path below a folder with what it is, to see that nothing was touched. Follows no link. */
export function photograph(folder: string): string[] {
  const lines: string[] = [];
  // Names as bytes: a stick may carry some that are no UTF-8.
  const visit = (path: Buffer): void => {
    const state = lstatSync(path);
    const isSmall = state.isFile() && state.size < 1_048_576;
    const content = isSmall ? sha256Hex(readFileSync(path)) : `${state.mode} ${state.size}`;
    if (!state.isDirectory()) lines.push(`${path.toString("latin1")} ${content} ${state.mtimeMs}`);
    else {
      const names = readdirSync(path, { encoding: "buffer" }).toSorted((one, other) => one.compare(other));
      for (const name of names) visit(Buffer.concat([path, Buffer.from("/"), name]));
    }
  };
  if (existsSync(folder)) visit(Buffer.from(folder));
  return lines;
}

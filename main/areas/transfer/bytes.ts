import { readFileSync, statfsSync } from "node:fs";
import { partCipherCapBytes } from "./format/caps.ts";
import type { Envelope } from "./format/envelope.ts";
import { sha256Hex } from "../../station/crypto/hash.ts";
import type { MediumFolder } from "./medium.ts";
import { MediumFault } from "./medium.ts";
import type { DeclaredFile, SpoolIn } from "./spool-in.ts";
import { refusedFor, stoppedAs } from "./verdict.ts";

/** One bag of a batch, as far as its parts can be taken from it. */
export interface VolumeSource {
  readonly bag: string;
  /** Opens the bag's `data` folder again; the caller closes it. @throws MediumFault */
  openData(): MediumFolder;
  /** Positions in the envelope's `parts` that this volume lists. */
  readonly parts: readonly number[];
  /** Positions in the envelope's `parity` that it lists. */
  readonly parity: readonly number[];
}

export interface Gathered {
  /** Names of parts that are in no volume seen so far. */
  readonly missing: readonly string[];
  /** Bags in which a part that is needed was not what was signed, and which part. */
  readonly damaged: ReadonlyMap<string, string>;
}

export interface GatherDeps {
  readonly spool: SpoolIn;
  /** Counts copied bytes; may throw to stop at this safe point. */
  readonly pause: (bytes: number) => void;
  readonly onPart: (name: string, state: "checked" | "damaged" | "missing") => void;
}

/** Room that is left for the database and the log whatever is imported. */
const spareBytes = 64 * 1024 * 1024;

export function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

/** @throws BagStop `no-room` */
export function expectRoom(free: number, neededBytes: number): void {
  if (neededBytes + spareBytes <= free) return;
  throw stoppedAs(
    "no-room",
    `${neededBytes} bytes are needed and ${Math.max(0, free - spareBytes)} are free`,
  );
}

/** A size above the cap was signed, so nothing of it is copied. @throws BagStop `too-large` */
export function expectPartSizes(envelope: Envelope): void {
  const tooLarge = envelope.parts.find(({ bytes }) => bytes > partCipherCapBytes);
  if (tooLarge === undefined) return;
  throw refusedFor("too-large", `${tooLarge.name} is declared with ${tooLarge.bytes} bytes`);
}

/**
 * Copies what is not here yet from the volumes into the spool, each file read once and hashed on the way.
 * One part of a parity group may be missing: it is rebuilt, and counts only if its hash is signed.
 */
export async function gatherParts(
  deps: GatherDeps,
  envelope: Envelope,
  volumes: readonly VolumeSource[],
): Promise<Gathered> {
  const { spool } = deps;
  const lacks = (position: number): boolean => {
    const part = envelope.parts[position];
    return part !== undefined && !spool.has(spool.path(position), part.bytes);
  };
  const badIn = new Map<number, string[]>();
  for (const volume of volumes) {
    const bad = await takeVolume(deps, envelope, volume, lacks);
    for (const position of bad) badIn.set(position, [...(badIn.get(position) ?? []), volume.bag]);
  }
  await rebuildByParity(deps, envelope, lacks);
  spool.sync();

  const damaged = new Map<string, string>();
  const missing: string[] = [];
  for (const [position, part] of envelope.parts.entries()) {
    if (!lacks(position)) continue;
    const bags = badIn.get(position) ?? [];
    for (const bag of bags) damaged.set(bag, part.name);
    missing.push(part.name);
    deps.onPart(part.name, bags.length > 0 ? "damaged" : "missing");
  }
  return { missing, damaged };
}

/** Returns the positions of parts that were not what was signed. */
async function takeVolume(
  deps: GatherDeps,
  envelope: Envelope,
  volume: VolumeSource,
  lacks: (position: number) => boolean,
): Promise<number[]> {
  const wanted = volume.parts.filter(lacks);
  // Parity is copied only while something is missing: it may be needed with the next volume.
  const isWhole = envelope.parts.every((_, position) => !lacks(position) || wanted.includes(position));
  const bad: number[] = [];
  if (wanted.length === 0 && isWhole) return bad;
  const data = openOrNull(() => volume.openData());
  if (data === null) return wanted;
  try {
    for (const position of wanted) {
      const part = envelope.parts[position];
      if (part === undefined) continue;
      if (await takeFile(deps, data, part, deps.spool.path(position))) deps.onPart(part.name, "checked");
      else bad.push(position);
    }
    if (isWhole && bad.length === 0) return bad;
    for (const index of volume.parity) {
      const parity = envelope.parity[index];
      const path = deps.spool.parityPath(index);
      if (parity !== undefined && !deps.spool.has(path, parity.bytes))
        await takeFile(deps, data, parity, path);
    }
  } finally {
    data.close();
  }
  return bad;
}

async function takeFile(
  { spool, pause }: GatherDeps,
  data: MediumFolder,
  declared: DeclaredFile & { readonly name: string },
  path: string,
): Promise<boolean> {
  const file = openOrNull(() => data.file(declared.name.slice("data/".length)));
  if (file === null) return false;
  try {
    return await spool.take(file, path, declared, pause);
  } catch (error) {
    if (!["ENOSPC", "EDQUOT"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    throw stoppedAs("no-room", `the disk was full while ${declared.name} was copied`, { cause: error });
  } finally {
    file.close();
  }
}

/** A name that was there a moment ago and isn't any more is a medium that fails: the copy is damaged. */
function openOrNull<T>(open: () => T): T | null {
  try {
    return open();
  } catch (error) {
    if (error instanceof MediumFault) return null;
    throw error;
  }
}

async function rebuildByParity(
  deps: GatherDeps,
  envelope: Envelope,
  lacks: (position: number) => boolean,
): Promise<void> {
  const positions = new Map(envelope.parts.map((part, position) => [part.name, position]));
  for (const [index, parity] of envelope.parity.entries()) {
    const members = parity.of.map((name) => positions.get(name) ?? -1);
    const missing = members.filter(lacks);
    const [position] = missing;
    const path = deps.spool.parityPath(index);
    if (position === undefined || missing.length > 1 || !deps.spool.has(path, parity.bytes)) continue;
    const part = envelope.parts[position];
    const bytes = readFileSync(path);
    if (part === undefined || sha256Hex(bytes) !== parity.sha256) continue;
    for (const member of members) {
      if (member !== position) xorInto(bytes, readFileSync(deps.spool.path(member)));
      deps.pause(0);
    }
    const rebuilt = bytes.subarray(0, part.bytes);
    if (await deps.spool.keep(rebuilt, deps.spool.path(position), part)) deps.onPart(part.name, "checked");
  }
}

/** `into ^= bytes`, eight bytes at a time; the shorter one counts as padded with zeros. */
function xorInto(into: Buffer, bytes: Buffer): void {
  const length = Math.min(into.byteLength, bytes.byteLength);
  const words = Math.floor(length / 4);
  const left = new Uint32Array(into.buffer.slice(into.byteOffset, into.byteOffset + words * 4));
  const right = new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + words * 4));
  for (let at = 0; at < words; at += 1) left[at] = (left[at] ?? 0) ^ (right[at] ?? 0);
  into.set(new Uint8Array(left.buffer), 0);
  for (let at = words * 4; at < length; at += 1) into[at] = (into[at] ?? 0) ^ (bytes[at] ?? 0);
}

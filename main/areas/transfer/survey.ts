import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BatchReason } from "../../../shared/contract/reasons.ts";
import { Refusal } from "../../../shared/errors.ts";
import { randomHex } from "../../station/crypto/random.ts";
import type { Kernel } from "../../station/kernel.ts";
import type { VolumeSource } from "./bytes.ts";
import { asStop, checkShape } from "./check-shape.ts";
import { checkAddress, checkSigned, type SignedBag } from "./check-signed.ts";
import { bagsCap } from "./format/caps.ts";
import { dataFolder, mediumFolder, parseBagName } from "./format/names.ts";
import { MediumFault, MediumFolder } from "./medium.ts";
import type { StoreIn } from "./store-in.ts";
import { asBagStop, plainVerdict, refusedFor, stopVerdict, type Verdict } from "./verdict.ts";

/** A bag of the medium: judged already, or signed for us and waiting for the ledger's word. */
export interface SurveyedBag {
  readonly name: string;
  readonly batch: string | null;
  readonly sequence: number | null;
  readonly peer: string | null;
  readonly createdAt: string | null;
  readonly bytes: number | null;
  /** Of batch.json, where it was signed. */
  readonly sha256: string | null;
  verdict: Verdict | null;
}

/** The bags on the medium that are volumes of one batch, by one envelope. */
export interface SurveyedBatch {
  readonly peer: number;
  readonly lineage: string;
  readonly sequence: number;
  readonly sha256: string;
  /** Whether it takes earlier numbers back; which, its envelope says. */
  readonly hasVoids: boolean;
  readonly bags: SurveyedBag[];
  readonly volumes: VolumeSource[];
  readonly tagmanifest: Buffer;
  readonly signature: Buffer;
  /** The bytes of batch.json, as signed. */
  envelope(): Buffer;
}

export interface Survey {
  /** In the order of their directories' names. */
  readonly bags: SurveyedBag[];
  /** By peer, lineage and number, so that 12 comes before 13 wherever it lies on the medium. */
  readonly batches: SurveyedBatch[];
  /** What was passed over, for a report. */
  readonly ignored: readonly string[];
  close(): void;
}

export interface SurveyDeps {
  readonly kernel: Kernel;
  readonly ledger: StoreIn;
  /** Called between bags: cancelling, progress. */
  readonly between: () => Promise<void>;
}

const mostIgnored = 100;

/**
 * Steps 1, 2 and the addresses of step 3 for every bag of a medium. Envelopes are kept aside, not in
 * memory, and each is kept once however many volumes repeat it.
 *
 * @throws Refusal `not-found` or `medium-failed` when the medium itself can't be opened
 */
export async function surveyMedium(deps: SurveyDeps, path: string): Promise<Survey> {
  const medium = openMedium(path);
  const envelopes = new EnvelopeShelf(deps.kernel);
  let folder: MediumFolder | null = null;
  const close = (): void => {
    folder?.close();
    medium.close();
    envelopes.clear();
  };
  try {
    const found = openSallyport(medium);
    if (!(found instanceof MediumFolder)) return { bags: found, batches: [], ignored: [], close };
    folder = found;
    const { names, ignored, tooMany } = listBags(folder);
    if (tooMany)
      return {
        bags: [wholeMedium("too-many-files", `more than ${bagsCap} bags`)],
        batches: [],
        ignored,
        close,
      };
    const batches = new Map<string, SurveyedBatch>();
    const bags: SurveyedBag[] = [];
    for (const name of names) {
      await deps.between();
      bags.push(surveyBag(deps, found, name, batches, envelopes, ignored));
    }
    return { bags, batches: [...batches.values()].toSorted(byNumber), ignored, close };
  } catch (error) {
    close();
    throw mediumRefusal(error, path);
  }
}

function openMedium(path: string): MediumFolder {
  try {
    return MediumFolder.open(path);
  } catch (error) {
    throw mediumRefusal(error, path);
  }
}

function mediumRefusal(error: unknown, path: string): unknown {
  if (!(error instanceof MediumFault)) return error;
  const [code, message] =
    error.fault === "absent"
      ? (["not-found", `There is no folder ${path}.`] as const)
      : (["medium-failed", `${path} can't be read as a folder: ${error.message}.`] as const);
  const remedy = "Check that the medium is plugged in and mounted, and name the folder where it is mounted.";
  return new Refusal(code, message, { path, safe: "Nothing was taken in.", remedy }, { cause: error });
}

/** The folder of bags; no rows when there is none, one row when it is no folder. */
function openSallyport(medium: MediumFolder): MediumFolder | SurveyedBag[] {
  try {
    return medium.folder(mediumFolder);
  } catch (error) {
    if (!(error instanceof MediumFault) || error.fault === "unreadable") throw error;
    return error.fault === "absent" ? [] : [wholeMedium("not-a-regular-file", error.message)];
  }
}

function wholeMedium(reason: BatchReason, detail: string): SurveyedBag {
  return judged(mediumFolder, stopVerdict(refusedFor(reason, detail), false));
}

function judged(name: string, verdict: Verdict, facts: Partial<SurveyedBag> = {}): SurveyedBag {
  const unknown = { batch: null, sequence: null, peer: null, createdAt: null, bytes: null, sha256: null };
  return { name, ...unknown, ...facts, verdict };
}

function listBags(folder: MediumFolder): { names: string[]; ignored: string[]; tooMany: boolean } {
  const names: string[] = [];
  const ignored: string[] = [];
  for (const { name } of folder.entries()) {
    if (parseBagName(name) !== null) names.push(name);
    else if (ignored.length < mostIgnored) ignored.push(JSON.stringify(name.slice(0, 80)));
    if (names.length > bagsCap) return { names: [], ignored, tooMany: true };
  }
  return { names: names.toSorted(), ignored, tooMany: false };
}

function surveyBag(
  deps: SurveyDeps,
  folder: MediumFolder,
  name: string,
  batches: Map<string, SurveyedBatch>,
  envelopes: EnvelopeShelf,
  ignored: string[],
): SurveyedBag {
  const { kernel, ledger } = deps;
  let bag: MediumFolder | null = null;
  let signed: SignedBag | null = null;
  try {
    bag = folder.folder(name);
    const id = parseBagName(name)?.id ?? name;
    const own = ledger.ownBatch(id);
    if (own !== undefined) return judged(name, plainVerdict("own"), { batch: id, sequence: own.sequence });
    const shaped = checkShape(bag);
    try {
      ignored.push(...shaped.litter.slice(0, mostIgnored - ignored.length).map((path) => `${name}: ${path}`));
      signed = checkSigned(name, shaped, ledger);
    } finally {
      shaped.close();
    }
    checkAddress(signed, { station: kernel.identity().id, fingerprints: kernel.keyring.fingerprints() });
    return putBag(name, signed, folder, batches, envelopes);
  } catch (error) {
    const stop = asBagStop(asStop(error));
    if (stop === null) throw error;
    return judged(name, stopVerdict(stop, false), signed === null ? {} : factsOf(signed));
  } finally {
    bag?.close();
  }
}

function factsOf({ envelope, peer, sha256 }: SignedBag): Partial<SurveyedBag> {
  return {
    sha256,
    batch: envelope.id,
    sequence: envelope.sequence,
    peer: peer.name,
    createdAt: envelope.createdAt,
    bytes: envelope.parts.reduce((sum, part) => sum + part.bytes, 0),
  };
}

function putBag(
  name: string,
  signed: SignedBag,
  folder: MediumFolder,
  batches: Map<string, SurveyedBatch>,
  envelopes: EnvelopeShelf,
): SurveyedBag {
  const { peer, envelope, sha256 } = signed;
  const bag: SurveyedBag = { ...judged(name, plainVerdict("verified"), factsOf(signed)), verdict: null };
  const known = batches.get(sha256);
  const batch = known ?? {
    peer: peer.id,
    lineage: envelope.from.lineage,
    sequence: envelope.sequence,
    sha256,
    hasVoids: envelope.voids.length > 0,
    bags: [],
    volumes: [],
    tagmanifest: signed.tagmanifest,
    signature: signed.signature,
    envelope: envelopes.put(signed.envelopeBytes),
  };
  if (known === undefined) batches.set(sha256, batch);
  batch.bags.push(bag);
  batch.volumes.push(volumeSource(name, signed, folder));
  return bag;
}

/** A bit for each part: a thousand bags of 99,999 parts are 13 MB. */
function volumeSource(bag: string, { envelope, carries }: SignedBag, folder: MediumFolder): VolumeSource {
  const parts = bitsOf(envelope.parts, carries);
  const parity = bitsOf(envelope.parity, carries);
  return {
    bag,
    openData() {
      const opened = folder.folder(bag);
      try {
        return opened.folder(dataFolder);
      } finally {
        opened.close();
      }
    },
    get parts() {
      return positionsOf(parts);
    },
    get parity() {
      return positionsOf(parity);
    },
  };
}

function bitsOf(entries: readonly { readonly name: string }[], names: ReadonlySet<string>): Uint8Array {
  const bits = new Uint8Array(Math.ceil(entries.length / 8));
  for (const [position, { name }] of entries.entries()) {
    if (names.has(name)) bits[position >> 3] = (bits[position >> 3] ?? 0) | (1 << (position & 7));
  }
  return bits;
}

function positionsOf(bits: Uint8Array): number[] {
  const positions: number[] = [];
  for (const [index, byte] of bits.entries()) {
    for (let bit = 0; bit < 8; bit += 1) if ((byte & (1 << bit)) !== 0) positions.push(index * 8 + bit);
  }
  return positions;
}

function byNumber(one: SurveyedBatch, other: SurveyedBatch): number {
  return (
    one.peer - other.peer ||
    (one.lineage < other.lineage ? -1 : one.lineage > other.lineage ? 1 : 0) ||
    one.sequence - other.sequence
  );
}

/** Envelopes in memory up to this many bytes together; then in files beside the spool. */
const shelfBytes = 16 * 1024 * 1024;

/** Envelopes between the survey and their turn: one medium may carry a thousand of 32 MiB. */
class EnvelopeShelf {
  readonly #folder: string;
  #inMemory = 0;
  #files = 0;

  constructor({ paths }: Kernel) {
    this.#folder = join(paths.spoolIn, `survey-${randomHex(8)}`);
  }

  put(bytes: Buffer): () => Buffer {
    if (this.#inMemory + bytes.byteLength <= shelfBytes) {
      this.#inMemory += bytes.byteLength;
      const kept = Buffer.from(bytes);
      return () => kept;
    }
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    this.#files += 1;
    const path = join(this.#folder, `${this.#files}`);
    writeFileSync(path, bytes, { mode: 0o600 });
    return () => readFileSync(path);
  }

  clear(): void {
    if (this.#files > 0) rmSync(this.#folder, { recursive: true, force: true });
  }
}

import { partsCap } from "./caps.ts";
import type { Fields } from "./closed.ts";
import {
  closedObject,
  integer,
  list,
  nullOr,
  oneOf,
  openObject,
  parseJson,
  ShapeError,
  text,
  textLike,
} from "./closed.ts";
import { FormatFault } from "./fault.ts";
import {
  batchFormat,
  fingerprintPattern,
  lineagePattern,
  manifestPartName,
  parityNamePattern,
  partName,
  sequenceOfBatchId,
  sha256Pattern,
  stationPattern,
  timePattern,
} from "./names.ts";

export type Direction = "request-to-response" | "response-to-request";
/** A ciphertext: its path in the bag, its size, its hash. */
export type PartEntry = { readonly name: string; readonly bytes: number; readonly sha256: string };
/** XOR of the ciphertexts `of`, zero-padded to the longest. */
export type ParityEntry = PartEntry & { readonly of: readonly string[] };
export type VoidEntry = { readonly sequence: number; readonly sha256: string };
export type CheckpointProof = { readonly since: number; readonly hashes: readonly string[] };
export type Checkpoint = { readonly note: string; readonly proofs: readonly CheckpointProof[] };

/** batch.json. Nothing in it describes content. */
export type Envelope = {
  readonly format: typeof batchFormat;
  readonly id: string;
  readonly from: { readonly station: string; readonly key: string; readonly lineage: string };
  readonly to: { readonly station: string; readonly key: string };
  readonly direction: Direction;
  /** From 1 per station, lineage and peer. */
  readonly sequence: number;
  /** SHA-256 of the batch.json before this one to this peer; null exactly at 1. */
  readonly previous: string | null;
  readonly createdAt: string;
  readonly clock: "synchronised" | "unsynchronised";
  /** In import order, the manifest first. */
  readonly parts: readonly PartEntry[];
  readonly parity: readonly ParityEntry[];
  readonly voids: readonly VoidEntry[];
  readonly checkpoint: Checkpoint | null;
  readonly witnessed: string | null;
};

const noteCapBytes = 64 * 1024;
const proofsCap = 2;
const hashesCap = 64;
/** 32 bytes in base64. */
const base64HashPattern = /^[A-Za-z0-9+/]{43}=$/;

const fieldNames = [
  "format",
  "id",
  "from",
  "to",
  "direction",
  "sequence",
  "previous",
  "createdAt",
  "clock",
  "parts",
  "parity",
  "voids",
  "checkpoint",
  "witnessed",
] as const satisfies readonly (keyof Envelope)[];

/** The bytes of batch.json; the SHA-256 of exactly these is the identity of the batch. */
export function writeEnvelope(envelope: Envelope): Buffer {
  const ordered = Object.fromEntries(fieldNames.map((field) => [field, envelope[field]]));
  return Buffer.from(`${JSON.stringify(ordered)}\n`);
}

/**
 * A note has 64 KiB at most, each byte written as six (\u000a). What is longer is not parsed: twenty envelopes
 * of 20 MiB each on one medium took the station past 400 MB.
 */
const longestTextBytes = 8 * 64 * 1024;

/**
 * Reads batch.json; `format` first, then every rule of the page.
 *
 * @throws FormatFault `unsupported-format` or `bad-envelope` with the path of the first broken rule
 */
export function parseEnvelope(bytes: Buffer): Envelope {
  try {
    if (bytes[0] !== 0x7b || bytes.at(-2) !== 0x7d || bytes.at(-1) !== 0x0a) {
      throw new ShapeError("is not { to } and LF");
    }
    const json = parseJson(bytes, longestTextBytes);
    const format = text(openObject(json.value, "batch.json").format, "format");
    if (format !== batchFormat) {
      throw new FormatFault(
        "unsupported-format",
        `batch.json is in the format ${JSON.stringify(format.slice(0, 64))}, not ${batchFormat}`,
      );
    }
    json.expectPlainIntegers();
    return readEnvelope(closedObject(json.value, "batch.json", fieldNames));
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new FormatFault("bad-envelope", `batch.json: ${error.message}`, { cause: error });
  }
}

function readEnvelope(fields: Fields<(typeof fieldNames)[number]>): Envelope {
  const sequence = integer(fields.sequence, "sequence", 1);
  const id = text(fields.id, "id");
  if (sequenceOfBatchId(id) !== sequence) {
    throw new ShapeError("At id: expected b, the sequence in at least 6 digits, - and 16 hex digits");
  }
  const previous = nullOr(fields.previous, "previous", hash);
  if ((previous === null) !== (sequence === 1)) {
    throw new ShapeError("At previous: expected null exactly at sequence 1");
  }
  const parts = readParts(fields.parts);
  return {
    format: batchFormat,
    id,
    from: readFrom(fields.from),
    to: readTo(fields.to),
    direction: oneOf(fields.direction, "direction", ["request-to-response", "response-to-request"]),
    sequence,
    previous,
    createdAt: textLike(fields.createdAt, "createdAt", timePattern, "a time in UTC"),
    clock: oneOf(fields.clock, "clock", ["synchronised", "unsynchronised"]),
    parts,
    parity: readParity(fields.parity, parts),
    voids: readVoids(fields.voids, sequence),
    checkpoint: nullOr(fields.checkpoint, "checkpoint", readCheckpoint),
    witnessed: nullOr(fields.witnessed, "witnessed", note),
  };
}

function readFrom(value: unknown): Envelope["from"] {
  const { station, key, lineage } = closedObject(value, "from", ["station", "key", "lineage"]);
  return {
    station: textLike(station, "from.station", stationPattern, "32 hex digits"),
    key: textLike(key, "from.key", fingerprintPattern, "a fingerprint"),
    lineage: textLike(lineage, "from.lineage", lineagePattern, "16 hex digits"),
  };
}

function readTo(value: unknown): Envelope["to"] {
  const { station, key } = closedObject(value, "to", ["station", "key"]);
  return {
    station: textLike(station, "to.station", stationPattern, "32 hex digits"),
    key: textLike(key, "to.key", fingerprintPattern, "a fingerprint"),
  };
}

function readParts(value: unknown): PartEntry[] {
  const parts = list(value, "parts", readPart, partsCap);
  if (parts.length === 0) throw new ShapeError(`At parts: ${manifestPartName} is missing`);
  for (const [index, part] of parts.entries()) {
    const name = index === 0 ? manifestPartName : partName(index);
    if (part.name !== name) throw new ShapeError(`At parts[${index}].name: expected ${name}`);
  }
  return parts;
}

function readPart(value: unknown, path: string): PartEntry {
  return entry(closedObject(value, path, ["name", "bytes", "sha256"]), path);
}

/** Sizes above the cap are no fault of shape: they are met, and refused, when bytes are copied. */
function entry(fields: Fields<"name" | "bytes" | "sha256">, path: string): PartEntry {
  return {
    name: text(fields.name, `${path}.name`),
    bytes: integer(fields.bytes, `${path}.bytes`),
    sha256: hash(fields.sha256, `${path}.sha256`),
  };
}

function readParity(value: unknown, parts: readonly PartEntry[]): ParityEntry[] {
  const sizes = new Map(parts.slice(1).map((part) => [part.name, part.bytes]));
  const grouped = new Set<string>();
  const names = new Set<string>();
  return list(value, "parity", (each, path) => {
    const fields = closedObject(each, path, ["name", "bytes", "sha256", "of"]);
    const parity = {
      ...entry(fields, path),
      name: textLike(fields.name, `${path}.name`, parityNamePattern, "data/parity-00001.bin"),
      of: list(fields.of, `${path}.of`, text),
    };
    if (names.has(parity.name)) throw new ShapeError(`At ${path}.name: listed twice`);
    names.add(parity.name);
    let longestBytes = 0;
    for (const member of parity.of) {
      const bytes = sizes.get(member);
      if (bytes === undefined) throw new ShapeError(`At ${path}.of: ${member} can't be a member`);
      if (grouped.has(member)) throw new ShapeError(`At ${path}.of: ${member} is in two groups`);
      grouped.add(member);
      longestBytes = Math.max(longestBytes, bytes);
    }
    if (parity.of.length === 0) throw new ShapeError(`At ${path}.of: expected at least one part`);
    if (parity.bytes !== longestBytes) {
      throw new ShapeError(`At ${path}.bytes: expected those of the longest member`);
    }
    return parity;
  });
}

function readVoids(value: unknown, before: number): VoidEntry[] {
  const numbers = new Set<number>();
  return list(value, "voids", (each, path) => {
    const fields = closedObject(each, path, ["sequence", "sha256"]);
    const sequence = integer(fields.sequence, `${path}.sequence`, 1);
    if (sequence >= before) throw new ShapeError(`At ${path}.sequence: expected an earlier number`);
    if (numbers.has(sequence)) throw new ShapeError(`At ${path}.sequence: listed twice`);
    numbers.add(sequence);
    return { sequence, sha256: hash(fields.sha256, `${path}.sha256`) };
  });
}

/** The shape alone: what a note proves never refuses a batch. */
function readCheckpoint(value: unknown): Checkpoint {
  const fields = closedObject(value, "checkpoint", ["note", "proofs"]);
  const proofs = list(
    fields.proofs,
    "checkpoint.proofs",
    (each, path) => {
      const { since, hashes } = closedObject(each, path, ["since", "hashes"]);
      return {
        since: integer(since, `${path}.since`),
        hashes: list(hashes, `${path}.hashes`, base64Hash, hashesCap),
      };
    },
    proofsCap,
  );
  return { note: note(fields.note, "checkpoint.note"), proofs };
}

function base64Hash(value: unknown, path: string): string {
  return textLike(value, path, base64HashPattern, "32 bytes in base64");
}

function note(value: unknown, path: string): string {
  const found = text(value, path);
  if (Buffer.byteLength(found) > noteCapBytes) throw new ShapeError(`At ${path}: over 64 KiB`);
  return found;
}

function hash(value: unknown, path: string): string {
  return textLike(value, path, sha256Pattern, "64 lower-case hex digits");
}

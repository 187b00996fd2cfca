import { manifestCapBytes, partPlainCapBytes } from "./caps.ts";
import {
  closedObject,
  integer,
  list,
  nullOr,
  openObject,
  parseClosedJson,
  ShapeError,
  text,
  textLike,
} from "./closed.ts";
import type { Envelope } from "./envelope.ts";
import { FormatFault } from "./fault.ts";
import { batchFormat, fingerprintPattern, kindPattern, lineagePattern, sha256Pattern } from "./names.ts";

/** The plaintext of a part; `records` is there exactly when it holds lines. */
export type PlainPart = {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly records?: number;
};
export type FileEntry = {
  readonly sha256: string;
  readonly bytes: number;
  readonly parts: readonly string[];
};
/** What the sender of this batch holds of the reader's batches. A claim, never a reason to refuse. */
export type Have = {
  readonly lineage: string | null;
  readonly through: number;
  readonly also: readonly number[];
  readonly safeThrough: number;
};
export type Manifest = {
  readonly format: typeof batchFormat;
  readonly batch: string;
  readonly from: string;
  readonly to: string;
  readonly sequence: number;
  readonly parts: readonly PlainPart[];
  readonly files: readonly FileEntry[];
  readonly counts: Readonly<Record<string, number>>;
  readonly purpose: string;
  /** Fingerprints of earlier keys of the sender. */
  readonly revoked: readonly string[];
  readonly have: Have;
};

/** What a station says before it has seen anything of the peer's. */
export const haveNothing: Have = { lineage: null, through: 0, also: [], safeThrough: 0 };

const fieldNames = [
  "format",
  "batch",
  "from",
  "to",
  "sequence",
  "parts",
  "files",
  "counts",
  "purpose",
  "revoked",
  "have",
] as const satisfies readonly (keyof Manifest)[];

/** The one JSON line of the manifest part, with its LF. */
export function writeManifest(manifest: Manifest): Buffer {
  const ordered = Object.fromEntries(fieldNames.map((field) => [field, manifest[field]]));
  return Buffer.from(`${JSON.stringify(ordered)}\n`);
}

/**
 * Reads the plaintext of the manifest part and holds it against its batch.json: first its shape, then
 * that it belongs to this batch (else a trusted peer could carry another peer's ciphertext in its own
 * bag and be sent the answers), then that it describes exactly these parts.
 *
 * @throws FormatFault `bad-manifest-record`, `manifest-of-another-batch`, or `plain-size` where a part
 *   is declared above the cap
 */
export function parseManifest(bytes: Buffer, envelope: Envelope): Manifest {
  try {
    const manifest = readManifest(bytes);
    expectSameBatch(manifest, envelope);
    expectSameParts(manifest, envelope);
    return manifest;
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new FormatFault("bad-manifest-record", `the manifest: ${error.message}`, {
      cause: error,
    });
  }
}

function readManifest(bytes: Buffer): Manifest {
  if (bytes.byteLength > manifestCapBytes) throw new ShapeError("is larger than 16 MiB");
  if (bytes[0] !== 0x7b || bytes.at(-2) !== 0x7d || bytes.indexOf(0x0a) !== bytes.byteLength - 1) {
    throw new ShapeError("is not one line from { to } with its LF");
  }
  const fields = closedObject(parseClosedJson(bytes), "manifest", fieldNames);
  if (fields.format !== batchFormat) throw new ShapeError(`At format: expected ${batchFormat}`);
  return {
    format: batchFormat,
    batch: text(fields.batch, "batch"),
    from: text(fields.from, "from"),
    to: text(fields.to, "to"),
    sequence: integer(fields.sequence, "sequence", 1),
    parts: list(fields.parts, "parts", readPart),
    files: list(fields.files, "files", readFile),
    counts: readCounts(fields.counts),
    purpose: text(fields.purpose, "purpose"),
    revoked: list(fields.revoked, "revoked", (value, path) =>
      textLike(value, path, fingerprintPattern, "a fingerprint"),
    ),
    have: readHave(fields.have),
  };
}

function readPart(value: unknown, path: string): PlainPart {
  const holdsRecords = Object.hasOwn(openObject(value, path), "records");
  const fields = closedObject(value, path, [
    "name",
    "bytes",
    "sha256",
    ...(holdsRecords ? (["records"] as const) : []),
  ]);
  const part = {
    name: text(fields.name, `${path}.name`),
    bytes: integer(fields.bytes, `${path}.bytes`),
    sha256: textLike(fields.sha256, `${path}.sha256`, sha256Pattern, "64 hex digits"),
  };
  return holdsRecords ? { ...part, records: integer(fields.records, `${path}.records`, 1) } : part;
}

function readFile(value: unknown, path: string): FileEntry {
  const fields = closedObject(value, path, ["sha256", "bytes", "parts"]);
  return {
    sha256: textLike(fields.sha256, `${path}.sha256`, sha256Pattern, "64 hex digits"),
    bytes: integer(fields.bytes, `${path}.bytes`),
    parts: list(fields.parts, `${path}.parts`, text),
  };
}

/** Record types are open, so a type that this version doesn't know may be counted. */
function readCounts(value: unknown): Record<string, number> {
  const counts: [string, number][] = [];
  for (const [type, count] of Object.entries(openObject(value, "counts"))) {
    textLike(type, "counts", kindPattern, "types of records");
    counts.push([type, integer(count, `counts.${type}`)]);
  }
  return Object.fromEntries(counts);
}

function readHave(value: unknown): Have {
  const fields = closedObject(value, "have", ["lineage", "through", "also", "safeThrough"]);
  return {
    lineage: nullOr(fields.lineage, "have.lineage", (lineage, path) =>
      textLike(lineage, path, lineagePattern, "16 hex digits"),
    ),
    through: integer(fields.through, "have.through"),
    also: list(fields.also, "have.also", (number, path) => integer(number, path)),
    safeThrough: integer(fields.safeThrough, "have.safeThrough"),
  };
}

function expectSameBatch(manifest: Manifest, envelope: Envelope): void {
  const differs =
    manifest.batch !== envelope.id
      ? "batch"
      : manifest.from !== envelope.from.station
        ? "from"
        : manifest.to !== envelope.to.station
          ? "to"
          : manifest.sequence !== envelope.sequence
            ? "sequence"
            : null;
  if (differs !== null) {
    throw new FormatFault("manifest-of-another-batch", `the manifest has another ${differs} than batch.json`);
  }
}

function expectSameParts(manifest: Manifest, envelope: Envelope): void {
  const expected = envelope.parts.slice(1);
  if (manifest.parts.length !== expected.length) {
    throw new ShapeError(`At parts: expected ${expected.length}, got ${manifest.parts.length}`);
  }
  const fileParts = new Map<string, number>();
  for (const [index, part] of manifest.parts.entries()) {
    if (part.name !== expected[index]?.name) {
      throw new ShapeError(`At parts[${index}].name: expected ${expected[index]?.name ?? ""}`);
    }
    if (part.bytes > partPlainCapBytes) {
      throw new FormatFault("plain-size", `${part.name} is declared above 64 MiB`);
    }
    if (part.records === undefined) fileParts.set(part.name, part.bytes);
  }
  for (const [index, file] of manifest.files.entries()) {
    let bytes = 0;
    for (const name of file.parts) {
      const partBytes = fileParts.get(name);
      if (partBytes === undefined) {
        throw new ShapeError(`At files[${index}].parts: ${name} is no free file part`);
      }
      fileParts.delete(name);
      bytes += partBytes;
    }
    if (bytes !== file.bytes) throw new ShapeError(`At files[${index}].bytes: not those of its parts`);
  }
  const [left] = fileParts.keys();
  if (left !== undefined) {
    throw new ShapeError(`At parts: ${left} holds neither records nor a file`);
  }
}

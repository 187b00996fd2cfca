import { sha256Hex } from "../../../station/crypto/hash.ts";
import type { Envelope, PartEntry } from "./envelope.ts";
import { parseEnvelope } from "./envelope.ts";
import { FormatFault } from "./fault.ts";
import {
  bagInfoName,
  bagitName,
  bagName,
  dataFolder,
  envelopeName,
  isLitterName,
  isPayloadName,
  manifestName,
  manifestPartName,
  readmeName,
  tagFileNames,
  tagmanifestName,
} from "./names.ts";

export type TagFileName = (typeof tagFileNames)[number];

/** The two lines of BagIt 1.0 (RFC 8493 section 2.1.1), and nothing else. */
const bagitText = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

/** A line of `sha256sum`: hash, two spaces, path; the text mode marker `*` has no place here. */
const manifestLine = /^([0-9a-f]{64}) {2}([A-Za-z0-9._/-]{1,64})$/;
const bagInfoPattern =
  /^Bagging-Date: ([0-9-]{10})\nPayload-Oxum: (0|[1-9][0-9]{0,17})\.(0|[1-9][0-9]{0,5})\nBag-Group-Identifier: ([^\n]{1,64})\nBag-Count: ([1-9][0-9]{0,2}) of ([1-9][0-9]{0,2})\n$/;

/**
 * All files of one volume but its parts and its signature, by name. The signature is over the bytes
 * of `tagmanifest-sha256.txt` and is written last.
 *
 * @param parts what this volume carries, parity too; the manifest part is among them in every volume
 * @param volume from 1; `volumeCount` is the plan of the moment
 */
export function writeTagFiles(plan: {
  readonly envelopeBytes: Buffer;
  readonly envelope: Envelope;
  readonly volume: number;
  readonly volumeCount: number;
  readonly parts: readonly PartEntry[];
  readonly readme: string;
}): Map<string, Buffer> {
  const { envelope, volume, volumeCount, parts } = plan;
  const payloadBytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  const bagInfo = [
    `Bagging-Date: ${envelope.createdAt.slice(0, 10)}`,
    `Payload-Oxum: ${payloadBytes}.${parts.length}`,
    `Bag-Group-Identifier: ${envelope.id}`,
    `Bag-Count: ${volume} of ${volumeCount}`,
    "",
  ].join("\n");
  const files = new Map<string, Buffer>([
    [readmeName, Buffer.from(plan.readme)],
    [bagInfoName, Buffer.from(bagInfo)],
    [bagitName, Buffer.from(bagitText)],
    [envelopeName, plan.envelopeBytes],
    [manifestName, Buffer.from(parts.map(({ sha256, name }) => lineOf(sha256, name)).join(""))],
  ]);
  const tagmanifest = [...files].map(([name, bytes]) => lineOf(sha256Hex(bytes), name)).join("");
  return files.set(tagmanifestName, Buffer.from(tagmanifest));
}

function lineOf(sha256: string, name: string): string {
  return `${sha256}  ${name}\n`;
}

/**
 * The five hashes of a tagmanifest whose signature holds.
 *
 * @throws FormatFault bad-manifest
 */
function parseTagmanifest(bytes: Buffer): ReadonlyMap<TagFileName, string> {
  const lines = parseManifestLines(bytes, tagmanifestName);
  const hashes = new Map<TagFileName, string>();
  for (const name of tagFileNames) {
    const hash = lines.get(name);
    if (hash === undefined) throw new FormatFault("bad-manifest", `${tagmanifestName}: no ${name}`);
    hashes.set(name, hash);
  }
  if (lines.size > hashes.size) {
    throw new FormatFault("bad-manifest", `${tagmanifestName} lists more than the five tag files`);
  }
  return hashes;
}

/** What a volume was found to be. */
export type Volume = {
  readonly envelope: Envelope;
  readonly envelopeBytes: Buffer;
  /** The identity of the batch. */
  readonly envelopeSha256: string;
  readonly volume: number;
  /** Parts and parity that this volume carries, in the order of batch.json. */
  readonly carries: readonly PartEntry[];
};

/**
 * Step 2 after the signature, in its order: the five hashes, bagit.txt, batch.json, the manifest
 * against batch.json and against `data/`, bag-info.
 *
 * @param bag name of the bag's directory
 * @param read gives the bytes of a tag file; each is read once
 * @param dataNames names in `data/`, whatever the system left there too
 * @param accept looks at batch.json before the manifest is compared with it, and throws what it finds
 * @throws FormatFault damaged, bad-manifest, bad-bagit, bad-envelope, unsupported-format,
 *   part-not-in-envelope, unexpected-file, part-not-in-volume, bad-bag-info, bad-oxum, name-mismatch
 */
export function readVolume(input: {
  readonly bag: string;
  readonly tagmanifest: Buffer;
  readonly read: (name: TagFileName) => Buffer;
  readonly dataNames: readonly string[];
  readonly accept?: (envelope: Envelope) => void;
}): Volume {
  const files = new Map<TagFileName, Buffer>();
  for (const [name, sha256] of parseTagmanifest(input.tagmanifest)) {
    const bytes = input.read(name);
    if (sha256Hex(bytes) !== sha256) throw new FormatFault("damaged", `${name} is not what was signed`);
    files.set(name, bytes);
  }
  const file = (name: TagFileName): Buffer => {
    const bytes = files.get(name);
    if (bytes === undefined) throw new Error(`the tagmanifest was parsed without ${name}`);
    return bytes;
  };
  checkBagit(file(bagitName));
  const envelopeBytes = file(envelopeName);
  const envelope = parseEnvelope(envelopeBytes);
  input.accept?.(envelope);
  const carries = checkManifest(file(manifestName), envelope, input.dataNames);
  const volume = checkBagInfo(file(bagInfoName), envelope, carries, input.bag);
  return { envelope, envelopeBytes, envelopeSha256: sha256Hex(envelopeBytes), volume, carries };
}

/** @throws FormatFault bad-bagit */
function checkBagit(bytes: Buffer): void {
  if (!bytes.equals(Buffer.from(bagitText))) {
    throw new FormatFault("bad-bagit", "bagit.txt is not the two lines of BagIt 1.0");
  }
}

/**
 * manifest-sha256.txt: its form, then each line against batch.json, then against `data/`.
 *
 * @throws FormatFault bad-manifest, part-not-in-envelope, unexpected-file, part-not-in-volume
 */
function checkManifest(
  bytes: Buffer,
  envelope: Envelope,
  dataNames: readonly string[],
): readonly PartEntry[] {
  const listed = parseManifestLines(bytes, manifestName);
  for (const name of listed.keys()) {
    if (!isPayloadName(name)) {
      throw new FormatFault("bad-manifest", `${manifestName} lists ${name}, which is no part`);
    }
  }
  const carries: PartEntry[] = [];
  for (const entry of [...envelope.parts, ...envelope.parity]) {
    const sha256 = listed.get(entry.name);
    if (sha256 === undefined) continue;
    if (sha256 !== entry.sha256) {
      throw new FormatFault(
        "part-not-in-envelope",
        `${entry.name} has another hash in batch.json than in ${manifestName}`,
      );
    }
    carries.push(entry);
    listed.delete(entry.name);
  }
  const [stray] = listed.keys();
  if (stray !== undefined) {
    throw new FormatFault("part-not-in-envelope", `batch.json does not name ${stray}`);
  }
  checkDataHoldsExactly(carries, dataNames);
  return carries;
}

function checkDataHoldsExactly(carries: readonly PartEntry[], dataNames: readonly string[]): void {
  const expected = new Set(carries.map((part) => part.name));
  const found = new Set(
    dataNames.filter((name) => !isLitterName(name)).map((name) => `${dataFolder}/${name}`),
  );
  for (const name of found) {
    if (!expected.has(name)) throw new FormatFault("unexpected-file", `no manifest lists ${name}`);
  }
  if (!expected.has(manifestPartName)) {
    throw new FormatFault("part-not-in-volume", `${manifestName} lists no ${manifestPartName}`);
  }
  for (const name of expected) {
    if (!found.has(name)) throw new FormatFault("part-not-in-volume", `${name} is not in data/`);
  }
}

/**
 * bag-info.txt: its form and what it repeats of batch.json, then the count of the payload, then the
 * name of the directory.
 *
 * @returns the volume's number
 * @throws FormatFault bad-bag-info, bad-oxum, name-mismatch
 */
function checkBagInfo(bytes: Buffer, envelope: Envelope, carries: readonly PartEntry[], bag: string): number {
  const [, date, oxumBytes, oxumFiles, group, volume] = bagInfoPattern.exec(bytes.toString("latin1")) ?? [];
  if (date === undefined) {
    throw new FormatFault("bad-bag-info", "bag-info.txt is not its four lines in their order");
  }
  if (date !== envelope.createdAt.slice(0, 10) || group !== envelope.id) {
    throw new FormatFault("bad-bag-info", "bag-info.txt has another date or batch than batch.json");
  }
  const payloadBytes = carries.reduce((sum, part) => sum + part.bytes, 0);
  if (oxumBytes !== String(payloadBytes) || oxumFiles !== String(carries.length)) {
    throw new FormatFault("bad-oxum", `expected Payload-Oxum ${payloadBytes}.${carries.length}`);
  }
  if (bag !== bagName(envelope.id, Number(volume))) {
    throw new FormatFault(
      "name-mismatch",
      `the folder is named ${JSON.stringify(bag.slice(0, 64))}, not ${bagName(envelope.id, Number(volume))}`,
    );
  }
  return Number(volume);
}

function parseManifestLines(bytes: Buffer, name: string): Map<string, string> {
  const lines = bytes.toString("latin1").split("\n");
  if (lines.pop() !== "") throw new FormatFault("bad-manifest", `${name} has no LF at its end`);
  const hashes = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    const [, sha256, path] = manifestLine.exec(line) ?? [];
    if (sha256 === undefined || path === undefined) {
      throw new FormatFault("bad-manifest", `${name}, line ${index + 1}: not hash, two spaces, path`);
    }
    if (hashes.has(path)) throw new FormatFault("bad-manifest", `${name} lists ${path} twice`);
    hashes.set(path, sha256);
  }
  return hashes;
}

import { batchReasons, type BatchReason } from "../../../shared/contract/reasons.ts";
import { hasEndLine } from "../../station/crypto/sshsig.ts";
import { dataNamesCap, fileCapBytes } from "./format/caps.ts";
import { dataFolder, isLitterName, isPayloadName, signatureName } from "./format/names.ts";
import { MediumFault, type MediumFile, type MediumFolder } from "./medium.ts";
import { BagStop, refusedFor, stoppedAs } from "./verdict.ts";

export type TagName = keyof typeof fileCapBytes;
const tagNames = Object.keys(fileCapBytes) as TagName[];

/** A bag whose names and kinds are in order; nothing of it was parsed. */
export interface ShapedBag {
  /** Names in `data/` that look like parts, as manifests write them: `data/part-00001.zst.age`. */
  readonly dataNames: ReadonlySet<string>;
  /** Names that systems leave behind: passed over, reported. */
  readonly litter: readonly string[];
  readonly signature: Buffer;
  /** The bytes of a tag file; each is read once. @throws BagStop */
  read(name: Exclude<TagName, typeof signatureName>): Buffer;
  close(): void;
}

/**
 * Step 1 of what readers enforce: kinds, names and sizes of one bag. Where several rules are broken the
 * order of the closed list decides; a bag that is merely unfinished says so.
 *
 * @throws BagStop
 */
export function checkShape(bag: MediumFolder): ShapedBag {
  const faults = new Faults();
  const litter: string[] = [];
  const files = openTagFiles(bag, faults);
  try {
    const hasData = listBag(bag, faults, litter);
    const dataNames = hasData ? listData(bag, faults, litter) : new Set<string>();
    const signature = readSignature(files.get(signatureName));
    const isFinished = signature !== null && hasEndLine(signature);
    if (isFinished) faults.addMissing(files, hasData);
    faults.throwFirst();
    if (!isFinished) {
      throw stoppedAs(
        "interrupted",
        signature === null ? "it has no signature" : "its signature has no END line",
      );
    }
    return {
      dataNames,
      litter,
      signature,
      read(name) {
        const bytes = files.get(name)?.readWhole(fileCapBytes[name]) ?? null;
        if (bytes === null) throw stoppedAs("damaged", `${name} grew while it was read`);
        return bytes;
      },
      close: () => closeAll(files),
    };
  } catch (error) {
    closeAll(files);
    throw asStop(error);
  }
}

/** A fault of the medium as the answer for a bag; other errors pass. */
export function asStop(error: unknown): unknown {
  if (!(error instanceof MediumFault)) return error;
  switch (error.fault) {
    case "not-a-regular-file":
      return new BagStop("refused", "not-a-regular-file", error.message, { cause: error });
    case "absent":
      return new BagStop("refused", "missing-file", error.message, { cause: error });
    case "unreadable":
      return new BagStop("damaged", "damaged", error.message, { cause: error });
  }
}

type TagFiles = Map<TagName, MediumFile>;

function openTagFiles(bag: MediumFolder, faults: Faults): TagFiles {
  const files: TagFiles = new Map();
  try {
    for (const name of tagNames) {
      const file = openTagFile(bag, name, faults);
      if (file !== null) files.set(name, file);
    }
  } catch (error) {
    closeAll(files);
    throw asStop(error);
  }
  return files;
}

function openTagFile(bag: MediumFolder, name: TagName, faults: Faults): MediumFile | null {
  try {
    const file = bag.file(name);
    if (file.sizeBytes > fileCapBytes[name]) faults.add("too-large", `${name} has ${file.sizeBytes} bytes`);
    return file;
  } catch (error) {
    if (!(error instanceof MediumFault) || error.fault === "unreadable") throw error;
    if (error.fault === "not-a-regular-file") faults.add(error.fault, name);
    return null;
  }
}

/** Returns whether `data` is a real folder. */
function listBag(bag: MediumFolder, faults: Faults, litter: string[]): boolean {
  let hasData = false;
  for (const { name, kind } of bag.entries()) {
    if (isLitterName(name)) report(litter, name);
    else if (name === dataFolder) {
      hasData = kind === "folder";
      if (!hasData) faults.add("not-a-regular-file", "data is no folder");
    } else if (kind !== "file") faults.add("not-a-regular-file", shown(name));
    else if (name === "fetch.txt") faults.add("fetch-txt", name);
    else if (!Object.hasOwn(fileCapBytes, name)) faults.add("unexpected-file", shown(name));
  }
  return hasData;
}

function listData(bag: MediumFolder, faults: Faults, litter: string[]): Set<string> {
  const names = new Set<string>();
  const data = bag.folder(dataFolder);
  try {
    let count = 0;
    for (const { name, kind } of data.entries()) {
      const path = `${dataFolder}/${name}`;
      count += 1;
      if (count > dataNamesCap) {
        faults.add("too-many-files", `more than ${dataNamesCap} names in data`);
        break;
      }
      if (isLitterName(name)) report(litter, path);
      else if (kind !== "file") faults.add("not-a-regular-file", shown(path));
      else if (isPayloadName(path)) names.add(path);
      else faults.add("unexpected-file", shown(path));
    }
  } finally {
    data.close();
  }
  return names;
}

function readSignature(file: MediumFile | undefined): Buffer | null {
  return file?.readWhole(fileCapBytes[signatureName]) ?? null;
}

/** The first detail of each broken rule. */
class Faults {
  readonly #found = new Map<BatchReason, string>();

  add(reason: BatchReason, detail: string): void {
    if (!this.#found.has(reason)) this.#found.set(reason, detail);
  }

  addMissing(files: TagFiles, hasData: boolean): void {
    const name = tagNames.find((each) => !files.has(each));
    if (name !== undefined) this.add("missing-file", name);
    if (!hasData) this.add("missing-file", dataFolder);
  }

  throwFirst(): void {
    const reason = batchReasons.find((word) => this.#found.has(word));
    if (reason !== undefined) throw refusedFor(reason, this.#found.get(reason) ?? "");
  }
}

/** Names kept for a report; a medium may hold millions. */
const mostReported = 100;

function report(litter: string[], name: string): void {
  if (litter.length < mostReported) litter.push(shown(name));
}

/** A name from outside, short and on one line. */
function shown(name: string): string {
  return JSON.stringify(name.slice(0, 80));
}

function closeAll(files: TagFiles): void {
  for (const file of files.values()) file.close();
}

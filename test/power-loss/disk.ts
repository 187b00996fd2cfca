import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { DiskStep } from "./recording.ts";

/** What of the unsynced the disk had written when the power went: nothing, some of it, or sectors of it. */
export type Survival = "none" | "some" | "torn";

/** What a disk writes whole, as most have it; a power cut may leave any of them old and any new. */
const sectorBytes = 512;

type Change = { readonly at: number; readonly bytes: Buffer } | { readonly size: number };

class File {
  durable: Buffer = Buffer.alloc(0);
  pending: Change[] = [];

  sync(): void {
    for (const change of this.pending) this.durable = changed(this.durable, change);
    this.pending = [];
  }

  survivor(survival: Survival, keeps: () => boolean): Buffer {
    if (survival === "none") return this.durable;
    let bytes = this.durable;
    for (const change of this.pending) {
      if ("size" in change || survival === "some") {
        if (keeps()) bytes = changed(bytes, change);
      } else bytes = torn(bytes, change, keeps);
    }
    return bytes;
  }
}

function changed(bytes: Buffer, change: Change): Buffer {
  const end =
    "size" in change ? change.size : Math.max(bytes.byteLength, change.at + change.bytes.byteLength);
  const result = Buffer.alloc(end);
  bytes.copy(result);
  if (!("size" in change)) change.bytes.copy(result, change.at);
  return result;
}

function torn(
  bytes: Buffer,
  change: { readonly at: number; readonly bytes: Buffer },
  keeps: () => boolean,
): Buffer {
  let result = bytes;
  for (let from = 0; from < change.bytes.byteLength;) {
    const to = Math.min(change.bytes.byteLength, from + sectorBytes - ((change.at + from) % sectorBytes));
    if (keeps()) result = changed(result, { at: change.at + from, bytes: change.bytes.subarray(from, to) });
    from = to;
  }
  return result;
}

type Entry = File | Folder;

interface Naming {
  readonly name: string;
  /** Null takes the name away. */
  readonly entry: Entry | null;
}

/** Names as programs see them now, as the disk holds them, and what is between the two. */
class Folder {
  readonly now = new Map<string, Entry>();
  readonly durable = new Map<string, Entry>();
  pending: Naming[] = [];

  name(name: string, entry: Entry | null): void {
    put(this.now, { name, entry });
    this.pending.push({ name, entry });
  }

  sync(): void {
    for (const naming of this.pending) put(this.durable, naming);
    this.pending = [];
  }

  survivor(survival: Survival, keeps: () => boolean): Map<string, Entry> {
    const names = new Map(this.durable);
    if (survival === "none") return names;
    for (const naming of this.pending) if (keeps()) put(names, naming);
    return names;
  }
}

function put(names: Map<string, Entry>, { name, entry }: Naming): void {
  if (entry === null) names.delete(name);
  else names.set(name, entry);
}

/** Syncs that a broken program would have left out; the replay must then find losses. */
export interface LeftOut {
  readonly sync?: (path: string) => boolean;
  readonly folders?: boolean;
}

/**
 * A disk as POSIX allows it to behave: a write is safe once its file was synced, a name once its folder was. Made for
 * replaying a recording up to any of its steps.
 */
export class Disk {
  readonly #root: string;
  readonly #top = new Folder();
  readonly #files = new Map<number, File>();
  readonly #paths = new Map<number, string>();
  readonly #leftOut: LeftOut;

  constructor(root: string, leftOut: LeftOut = {}) {
    this.#root = root;
    this.#leftOut = leftOut;
  }

  apply(step: DiskStep): void {
    switch (step.what) {
      case "create": {
        const file = new File();
        this.#files.set(step.file, file);
        this.#paths.set(step.file, step.path);
        this.#folder(dirname(step.path)).name(basename(step.path), file);
        return;
      }
      case "size":
        this.#file(step.file).pending.push({ size: step.bytes });
        return;
      case "write":
        this.#file(step.file).pending.push({ at: step.at, bytes: step.bytes });
        return;
      case "sync":
        if (this.#leftOut.sync?.(this.#paths.get(step.file) ?? "") !== true) this.#file(step.file).sync();
        return;
      case "make-folder":
        this.#folder(dirname(step.path)).name(basename(step.path), new Folder());
        return;
      case "sync-folder":
        if (this.#leftOut.folders !== true) this.#folder(step.path).sync();
        return;
      case "move": {
        const from = this.#folder(dirname(step.from));
        const entry = from.now.get(basename(step.from));
        if (entry === undefined) throw new Error(`the recording moves ${step.from}, which it never made`);
        this.#folder(dirname(step.to)).name(basename(step.to), entry);
        from.name(basename(step.from), null);
        return;
      }
      case "remove":
        this.#folder(dirname(step.path)).name(basename(step.path), null);
        return;
      case "said":
    }
  }

  /** Writes into an empty folder what would be on the disk if the power went now. */
  cutPower(into: string, survival: Survival, keeps: () => boolean): void {
    const write = (folder: Folder, path: string): void => {
      mkdirSync(path, { recursive: true });
      for (const [name, entry] of folder.survivor(survival, keeps)) {
        if (entry instanceof Folder) write(entry, join(path, name));
        else writeFileSync(join(path, name), entry.survivor(survival, keeps));
      }
    };
    write(this.#top, into);
  }

  #file(number: number): File {
    const file = this.#files.get(number);
    if (file === undefined) throw new Error(`the recording writes to file ${number}, which it never made`);
    return file;
  }

  #folder(path: string): Folder {
    let folder = this.#top;
    for (const name of path.slice(this.#root.length).split("/").filter(Boolean)) {
      const next = folder.now.get(name);
      if (!(next instanceof Folder)) throw new Error(`the recording enters ${path}, which it never made`);
      folder = next;
    }
    return folder;
  }
}

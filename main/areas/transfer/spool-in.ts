import {
  closeSync,
  constants,
  fdatasync,
  mkdirSync,
  openSync,
  read,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  write,
} from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { syncFolderNow } from "../../station/sync-folder.ts";
import { createSha256 } from "../../station/crypto/hash.ts";
import { sha256Pattern } from "./format/names.ts";
import type { MediumFile } from "./medium.ts";

const readSome = promisify(read);
const writeSome = promisify(write);
const syncData = promisify(fdatasync);

/** What batch.json says of a file. */
export interface DeclaredFile {
  readonly bytes: number;
  readonly sha256: string;
}

/** A copy pauses this often for other work and for being cancelled. */
const chunkBytes = 4 * 1024 * 1024;

/**
 * Verified parts of one batch on their way in: `spool/in/<sha256 of batch.json>/<number>`. No name that
 * came from outside is part of a path; a file is there whole or not at all.
 */
export class SpoolIn {
  readonly #folder: string;
  readonly #step: (name: string) => void;

  constructor(spoolIn: string, sha256: string, step: (name: string) => void) {
    if (!sha256Pattern.test(sha256)) throw new Error("a spool folder is named by a hash");
    this.#folder = join(spoolIn, sha256);
    this.#step = step;
  }

  path(position: number): string {
    return join(this.#folder, `${position}`);
  }

  parityPath(index: number): string {
    return join(this.#folder, `parity-${index}`);
  }

  /** Whether a file of that size is there. Its hash is checked again by whoever opens it. */
  has(path: string, bytes: number): boolean {
    return statSync(path, { throwIfNoEntry: false })?.size === bytes;
  }

  drop(path: string): void {
    rmSync(path, { force: true });
  }

  /**
   * Copies a file of a medium to `path`, reading it once: what is hashed is what is kept.
   *
   * @returns whether size and hash are those declared; if not, nothing is kept
   * @throws the system's error where the spool can't be written
   */
  async take(
    file: MediumFile,
    path: string,
    declared: DeclaredFile,
    pause: (bytes: number) => void,
  ): Promise<boolean> {
    if (file.sizeBytes !== declared.bytes) return false;
    return this.#put(path, declared, async (out, hash) => {
      const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, declared.bytes + 1));
      let left = declared.bytes;
      for (;;) {
        const count = await readChunk(file.fd, chunk);
        if (count === null || count > left) return false;
        if (count === 0) return left === 0;
        left -= count;
        const bytes = chunk.subarray(0, count);
        hash.update(bytes);
        await writeWhole(out, bytes);
        pause(count);
      }
    });
  }

  /** Keeps bytes made here, such as a part rebuilt by parity, if they are those declared. */
  async keep(bytes: Buffer, path: string, declared: DeclaredFile): Promise<boolean> {
    return this.#put(path, declared, async (out, hash) => {
      hash.update(bytes);
      await writeWhole(out, bytes);
      return bytes.byteLength === declared.bytes;
    });
  }

  async #put(
    path: string,
    declared: DeclaredFile,
    fill: (out: number, hash: ReturnType<typeof createSha256>) => Promise<boolean>,
  ): Promise<boolean> {
    this.#step("transfer.spool-in-write");
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const unfinished = `${path}.unfinished`;
    const out = openSync(unfinished, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC, 0o600);
    let isGood = false;
    try {
      const hash = createSha256();
      isGood = (await fill(out, hash)) && hash.digestHex() === declared.sha256;
      if (isGood) await syncData(out);
    } finally {
      closeSync(out);
      if (!isGood) rmSync(unfinished, { force: true });
    }
    if (!isGood) return false;
    this.#step("transfer.spool-in-rename");
    renameSync(unfinished, path);
    return true;
  }

  /** Makes the names of the parts durable; called when all that came are in. */
  sync(): void {
    if (statSync(this.#folder, { throwIfNoEntry: false }) === undefined) return;
    // The folder that holds this one as well: a batch said to be verified is to outlive a power cut.
    for (const path of [this.#folder, dirname(this.#folder)]) syncFolderNow(path);
  }

  remove(): void {
    this.#step("transfer.spool-in-remove");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Removes what belongs to no batch that is still open: leftovers of a kill between commit and removal. */
export function sweepSpoolIn(spoolIn: string, openHashes: readonly string[]): void {
  if (statSync(spoolIn, { throwIfNoEntry: false }) === undefined) return;
  const kept = new Set(openHashes);
  for (const name of readdirSync(spoolIn)) {
    if (!kept.has(name)) rmSync(join(spoolIn, name), { recursive: true, force: true });
  }
}

/** Null when the medium can't be read: such a copy is damaged, whatever the cause. */
async function readChunk(fd: number, chunk: Buffer): Promise<number | null> {
  try {
    return (await readSome(fd, chunk, 0, chunk.byteLength, null)).bytesRead;
  } catch {
    return null;
  }
}

async function writeWhole(fd: number, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.byteLength;) {
    at += (await writeSome(fd, bytes, at, bytes.byteLength - at, null)).bytesWritten;
  }
}

import { closeSync, fdatasyncSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { createSha256, sha256Hex } from "../../station/crypto/hash.ts";
import type { Store } from "../../station/store/store.ts";
import { openManifestPart } from "../transfer/format/part.ts";
import type { Pool } from "../../station/pool/pool.ts";
import { TaskError } from "../../station/pool/carry-error.ts";
import { FormatFault } from "../transfer/format/fault.ts";
import {
  badBackup,
  contentsName,
  databasePath,
  isCarriedPath,
  parseContents,
  type Contents,
  type FileEntry,
  type Manifest,
} from "./format.ts";
import { partPath, type SignedManifest } from "./folder.ts";
import { schemaText } from "./prove.ts";
import { schemaOf } from "./snapshot.ts";
import type { BackupTasks } from "./tasks.ts";

export interface OpenPlan {
  readonly signed: SignedManifest;
  readonly identities: readonly string[];
  /** An own folder, mode 0700, that whoever asked wipes. */
  readonly into: string;
  readonly pool: Pool<BackupTasks>;
  readonly clock: () => Date;
  readonly step: (name: string) => void;
  /** Between parts, with the plaintext bytes that were proven since the last call. May throw. */
  readonly safePoint: (bytes: number) => void;
}

/**
 * Opens a backup whole, into a folder: every part by size and hash, decrypted, every file by size and hash.
 *
 * @throws Refusal `refused` for whatever is not as it was written
 */
export async function openBackup(plan: OpenPlan): Promise<Contents> {
  const contents = await openContents(plan);
  checkContents(plan.signed.manifest, contents);
  await extract(plan, contents);
  return contents;
}

/** Bytes that opening it takes on the disk. @throws Refusal as {@link openBackup} */
export async function plainBytesOf(plan: Pick<OpenPlan, "signed" | "identities">): Promise<number> {
  const contents = await openContents(plan);
  return contents.files.reduce((sum, file) => sum + file.bytes, 0);
}

async function openContents({
  signed,
  identities,
}: Pick<OpenPlan, "signed" | "identities">): Promise<Contents> {
  const [declared] = signed.manifest.parts;
  if (declared?.name !== contentsName) throw badBackup("its contents are not listed first");
  const bytes = readFileSync(partPath(signed.folder, contentsName));
  if (bytes.byteLength !== declared.bytes || sha256Hex(bytes) !== declared.sha256) {
    throw badBackup(`${contentsName} is not the file that was signed for`);
  }
  try {
    return parseContents(await openManifestPart(bytes, identities));
  } catch (error) {
    if (error instanceof FormatFault) throw badBackup(`${contentsName} does not open: ${error.message}`);
    throw error;
  }
}

function checkContents(manifest: Manifest, contents: Contents): void {
  if (contents.backup !== manifest.id) throw badBackup("its contents are those of another backup");
  const names = manifest.parts.slice(1).map(({ name }) => name);
  const listed = contents.parts.map(({ name }) => name);
  if (names.length !== listed.length || names.some((name, at) => name !== listed[at])) {
    throw badBackup("its contents list other parts than its manifest");
  }
  const [first] = contents.files;
  if (first?.path !== databasePath) throw badBackup("it does not begin with a database");
  const seen = new Set<string>();
  for (const { path } of contents.files) {
    if (!isCarriedPath(path) || seen.has(path))
      throw badBackup(`a file of it has the name ${JSON.stringify(path)}`);
    seen.add(path);
  }
  const sum = (list: readonly { bytes: number }[]): number =>
    list.reduce((total, one) => total + one.bytes, 0);
  if (sum(contents.files) !== sum(contents.parts)) throw badBackup("its parts are not as long as its files");
}

async function extract(plan: OpenPlan, contents: Contents): Promise<void> {
  const { manifest, folder } = plan.signed;
  const sink = createSink(plan.into, contents.files);
  const ahead: Promise<Uint8Array>[] = [];
  const start = (at: number): void => {
    const [cipher, plain] = [manifest.parts[at + 1], contents.parts[at]];
    if (cipher === undefined || plain === undefined) return;
    const opened = plan.pool.run("open", {
      path: partPath(folder, cipher.name),
      cipher,
      plain,
      identities: plan.identities,
    });
    // Looked at when its turn comes.
    opened.catch(() => {});
    ahead.push(opened);
  };
  try {
    for (let at = 0; at < Math.min(plan.pool.threads, contents.parts.length); at += 1) start(at);
    for (const [at, part] of contents.parts.entries()) {
      plan.step("backup.open-part");
      const bytes = await named(part.name, ahead.shift());
      start(at + plan.pool.threads);
      sink.take(bytes);
      plan.safePoint(part.bytes);
    }
    sink.finish();
  } finally {
    sink.close();
    await Promise.allSettled(ahead);
  }
}

/** A fault of one part, with its name. */
async function named(name: string, part: Promise<Uint8Array> | undefined): Promise<Uint8Array> {
  try {
    return await (part ?? Promise.reject(new Error(`no part ${name}`)));
  } catch (error) {
    if (error instanceof TaskError && ["DamagedPart", "FormatFault"].includes(error.name)) {
      throw badBackup(`${name}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

/** Cuts the stream of parts into files and proves each at its end. */
function createSink(into: string, files: readonly FileEntry[]) {
  let at = -1;
  let left = 0;
  let hash = createSha256();
  let open: number | undefined;

  function endFile(): void {
    const file = files[at];
    if (file === undefined) return;
    if (open !== undefined) {
      fdatasyncSync(open);
      closeSync(open);
      open = undefined;
    }
    if (hash.digestHex() !== file.sha256) throw badBackup(`the file ${file.path} in it has other bytes`);
  }

  /** Goes to the next file that has bytes; empty ones are made on the way. */
  function next(): void {
    while (left === 0 && at < files.length) {
      if (at >= 0) endFile();
      at += 1;
      const file = files[at];
      if (file === undefined) return;
      const path = join(into, file.path);
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      open = openSync(path, "wx", 0o600);
      hash = createSha256();
      left = file.bytes;
    }
  }

  return {
    take(bytes: Uint8Array): void {
      for (let from = 0; from < bytes.byteLength;) {
        if (left === 0) next();
        if (open === undefined) throw badBackup("its parts hold more than its files");
        const piece = bytes.subarray(from, from + left);
        for (let done = 0; done < piece.byteLength;) done += writeSync(open, piece, done);
        hash.update(piece);
        from += piece.byteLength;
        left -= piece.byteLength;
      }
    },
    finish(): void {
      if (left === 0) next();
      if (at < files.length) throw badBackup("its parts end before its files");
    },
    close(): void {
      if (open !== undefined) closeSync(open);
      open = undefined;
    },
  };
}

/**
 * Proves the database that came out of a backup, in a thread of the pool: checking a large one takes half a minute, and
 * the station must go on meanwhile.
 *
 * @param like an open database of this program
 * @throws Refusal `refused`
 */
export async function proveDatabase(
  pool: Pool<BackupTasks>,
  into: string,
  manifest: Manifest,
  contents: Contents,
  like: Store,
): Promise<void> {
  await pool.run("prove", {
    into,
    manifest,
    tables: contents.tables,
    schema: schemaOf(like),
    schemaText: schemaText(like),
  });
}

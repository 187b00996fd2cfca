import { copyFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "../../../shared/errors.ts";
import type { AgeKeyPair } from "../../station/crypto/age.ts";
import { randomHex } from "../../station/crypto/random.ts";
import { formatSshPublicKey } from "../../station/crypto/sshsig.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import type { Pool } from "../../station/pool/pool.ts";
import { version } from "../../station/version.ts";
import { diskFault, type JobPlan, type JobRun } from "../transfer/service.ts";
import { backupFormat, databasePath, type KeyTree } from "./format.ts";
import { backupFolderName, liesWithin, needRoom, readManifest, unfinishedIn } from "./folder.ts";
import { openBackup, proveDatabase } from "./open.ts";
import { copyDatabase, listFiles, readCopy, type SourceFile } from "./snapshot.ts";
import type { BackupStore } from "./store.ts";
import type { BackupTasks } from "./tasks.ts";
import { writeBackup, type WrittenBackup } from "./write.ts";

export type RunJob = <T>(plan: JobPlan, work: (run: JobRun) => Promise<T>) => Promise<T>;

export interface BackupWork {
  readonly kernel: Kernel;
  readonly pool: Pool<BackupTasks>;
  readonly inScratch: <T>(work: (folder: string) => Promise<T>) => Promise<T>;
  readonly rows: BackupStore;
  readonly runJob: RunJob;
}

export interface MakeDeps extends BackupWork {
  readonly pair: AgeKeyPair;
  readonly keyTree: KeyTree;
}

export interface MadeBackup {
  readonly folder: string;
  readonly manifestSha256: string;
  readonly madeAt: string;
  readonly bytes: number;
  readonly parts: number;
  readonly files: number;
  readonly events: number;
  readonly root: string;
  readonly sameDisk: boolean;
  readonly sentence: string;
}

/** Manifest, signature, README and the names of a folder, whatever the station's size. */
const overheadBytes = 1024 * 1024;

/**
 * Backs the station up into a new folder below `out`, then opens what was written anew and proves all of it; only then
 * it is told. Exports and imports wait meanwhile, so that the spool is the one that the database speaks of.
 *
 * @throws Refusal `bad-input` for a folder within the station, `no-room`, `medium-failed`, `cancelled`; nothing that
 *   could be taken for a backup is left then
 */
export async function makeBackup(deps: MakeDeps, out: string, call: Call): Promise<MadeBackup> {
  const { kernel } = deps;
  // Signing comes last; a locked station should say so first.
  kernel.keyring.signing();
  const sameDisk = expectPlace(kernel, out);
  const plan = {
    kind: "backup",
    medium: out,
    operator: call.operator,
    steps: ["copy", "seal", "flush", "read-back"],
  } as const;
  return await deps.runJob(plan, async (run) => {
    for (const name of unfinishedIn(out, kernel.identity().name)) {
      rmSync(join(out, name), { recursive: true, force: true });
    }
    const madeAt = kernel.clock().toISOString();
    const id = randomHex(8);
    const folder = join(out, backupFolderName(kernel.identity().name, madeAt, id));
    call.commit((event) => event({ action: "station.backup-begun", object: id, details: { folder } }));
    try {
      const place = { folder, id, madeAt, by: call.operator, sameDisk };
      const { written, files } = await write(deps, place, run);
      await prove(deps, folder, written, run);
      const made = note(deps, { folder, written, files, madeAt, sameDisk }, call);
      run.describe({ sentence: made.sentence, verdict: "done", bytes: written.bytes });
      return made;
    } catch (error) {
      throw stopped(deps, folder, out, error, call);
    }
  });
}

function expectPlace(kernel: Kernel, out: string): boolean {
  const found = statSync(out, { throwIfNoEntry: false });
  if (found?.isDirectory() !== true) {
    throw new Refusal("medium-failed", `There is no folder ${out}.`, {
      path: out,
      safe: "Nothing was written.",
      remedy: "Plug the medium in and mount it, or make the folder, then back up again.",
    });
  }
  if (liesWithin(out, kernel.directory)) {
    throw new Refusal(
      "bad-input",
      `${out} lies in the station's own directory: a backup there is lost with it.`,
      {
        path: out,
        safe: "Nothing was written.",
        remedy: "Name a folder on another medium.",
      },
    );
  }
  return found.dev === statSync(kernel.directory).dev;
}

interface Place {
  readonly folder: string;
  readonly id: string;
  readonly madeAt: string;
  readonly by: string;
  readonly sameDisk: boolean;
}

async function write(
  deps: MakeDeps,
  { folder, id, madeAt, by, sameDisk }: Place,
  run: JobRun,
): Promise<{ written: WrittenBackup; files: number }> {
  const { kernel, pair } = deps;
  const pages = (name: string): number => Number(kernel.store.db.pragma(name, { simple: true }));
  const databaseBytes = pages("page_count") * pages("page_size");
  const listed = listFiles(kernel.paths);
  const fileBytes = listed.reduce((sum, file) => sum + file.bytes, 0);
  const outside = databaseBytes + fileBytes + overheadBytes;
  needRoom(kernel.paths.run, databaseBytes + fileBytes + (sameDisk ? outside : 0), "Copying the database");
  needRoom(join(folder, ".."), outside, "The backup");
  return await deps.inScratch(async (scratch) => {
    const copy = join(scratch, databasePath);
    run.begin("copy", databaseBytes);
    let copied = 0;
    kernel.step("backup.copy");
    await copyDatabase(kernel.store, copy, (done) => {
      run.safePoint();
      run.advance("copy", Math.max(0, done - copied));
      copied = Math.max(copied, done);
    });
    const facts = await readCopy(copy, scratch, kernel.clock);
    run.finish("copy");
    const files = [
      { path: databasePath, from: copy, bytes: statSync(copy).size },
      ...listFiles(kernel.paths).map((file) => still(file, scratch)),
    ];
    run.begin(
      "seal",
      files.reduce((sum, file) => sum + file.bytes, 0),
    );
    const identity = kernel.identity();
    const signing = kernel.keyring.signing();
    const written = await writeBackup({
      folder,
      files,
      tables: facts.tables,
      manifest: {
        format: backupFormat,
        id,
        station: {
          id: identity.id,
          name: identity.name,
          side: identity.side,
          people: identity.people,
          lineage: identity.lineage,
          signingKey: formatSshPublicKey(signing.publicKey),
        },
        createdAt: madeAt,
        madeBy: by,
        program: version,
        schema: facts.schema,
        audit: facts.audit,
        recipient: pair.recipient,
        keys: deps.keyTree,
      },
      signing,
      pool: deps.pool,
      step: kernel.step,
      safePoint(bytes) {
        run.safePoint();
        run.advance("seal", bytes);
      },
    });
    run.finish("seal");
    run.finish("flush", "done");
    return { written, files: files.length };
  });
}

/** The log's own files are written four times a second: a copy is what is hashed and what is sealed. */
function still(file: SourceFile, scratch: string): SourceFile {
  if (!file.path.startsWith("audit/")) return file;
  const from = join(scratch, file.path.replaceAll("/", "."));
  copyFileSync(file.from, from);
  return { path: file.path, from, bytes: statSync(from).size };
}

/** Opens what was written as a stranger would, and compares. */
async function prove(deps: MakeDeps, folder: string, written: WrittenBackup, run: JobRun): Promise<void> {
  const { kernel, pool, pair } = deps;
  const signed = readManifest(folder);
  if (signed.sha256 !== written.sha256) throw new Error("the manifest on the medium is another one");
  await deps.inScratch(async (into) => {
    run.begin("read-back", written.bytes);
    const contents = await openBackup({
      signed,
      identities: [pair.identity],
      into,
      pool,
      clock: kernel.clock,
      step: kernel.step,
      safePoint(bytes) {
        run.safePoint();
        run.advance("read-back", bytes);
      },
    });
    await proveDatabase(pool, into, signed.manifest, contents, kernel.store);
    run.finish("read-back", "proved");
  });
}

function note(
  { kernel, rows }: MakeDeps,
  {
    folder,
    written,
    files,
    madeAt,
    sameDisk,
  }: Omit<Place, "id" | "by"> & { written: WrittenBackup; files: number },
  call: Call,
): MadeBackup {
  const { manifest, sha256, bytes } = written;
  const { events, root } = manifest.audit;
  const parts = manifest.parts.length;
  const checkedAt = kernel.clock().toISOString();
  kernel.step("backup.commit");
  call.commit((event) => {
    rows.addBackup({
      manifest_sha256: sha256,
      folder,
      made_by: call.operator,
      made_at: madeAt,
      checked_at: checkedAt,
      events,
      root,
      bytes,
      parts,
      same_disk: sameDisk ? 1 : 0,
    });
    event({
      action: "station.backup-made",
      object: manifest.id,
      details: { folder, manifest: sha256, events, root, bytes, parts, sameDisk },
    });
  });
  kernel.changes.publish("station");
  const sentence = sameDisk
    ? "Written, opened again and compared. It lies on the same disk as the station: copy it to another."
    : "Written, opened again and compared. Eject the medium before you pull it out.";
  return { folder, manifestSha256: sha256, madeAt, bytes, parts, files, events, root, sameDisk, sentence };
}

/** Takes away what was written, says it in the log, and returns what is to be thrown. */
function stopped(deps: MakeDeps, folder: string, out: string, error: unknown, call: Call): unknown {
  const { kernel } = deps;
  const fault = diskFault(error, {
    what: "The medium",
    path: out,
    safe: "The station is as it was. What was written is no backup, and was taken away where that was possible.",
    remedy: "Check the medium, or take another, and back up again.",
  });
  try {
    for (const path of [folder, `${folder}.unfinished`]) rmSync(path, { recursive: true, force: true });
    call.commit((event) =>
      event({
        action: "station.backup-stopped",
        object: folder,
        outcome: "failed",
        details: { code: fault instanceof Refusal ? fault.code : "internal" },
      }),
    );
  } catch (failure) {
    kernel.log.warn({ error: String(failure) }, "a backup that stopped could not be tidied or logged");
  }
  return fault;
}

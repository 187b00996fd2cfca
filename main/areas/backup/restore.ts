import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { Refusal } from "../../../shared/errors.ts";
import { logOrigin, parseCheckpointText } from "../../station/audit/checkpoint.ts";
import { readHeadFile } from "../../station/audit/head-file.ts";
import { mayAdminister } from "../../station/keys/standing.ts";
import { keyStore } from "../../station/keys/store.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import type { Pool } from "../../station/pool/pool.ts";
import { openStore } from "../../station/store/open-store.ts";
import { syncFolderNow } from "../../station/sync-folder.ts";
import { carriedFolders, databasePath, type Contents, type Manifest } from "./format.ts";
import { needRoom, readManifest, type SignedManifest } from "./folder.ts";
import { combineBare } from "../recovery/service.ts";
import { openKeyTree, openKeyTreeByShares } from "./key-tree.ts";
import { openBackup, plainBytesOf, proveDatabase } from "./open.ts";
import { proveKeys, type Opener } from "./prove-keys.ts";
import { revive, type Revival, type Revived } from "./revive.ts";
import type { BackupTasks } from "./tasks.ts";

export interface RestoreInput {
  readonly from: string;
  readonly operator: string;
  /** Theirs of then; or shares of the recovery set of then, in its place. */
  readonly passphrase?: string | undefined;
  readonly shares?: readonly string[] | undefined;
  /** The file audit/head of the lost station, where it could be saved: shows how much of its log is lost. */
  readonly head?: string | undefined;
}

export interface RestoreDeps {
  readonly kernel: Kernel;
  readonly pool: Pool<BackupTasks>;
  /** A new folder below run/ that is wiped afterwards, whatever happens. */
  readonly inScratch: <T>(work: (folder: string) => Promise<T>) => Promise<T>;
}

export interface Restored extends Revived {
  readonly signed: SignedManifest;
  readonly known: Revival["known"];
}

/** The database is opened twice and copied once on its way: with its journal it takes three times its size at most. */
const copiesOfDatabase = 3;

/**
 * Makes an empty directory the station of a backup. Everything is proven before anything is placed; the database comes
 * last, in one transaction, so that a kill leaves an empty directory or a restored station, never half of one.
 *
 * @throws Refusal `conflict` where a station is already, `refused` for a backup that does not hold or does not open,
 *   `not-allowed` where the operator is no administrator in it, `no-room`
 */
export async function restoreStation(deps: RestoreDeps, input: RestoreInput, call: Call): Promise<Restored> {
  const { kernel } = deps;
  refuseFounded(kernel);
  const signed = readManifest(input.from);
  const { manifest } = signed;
  const opener = await openerOf(input, manifest);
  const identities =
    typeof opener === "string"
      ? await openKeyTree(manifest.keys, input.operator, opener)
      : await openKeyTreeByShares(manifest.keys, opener);
  const bytes = await plainBytesOf({ signed, identities });
  needRoom(kernel.directory, copiesOfDatabase * bytes, "A restore");
  const work = async (folder: string): Promise<Restored> => {
    const {
      pool,
      kernel: { clock, step },
    } = deps;
    const safePoint = (): void => stopHere(kernel);
    const contents = await openBackup({ signed, identities, into: folder, pool, clock, step, safePoint });
    await proveDatabase(pool, folder, manifest, contents, kernel.store);
    const known = knownHead(input.head, manifest);
    // Another window may have founded or restored a station meanwhile.
    refuseFounded(kernel);
    const revived = await place(deps, folder, contents, {
      manifestSha256: signed.sha256,
      backupAt: manifest.createdAt,
      by: input.operator,
      at: clock().toISOString(),
      known,
      manifest,
      opener,
      backup: {
        manifest_sha256: signed.sha256,
        folder: signed.folder,
        made_by: manifest.madeBy,
        made_at: manifest.createdAt,
        events: manifest.audit.events,
        root: manifest.audit.root,
        bytes: manifest.parts.reduce((sum, part) => sum + part.bytes, 0),
        parts: manifest.parts.length,
      },
    });
    kernel.refound();
    call.commit((event) =>
      event({
        actor: input.operator,
        action: "station.restore-placed",
        object: manifest.station.id,
        details: { manifest: signed.sha256, files: contents.files.length, bytes },
      }),
    );
    return { ...revived, signed, known };
  };
  try {
    return await deps.inScratch(work);
  } finally {
    if (typeof opener !== "string") opener.secret.fill(0);
  }
}

async function openerOf({ passphrase, shares }: RestoreInput, { station }: Manifest): Promise<Opener> {
  if (passphrase !== undefined && shares === undefined) return passphrase;
  if (shares !== undefined && passphrase === undefined) return await combineBare(station, shares);
  throw new Refusal(
    "bad-input",
    "At passphrase: give the passphrase of then, or recovery shares in its place.",
    {
      path: "passphrase",
      safe: "Nothing was changed.",
    },
  );
}

function refuseFounded(kernel: Kernel): void {
  if (kernel.founded() === null) return;
  throw new Refusal(
    "conflict",
    `${kernel.directory} already holds the station ${kernel.identity().name}. A backup is restored into an empty directory.`,
    { path: kernel.directory, safe: "Nothing was changed.", remedy: "Choose an empty directory." },
  );
}

function stopHere(kernel: Kernel): void {
  if (!kernel.stopping.aborted) return;
  throw new Refusal("cancelled", "Stopped, because the program is closing. The directory is still empty.");
}

/** Puts files and database in their places: after the last step it is a station, before it an empty directory. */
async function place(
  { kernel }: RestoreDeps,
  folder: string,
  contents: Contents,
  { manifest, opener, ...revival }: Revival & { readonly manifest: Manifest; readonly opener: Opener },
): Promise<Revived> {
  const { root, database } = kernel.paths;
  const store = openStore({ path: join(folder, databasePath), backups: folder, clock: kernel.clock });
  try {
    const row = keyStore(store).operator(revival.by);
    if (row === undefined || !mayAdminister(row)) {
      throw new Refusal("not-allowed", `${revival.by} is no administrator in this backup.`, {
        safe: "Nothing was changed.",
        remedy:
          "Restore with the passphrase of an administrator: somebody has to review what it brings back.",
      });
    }
    proveKeys(store, revival.by, opener, manifest);
    const revived = revive(store, revival, kernel.clock);
    kernel.step("restore.files");
    for (const name of carriedFolders) empty(join(root, name));
    for (const { path } of contents.files) {
      if (path === databasePath) continue;
      const target = join(root, placeOf(path));
      mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
      renameSync(join(folder, path), target);
    }
    for (const name of folders(contents)) syncFolderNow(join(root, name));
    syncFolderNow(root);
    kernel.step("restore.database");
    // Through SQLite, whose other connection is the station's own; all pages in one step, so that nobody meets half.
    await store.db.backup(database, { progress: () => 0x7fff_ffff });
    kernel.step("restore.placed");
    return revived;
  } finally {
    store.close();
  }
}

/** The abandoned log's head file stays as evidence; the new log writes its own. */
function placeOf(path: string): string {
  return path === "audit/head" ? "audit/head-of-backup" : path;
}

function folders({ files }: Contents): Set<string> {
  return new Set(files.flatMap(({ path }) => (path.includes("/") ? parents(dirname(path)) : [])));
}

function parents(path: string): string[] {
  const above = dirname(path);
  return above === "." ? [path] : [path, ...parents(above)];
}

/** What a restore that was killed left in an unfounded directory. */
function empty(folder: string): void {
  if (!existsSync(folder)) return;
  const keep = new Set(["in", "out"]);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (keep.has(name)) empty(path);
    else rmSync(path, { recursive: true, force: true });
  }
}

/** @throws Refusal `refused` for a head file of another log */
function knownHead(path: string | undefined, { station, audit }: Manifest): Revival["known"] {
  const atLeast = { events: audit.events, from: "backup" };
  if (path === undefined) return atLeast;
  const content = readHeadFile(path);
  const head = content.state === "read" ? parseCheckpointText(content.head.text) : null;
  if (head === null || head.origin !== logOrigin(station.id, station.lineage)) {
    throw new Refusal("refused", `${path} is no head file of the station in this backup, or damaged.`, {
      path,
      safe: "Nothing was changed.",
      remedy: "Name the file audit/head of the lost station, or leave it out.",
    });
  }
  return head.size > audit.events ? { events: head.size, from: "head-file" } : atLeast;
}

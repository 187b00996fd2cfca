import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { Refusal } from "../../../shared/errors.ts";
import { createStore, type Store } from "./store.ts";
import { readMigrations, type Migration } from "./migrations.ts";

/** `SLYP`, in the header of every station.db, so that another program's database is never taken for ours. */
export const applicationId = 0x53_4c_59_50;

/** The WAL-reset race is fixed from here on (research: SQLite 3.51.3, March 2026). */
const oldestSqlite = [3, 51, 3];

/** Bounds what a large transaction leaves of the -wal file. */
const journalSizeLimitBytes = 64 * 1024 * 1024;

/**
 * Pages of 4 KiB in the -wal file before it is folded back: 32 MiB. With SQLite's 1,000 an import of many
 * records folds back after every other transaction (measured: 24 to 29 thousand records a second against 15
 * to 27 on a busy machine). What is acknowledged is synced either way.
 */
const checkpointPages = 8000;

export interface OpenStoreOptions {
  readonly path: string;
  /** Folder for the copy made before a migration. */
  readonly backups: string;
  readonly clock: () => Date;
  readonly migrations?: readonly Migration[];
}

/**
 * Opens station.db in the order that keeps acknowledged data: WAL, then synchronous FULL set and read back
 * (switching to WAL silently drops it to NORMAL), then the guards, then identity and version of the file.
 * Throws `not-ready` for a file that is not ours, is newer than this program, or does not open.
 */
export function openStore(options: OpenStoreOptions): Store {
  const isNew = !existsSync(options.path);
  const db = new Database(options.path, { timeout: 5000 });
  try {
    assertVersion(db);
    if (!isNew) assertOurs(db, options.path);
    configure(db);
    migrate(db, options);
    return createStore(db);
  } catch (error) {
    db.close();
    throw error;
  }
}

function assertVersion(db: Database.Database): void {
  const version = String(db.prepare("SELECT sqlite_version()").pluck().get());
  const numbers = version.split(".").map(Number);
  for (const [index, least] of oldestSqlite.entries()) {
    const have = numbers[index] ?? 0;
    if (have > least) return;
    if (have < least) throw new Error(`SQLite ${version} is older than ${oldestSqlite.join(".")}`);
  }
}

function assertOurs(db: Database.Database, path: string): void {
  let id: unknown;
  try {
    id = db.pragma("application_id", { simple: true });
  } catch (cause) {
    throw new Refusal(
      "not-ready",
      `${path} is not a database, or its header is damaged. Nothing was changed. Put back a backup, or choose another station directory.`,
      { path },
      { cause },
    );
  }
  // An empty database file (0) is what a start that was killed before its first commit leaves behind.
  const tables = db.prepare("SELECT count(*) FROM sqlite_schema").pluck().get();
  if (id === applicationId || (id === 0 && tables === 0)) return;
  throw new Refusal(
    "not-ready",
    `${path} is not a Sallyport station: another program made it. Nothing was changed.`,
    {
      path,
    },
  );
}

function configure(db: Database.Database): void {
  const mode = db.pragma("journal_mode = WAL", { simple: true });
  if (mode !== "wal")
    throw new Error(`journal_mode is ${String(mode)}, not wal: is this a network file system?`);
  db.pragma("synchronous = FULL");
  db.pragma("recursive_triggers = ON");
  db.pragma("trusted_schema = OFF");
  db.pragma("cell_size_check = ON");
  db.pragma("foreign_keys = ON");
  db.pragma("mmap_size = 0");
  db.pragma(`wal_autocheckpoint = ${checkpointPages}`);
  db.pragma(`journal_size_limit = ${journalSizeLimitBytes}`);
  if (process.platform === "darwin") {
    db.pragma("fullfsync = ON");
    db.pragma("checkpoint_fullfsync = ON");
  }
  const expected = { synchronous: 2, recursive_triggers: 1, trusted_schema: 0, foreign_keys: 1 };
  for (const [name, value] of Object.entries(expected)) {
    const have = db.pragma(name, { simple: true });
    if (have !== value) throw new Error(`PRAGMA ${name} reads back ${String(have)}, not ${value}`);
  }
}

function migrate(db: Database.Database, options: OpenStoreOptions): void {
  const migrations = options.migrations ?? readMigrations();
  const current = Number(db.pragma("user_version", { simple: true }));
  const newest = migrations.at(-1)?.version ?? 0;
  if (current > newest) {
    throw new Refusal(
      "not-ready",
      `${options.path} was written by a newer Sallyport (schema ${current}; this program knows ${newest}). Nothing was changed. Use the newer program.`,
      { path: options.path },
    );
  }
  if (current === newest) return;
  if (current > 0) backUp(db, current, options);
  db.transaction(() => {
    db.pragma(`application_id = ${applicationId}`);
    for (const migration of migrations) {
      if (migration.version > current) db.exec(migration.sql);
    }
    db.pragma(`user_version = ${newest}`);
  }).immediate();
}

/** The copy made before a migration; clear, because nobody has unlocked anything yet (trust.md). */
function backUp(db: Database.Database, version: number, options: OpenStoreOptions): void {
  const stamp = options.clock().toISOString().replaceAll(/[:.]/g, "-");
  const path = join(options.backups, `before-migration-from-${version}-${stamp}.db`);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  db.prepare("VACUUM INTO ?").run(path);
}

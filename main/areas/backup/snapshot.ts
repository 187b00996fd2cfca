import { closeSync, fdatasyncSync, openSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { openStore } from "../../station/store/open-store.ts";
import type { Store } from "../../station/store/store.ts";
import { createAuditLog } from "../../station/audit/log.ts";
import type { AuditHead } from "../../station/audit/log.ts";
import type { StationPaths } from "../../station/paths.ts";
import { carriedFolders, isCarriedPath } from "./format.ts";

/**
 * Pages of 4 KiB that one step of the online backup copies, after which other work gets its turn: 1 MiB blocks the
 * station's thread for 7 ms at most; with 1,000 pages it was 26 ms and with 10,000 167 ms, and the whole took no less
 * (measured on 176 MiB, Node 24.21, SQLite 3.54.1).
 */
const pagesAStep = 256;

/**
 * Copies the open database to a new file, as it is when the copy ends: SQLite carries writes of the same connection
 * along. Never by reading the file (research/audit-ops.md 0, fact 4).
 */
export async function copyDatabase(
  store: Store,
  target: string,
  safePoint: (doneBytes: number, totalBytes: number) => void,
): Promise<void> {
  const pageBytes = Number(store.db.pragma("page_size", { simple: true }));
  await store.db.backup(target, {
    progress({ totalPages, remainingPages }) {
      safePoint((totalPages - remainingPages) * pageBytes, totalPages * pageBytes);
      return pagesAStep;
    },
  });
  const file = openSync(target, "r+");
  try {
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** What a copy of a database says of itself. */
export interface CopyFacts {
  readonly schema: number;
  readonly audit: AuditHead;
  readonly tables: Record<string, number>;
}

/** Rows of each table, but those in which FTS5 and SQLite keep their own. */
export function countRows(store: Store): Record<string, number> {
  const names = store
    .prepare(
      `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
    )
    .pluck()
    .all() as string[];
  return Object.fromEntries(
    names.map((name) => [name, Number(store.db.prepare(`SELECT count(*) FROM "${name}"`).pluck().get())]),
  );
}

/** Opens a copy, reads its facts and closes it. The copy is folded into one file. */
export async function readCopy(path: string, folder: string, clock: () => Date): Promise<CopyFacts> {
  return await withCopy(path, folder, clock, (store) => ({
    schema: schemaOf(store),
    audit: createAuditLog(store, clock).head(),
    tables: countRows(store),
  }));
}

export function schemaOf(store: Store): number {
  return Number(store.db.pragma("user_version", { simple: true }));
}

/**
 * Opens a copy of a database for some work, migrating it where it is older; afterwards everything is in the one file.
 *
 * @param folder where a migration leaves its own copy
 */
export async function withCopy<T>(
  path: string,
  folder: string,
  clock: () => Date,
  work: (store: Store) => T | Promise<T>,
): Promise<T> {
  const store = openStore({ path, backups: folder, clock });
  try {
    const result = await work(store);
    store.db.pragma("wal_checkpoint(TRUNCATE)");
    return result;
  } finally {
    store.close();
  }
}

export interface SourceFile {
  /** Within the station, with `/`. */
  readonly path: string;
  /** Where its bytes are read. */
  readonly from: string;
  readonly bytes: number;
}

/** Every file that a backup carries besides the database, in order. */
export function listFiles(paths: StationPaths): SourceFile[] {
  const files: SourceFile[] = [];
  const add = (path: string): void => {
    const from = join(paths.root, path);
    if (isCarriedPath(path)) files.push({ path, from, bytes: statSync(from).size });
  };
  if (statSync(paths.configuration, { throwIfNoEntry: false }) !== undefined) add("station.json");
  for (const root of carriedFolders) walk(paths.root, root, add);
  return files;
}

function walk(root: string, folder: string, add: (path: string) => void): void {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) walk(root, path, add);
    else if (entry.isFile()) add(path);
  }
}

import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";

export interface StationLock {
  release(): void;
}

/**
 * Takes the station lock: an exclusive transaction on run/lock.db, kept for the life of the shell. The
 * kernel lets go of it when the process dies, however it dies (trust.md, The station lock).
 * Returns null when another process holds it.
 */
export function takeLock(path: string): StationLock | null {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const db = new Database(path, { timeout: 0 });
  try {
    // A rollback journal: in WAL mode an exclusive transaction would let readers in and leave files behind.
    db.pragma("journal_mode = MEMORY");
    db.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    db.close();
    if (error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY")) return null;
    throw error;
  }
  return {
    release() {
      if (!db.open) return;
      db.exec("ROLLBACK");
      db.close();
    },
  };
}

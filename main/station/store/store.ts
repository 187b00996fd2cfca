import type Database from "better-sqlite3";

/** The one writer connection of a station. Everything is synchronous; a transaction never spans an await. */
export interface Store {
  readonly db: Database.Database;
  /** Prepares once and keeps the statement. */
  prepare(sql: string): Database.Statement;
  /**
   * BEGIN IMMEDIATE … COMMIT without an audit event: for rows that nobody can see yet (staging, cursors
   * of running work). What a person could notice goes through `Call.commit`.
   */
  write<T>(run: () => T): T;
  close(): void;
}

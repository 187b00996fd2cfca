import Database from "better-sqlite3";

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
  /**
   * Runs several pieces of work in one transaction, each under a savepoint: one that throws is rolled back alone. What each
   * came to, after COMMIT has returned. Throws when the transaction could not be committed: then nothing was kept.
   */
  together(works: readonly (() => unknown)[]): WorkOutcome[];
  close(): void;
}

export type WorkOutcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: unknown };

/** Wraps an open connection. A transaction inside a transaction is a mistake and throws. */
export function createStore(db: Database.Database): Store {
  const statements = new Map<string, Database.Statement>();
  let grouped = false;
  return {
    db,
    prepare(sql) {
      let statement = statements.get(sql);
      if (statement === undefined) {
        statement = db.prepare(sql);
        statements.set(sql, statement);
      }
      return statement;
    },
    write(run) {
      // Inside a group a transaction is a savepoint (better-sqlite3 nests by itself).
      if (db.inTransaction && !grouped) throw new Error("a transaction is open already");
      return grouped ? db.transaction(run)() : db.transaction(run).immediate();
    },
    together(works) {
      if (db.inTransaction) throw new Error("a transaction is open already");
      grouped = true;
      try {
        return db.transaction(() => works.map((work) => outcomeOf(db, work))).immediate();
      } finally {
        grouped = false;
      }
    },
    close() {
      statements.clear();
      db.close();
    },
  };
}

/** A fault that ended the whole transaction (a full or broken disk) is everybody's: it is thrown on. */
function outcomeOf(db: Database.Database, work: () => unknown): WorkOutcome {
  try {
    return { ok: true, value: db.transaction(work)() };
  } catch (error) {
    if (!db.inTransaction) throw error;
    return { ok: false, error };
  }
}

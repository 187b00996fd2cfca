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
  close(): void;
}

/** Wraps an open connection. A transaction inside a transaction is a mistake and throws. */
export function createStore(db: Database.Database): Store {
  const statements = new Map<string, Database.Statement>();
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
      if (db.inTransaction) throw new Error("a transaction is open already");
      return db.transaction(run).immediate();
    },
    close() {
      statements.clear();
      db.close();
    },
  };
}

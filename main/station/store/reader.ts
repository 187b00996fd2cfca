import Database from "better-sqlite3";

/** A read-only connection for a pool thread: it sees what is committed and holds no lock between statements. */
export interface Reader {
  prepare(sql: string): Database.Statement;
  close(): void;
}

/** @param path of a station.db that the station's own thread has open */
export function openReader(path: string): Reader {
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: 5000 });
  db.pragma("trusted_schema = OFF");
  db.pragma("query_only = ON");
  const statements = new Map<string, Database.Statement>();
  return {
    prepare(sql) {
      let statement = statements.get(sql);
      if (statement === undefined) {
        statement = db.prepare(sql);
        statements.set(sql, statement);
      }
      return statement;
    },
    close: () => db.close(),
  };
}

import { readdirSync, readFileSync } from "node:fs";

export interface Migration {
  /** Becomes `PRAGMA user_version`. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** The files `migrations/NNNN-*.sql` beside this module (the build copies them beside the bundle), in order. */
export function readMigrations(folder = new URL("./migrations/", import.meta.url)): Migration[] {
  const names = readdirSync(folder)
    .filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name))
    .toSorted();
  return names.map((name, index) => {
    const version = Number(name.slice(0, 4));
    if (version !== index + 1)
      throw new Error(`migration ${name} is out of order: expected number ${index + 1}`);
    return { version, name, sql: readFileSync(new URL(name, folder), "utf8") };
  });
}

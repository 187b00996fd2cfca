import { join } from "node:path";
import { createAuditLog } from "../../station/audit/log.ts";
import { keyStore } from "../../station/keys/store.ts";
import type { Store } from "../../station/store/store.ts";
import { badBackup, databasePath, type Contents, type Manifest } from "./format.ts";
import { countRows, withCopy } from "./snapshot.ts";

export interface ProveTask {
  /** The folder that a backup was opened into. */
  readonly into: string;
  readonly manifest: Manifest;
  readonly tables: Contents["tables"];
  /** Of this program: a database with anything more could act when it is written to. */
  readonly schema: number;
  readonly schemaText: string;
}

/**
 * Proves the database that came out of a backup: SQLite's own check of all of it, its schema, rows of each table, the
 * tree of the log recomputed from its events, and that it is the station's whose key signed the backup.
 *
 * @throws Refusal `refused`
 */
export async function proveTask(task: ProveTask): Promise<null> {
  const { into, manifest } = task;
  const { station, audit } = manifest;
  const clock = (): Date => new Date();
  await withCopy(join(into, databasePath), into, clock, async (store) => {
    const integrity = store.db.pragma("integrity_check(1)", { simple: true });
    if (integrity !== "ok") throw badBackup(`SQLite finds the database in it damaged: ${String(integrity)}`);
    if (schemaText(store) !== task.schemaText) throw badBackup("the database in it has another schema");
    const row = store.prepare("SELECT id, lineage FROM station").get() as Record<string, string> | undefined;
    if (row?.["id"] !== station.id || row["lineage"] !== station.lineage) {
      throw badBackup("the database in it is another station's");
    }
    const signingKeys = keyStore(store).stationKeys("signing");
    if (!signingKeys.some((key) => key.public === station.signingKey)) {
      throw badBackup("it is signed by a key that the station in it does not have");
    }
    // A migration may change the rows; of its own schema they are those that were counted.
    if (manifest.schema === task.schema) expectRows(countRows(store), task.tables);
    const log = createAuditLog(store, clock);
    const head = log.head();
    if (head.events !== audit.events || head.root !== audit.root) {
      throw badBackup("the audit log in it is not the one that its manifest names");
    }
    const verdict = await log.verify();
    if (!verdict.ok || verdict.root !== audit.root) {
      throw badBackup(`the audit log in it does not verify, at event ${verdict.firstBad ?? "unknown"}`);
    }
  });
  return null;
}

function expectRows(found: Record<string, number>, counted: Record<string, number>): void {
  for (const [table, rows] of Object.entries(counted)) {
    if (found[table] !== rows) throw badBackup(`the table ${table} in it has other rows than were counted`);
  }
}

/** Every object of a database, as SQL. */
export function schemaText(store: Store): string {
  const sql =
    "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name";
  return JSON.stringify(store.prepare(sql).all());
}

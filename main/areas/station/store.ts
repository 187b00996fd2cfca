import type { StationIdentity } from "../../station/identity.ts";
import type { Store } from "../../station/store/store.ts";

export function readStationRow(store: Store): StationIdentity | null {
  const sql = "SELECT id, name, side, people, lineage, created_at AS createdAt FROM station";
  return (store.prepare(sql).get() as StationIdentity | undefined) ?? null;
}

export function writeStationRow(store: Store, row: StationIdentity): void {
  store
    .prepare(
      "INSERT INTO station (one, id, name, side, people, lineage, created_at) VALUES (1, ?, ?, ?, ?, ?, ?)",
    )
    .run(row.id, row.name, row.side, row.people, row.lineage, row.createdAt);
}

export interface CardRow {
  readonly serial: number;
  readonly text: string;
}

export function newestCard(store: Store): CardRow | undefined {
  return store.prepare("SELECT serial, text FROM card ORDER BY serial DESC LIMIT 1").get() as
    | CardRow
    | undefined;
}

export function addCard(store: Store, serial: number, text: string, createdAt: string): void {
  store.prepare("INSERT INTO card (serial, text, created_at) VALUES (?, ?, ?)").run(serial, text, createdAt);
}

export function peerCounts(store: Store): { pending: number; trusted: number; revoked: number } {
  const counts = { pending: 0, trusted: 0, revoked: 0 };
  const rows = store.prepare("SELECT state, count(*) AS n FROM peer GROUP BY state").all() as {
    state: keyof typeof counts;
    n: number;
  }[];
  for (const row of rows) counts[row.state] = row.n;
  return counts;
}

/** The oldest operator's cost: what a copied directory would have to be searched against. */
export function passwordHash(store: Store): { memoryKiB: number; passes: number } {
  const sql = `SELECT memory_kib AS memoryKiB, passes FROM operator_key WHERE retired_at IS NULL
               ORDER BY memory_kib * passes LIMIT 1`;
  return store.prepare(sql).get() as { memoryKiB: number; passes: number };
}

/** Names of the peers that hold a card of ours as trusted ones. */
export function trustedPeers(store: Store): string[] {
  return store
    .prepare("SELECT name FROM peer WHERE state = 'trusted' ORDER BY name")
    .pluck()
    .all() as string[];
}

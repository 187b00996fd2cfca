import type { Store } from "../../station/store/store.ts";
import { blockEvents } from "../../station/audit/nodes.ts";

export interface SegmentRow {
  readonly id: number;
  readonly from_seq: number;
  readonly to_seq: number;
  readonly from_at: string;
  readonly to_at: string;
  readonly sha256: string;
  readonly note: string;
  readonly sealed_at: string;
  readonly exported_at: string | null;
  readonly exported_to: string | null;
  readonly purge_begun_at: string | null;
  readonly purged_at: string | null;
  readonly stub: string | null;
}

export interface HoldRow {
  readonly id: number;
  readonly from_seq: number;
  readonly to_seq: number | null;
  readonly reason: string;
  readonly set_at: string;
  readonly set_by: string;
}

/** The rows of segments and holds. What changes them runs inside the transaction of its event. */
export function retentionStore(store: Store) {
  const columns =
    "id, from_seq, to_seq, from_at, to_at, sha256, note, sealed_at, exported_at, exported_to, purge_begun_at, purged_at, stub";
  const list = store.prepare(`SELECT ${columns} FROM audit_segment ORDER BY from_seq`);
  const find = store.prepare(`SELECT ${columns} FROM audit_segment WHERE id = ?`);
  const insert = store.prepare(
    `INSERT INTO audit_segment (from_seq, to_seq, from_at, to_at, sha256, note, sealed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`,
  );
  const exported = store.prepare("UPDATE audit_segment SET exported_at = ?, exported_to = ? WHERE id = ?");
  const begun = store.prepare("UPDATE audit_segment SET purge_begun_at = ?, stub = ? WHERE id = ?");
  const purged = store.prepare("UPDATE audit_segment SET purged_at = ? WHERE id = ?");
  const holds = store.prepare(
    "SELECT id, from_seq, to_seq, reason, set_at, set_by FROM audit_hold WHERE lifted_at IS NULL ORDER BY id",
  );
  const holding = store
    .prepare(
      "SELECT id FROM audit_hold WHERE lifted_at IS NULL AND from_seq <= ? AND ifnull(to_seq, ?) >= ? ORDER BY id LIMIT 1",
    )
    .pluck();
  const setHold = store.prepare(
    "INSERT INTO audit_hold (from_seq, to_seq, reason, set_at, set_by) VALUES (?, ?, ?, ?, ?) RETURNING id",
  );
  const liftHold = store.prepare(
    "UPDATE audit_hold SET lifted_at = ?, lifted_by = ?, lift_note = ? WHERE id = ? AND lifted_at IS NULL",
  );
  const through = (column: string) =>
    store.prepare(`SELECT ifnull(max(to_seq), 0) FROM audit_segment WHERE ${column} IS NOT NULL`).pluck();
  const sealedThrough = through("sealed_at");
  const purgedThrough = through("purged_at");
  const hashes = store
    .prepare("SELECT hash FROM audit_event WHERE seq > ? AND seq <= ? ORDER BY seq")
    .pluck();
  const unindex = store.prepare(
    `INSERT INTO audit_text (audit_text, rowid, actor, action, object, outcome, details)
     SELECT 'delete', seq, actor, action, object, outcome, details FROM audit_text_source WHERE seq > ? AND seq <= ?`,
  );
  const tile = store.prepare("INSERT INTO audit_tile (position, hashes) VALUES (?, ?)");
  const remove = store.prepare("DELETE FROM audit_event WHERE seq > ? AND seq <= ?");

  const tiles = store.prepare("SELECT position FROM audit_tile ORDER BY position").pluck();

  return {
    /** The blocks whose events were purged. */
    tiles: () => tiles.all() as number[],
    segments: () => list.all() as SegmentRow[],
    segment: (id: number) => find.get(id) as SegmentRow | undefined,
    holds: () => holds.all() as HoldRow[],
    /** The oldest hold on any of these events, or null. */
    heldBy: (from: number, to: number) => (holding.get(to, to, from) as number | undefined) ?? null,
    sealedThrough: () => Number(sealedThrough.get()),
    purgedThrough: () => Number(purgedThrough.get()),
    add: (
      row: Omit<SegmentRow, "id" | "exported_at" | "exported_to" | "purge_begun_at" | "purged_at" | "stub">,
    ) =>
      (
        insert.get(row.from_seq, row.to_seq, row.from_at, row.to_at, row.sha256, row.note, row.sealed_at) as {
          id: number;
        }
      ).id,
    markExported: (id: number, at: string, to: string) => void exported.run(at, to, id),
    markBegun: (id: number, at: string, stub: string) => void begun.run(at, stub, id),
    markPurged: (id: number, at: string) => void purged.run(at, id),
    setHold: (from: number, to: number | null, reason: string, at: string, by: string) =>
      (setHold.get(from, to, reason, at, by) as { id: number }).id,
    liftHold: (id: number, at: string, by: string, note: string) =>
      liftHold.run(at, by, note, id).changes === 1,
    /**
     * Takes one block of events out: out of the index, its leaf hashes into a tile, then its rows. False when it is gone
     * already. Runs inside a transaction.
     */
    purgeBlock(after: number): boolean {
      const leaves = hashes.all(after, after + blockEvents) as Buffer[];
      if (leaves.length === 0) return false;
      if (leaves.length !== blockEvents) throw new Error(`the block after event ${after} is not whole`);
      unindex.run(after, after + blockEvents);
      tile.run(after / blockEvents, Buffer.concat(leaves));
      remove.run(after, after + blockEvents);
      return true;
    },
  };
}

export type RetentionStore = ReturnType<typeof retentionStore>;

import type { Store } from "../../station/store/store.ts";

export interface RecoverySetRow {
  readonly number: number;
  readonly id: string;
  readonly threshold: number;
  readonly shares: number;
  readonly box_public: Buffer;
  readonly made_at: string;
  readonly made_by: string;
  readonly state: "offered" | "current" | "replaced" | "used" | "dropped";
  readonly in_force_at: string | null;
  readonly ended_at: string | null;
}

export interface KeptShareRow {
  readonly place: number;
  readonly commitment: Buffer;
  readonly asked_line: number;
  readonly line_hash: Buffer | null;
}

export interface DrillRow {
  readonly at: string;
  readonly operator: string;
  /** Places with spaces between. */
  readonly places: string;
}

export interface OpeningRow extends DrillRow {
  readonly id: number;
  readonly recovery_set: number;
  readonly second: string | null;
  readonly reviewed_at: string | null;
  readonly reviewed_by: string | null;
  readonly note: string | null;
}

export type RecoveryStore = ReturnType<typeof recoveryStore>;

/** SQL of recovery sets, drills, openings and of the door that shares open. */
export function recoveryStore(store: Store) {
  return {
    sets(): RecoverySetRow[] {
      return store.prepare("SELECT * FROM recovery_set ORDER BY number DESC").all() as RecoverySetRow[];
    },
    inState(state: "offered" | "current"): RecoverySetRow | undefined {
      const sql = "SELECT * FROM recovery_set WHERE state = ?";
      return store.prepare(sql).get(state) as RecoverySetRow | undefined;
    },
    nextNumber(): number {
      return Number(store.prepare("SELECT coalesce(max(number), 0) + 1 FROM recovery_set").pluck().get());
    },
    offer(
      row: Pick<
        RecoverySetRow,
        "number" | "id" | "threshold" | "shares" | "box_public" | "made_at" | "made_by"
      >,
    ) {
      store
        .prepare(
          `INSERT INTO recovery_set (number, id, threshold, shares, box_public, made_at, made_by, state)
           VALUES (?, ?, ?, ?, ?, ?, ?, 'offered')`,
        )
        .run(row.number, row.id, row.threshold, row.shares, row.box_public, row.made_at, row.made_by);
    },
    keepShare(set: number, row: KeptShareRow): void {
      store
        .prepare(
          "INSERT INTO recovery_share (recovery_set, place, commitment, asked_line, line_hash) VALUES (?, ?, ?, ?, ?)",
        )
        .run(set, row.place, row.commitment, row.asked_line, row.line_hash);
    },
    keptShares(set: number): KeptShareRow[] {
      const sql = "SELECT * FROM recovery_share WHERE recovery_set = ? ORDER BY place";
      return store.prepare(sql).all(set) as KeptShareRow[];
    },
    putInForce(set: number, at: string): void {
      store
        .prepare("UPDATE recovery_set SET state = 'current', in_force_at = ? WHERE number = ?")
        .run(at, set);
      store.prepare("UPDATE recovery_share SET line_hash = NULL WHERE recovery_set = ?").run(set);
    },
    end(set: number, why: "replaced" | "used" | "dropped", at: string): void {
      store
        .prepare(
          "UPDATE recovery_set SET state = ?, ended_at = ?, proof = NULL, proof_master = NULL WHERE number = ?",
        )
        .run(why, at, set);
    },
    addDrill(set: number, row: DrillRow): void {
      store
        .prepare("INSERT INTO recovery_drill (recovery_set, at, operator, places) VALUES (?, ?, ?, ?)")
        .run(set, row.at, row.operator, row.places);
    },
    lastDrill(set: number): DrillRow | undefined {
      const sql =
        "SELECT at, operator, places FROM recovery_drill WHERE recovery_set = ? ORDER BY id DESC LIMIT 1";
      return store.prepare(sql).get(set) as DrillRow | undefined;
    },
    addOpening(set: number, row: DrillRow, second: string | null): void {
      store
        .prepare(
          "INSERT INTO recovery_opening (recovery_set, at, operator, second, places) VALUES (?, ?, ?, ?, ?)",
        )
        .run(set, row.at, row.operator, second, row.places);
    },
    lastOpening(): OpeningRow | undefined {
      const sql = "SELECT * FROM recovery_opening ORDER BY id DESC LIMIT 1";
      return store.prepare(sql).get() as OpeningRow | undefined;
    },
    /** False when somebody else reviewed it meanwhile. */
    review(id: number, by: string, at: string, note: string): boolean {
      const sql = `UPDATE recovery_opening SET reviewed_at = ?, reviewed_by = ?, note = ?
                   WHERE id = ? AND reviewed_at IS NULL`;
      return store.prepare(sql).run(at, by, note, id).changes === 1;
    },
    door(): { failures: number; wait_until: string | null } {
      const sql = "SELECT failures, wait_until FROM recovery_door";
      return store.prepare(sql).get() as { failures: number; wait_until: string | null };
    },
    setDoor(failures: number, waitUntil: string | null): void {
      store.prepare("UPDATE recovery_door SET failures = ?, wait_until = ?").run(failures, waitUntil);
    },
  };
}

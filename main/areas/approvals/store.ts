import type { Store } from "../../station/store/store.ts";

export interface ApprovalRow {
  readonly id: string;
  readonly operation: string;
  readonly requester: string;
  readonly input: string;
  readonly input_sha256: string;
  readonly digest: string;
  readonly state: "waiting" | "approved" | "refused" | "void" | "used";
  readonly reason: string | null;
  readonly requested_at: string;
  readonly approve_by: string;
  readonly approver: string | null;
  readonly approver_public: Buffer | null;
  readonly signature: Buffer | null;
  readonly decided_at: string | null;
  readonly execute_by: string | null;
}

export type ApprovalStore = ReturnType<typeof approvalStore>;

/** SQL of requests for approval. Each change of state names the state it comes from, so that races settle once. */
export function approvalStore(store: Store) {
  const changed = (sql: string, ...values: unknown[]): boolean =>
    store.prepare(sql).run(...values).changes === 1;
  return {
    find(id: string): ApprovalRow | undefined {
      return store.prepare("SELECT * FROM approval WHERE id = ?").get(id) as ApprovalRow | undefined;
    },
    newest(limit: number): ApprovalRow[] {
      const sql = "SELECT * FROM approval ORDER BY requested_at DESC, id LIMIT ?";
      return store.prepare(sql).all(limit) as ApprovalRow[];
    },
    /** Open requests of one person for one input, newest first. */
    open(operation: string, requester: string, inputSha256: string): ApprovalRow[] {
      const sql = `SELECT * FROM approval WHERE operation = ? AND requester = ? AND input_sha256 = ?
                   AND state IN ('waiting', 'approved') ORDER BY requested_at DESC`;
      return store.prepare(sql).all(operation, requester, inputSha256) as ApprovalRow[];
    },
    openCount(requester: string, now: string): number {
      const sql =
        "SELECT count(*) FROM approval WHERE requester = ? AND state = 'waiting' AND approve_by >= ?";
      return Number(store.prepare(sql).pluck().get(requester, now));
    },
    add(row: {
      id: string;
      operation: string;
      requester: string;
      input: string;
      inputSha256: string;
      digest: string;
      at: string;
      approveBy: string;
    }): void {
      store
        .prepare(
          `INSERT INTO approval (id, operation, requester, input, input_sha256, digest, state, requested_at, approve_by)
           VALUES (?, ?, ?, ?, ?, ?, 'waiting', ?, ?)`,
        )
        .run(
          row.id,
          row.operation,
          row.requester,
          row.input,
          row.inputSha256,
          row.digest,
          row.at,
          row.approveBy,
        );
    },
    approve(
      id: string,
      by: { approver: string; publicKey: Buffer; signature: Buffer; at: string; executeBy: string },
    ): boolean {
      return changed(
        `UPDATE approval SET state = 'approved', approver = ?, approver_public = ?, signature = ?, decided_at = ?,
         execute_by = ? WHERE id = ? AND state = 'waiting'`,
        by.approver,
        by.publicKey,
        by.signature,
        by.at,
        by.executeBy,
        id,
      );
    },
    refuse(id: string, reason: string, at: string): boolean {
      return changed(
        "UPDATE approval SET state = 'refused', reason = ?, decided_at = ? WHERE id = ? AND state IN ('waiting', 'approved')",
        reason,
        at,
        id,
      );
    },
    void(id: string, reason: string): boolean {
      return changed(
        "UPDATE approval SET state = 'void', reason = ? WHERE id = ? AND state IN ('waiting', 'approved')",
        reason,
        id,
      );
    },
    /** Everything open in which this person has a part. */
    voidOf(name: string, reason: string): number {
      const sql = `UPDATE approval SET state = 'void', reason = ? WHERE state IN ('waiting', 'approved')
                   AND (requester = ? OR approver = ?)`;
      return store.prepare(sql).run(reason, name, name).changes;
    },
    use(id: string, at: string): boolean {
      return changed(
        "UPDATE approval SET state = 'used', used_at = ? WHERE id = ? AND state = 'approved'",
        at,
        id,
      );
    },
  };
}

import type { OperatorKeyRow } from "../../station/keys/operator-keys.ts";
import type { Store } from "../../station/store/store.ts";

export interface InvitationRow {
  readonly id: number;
  readonly name: string;
  readonly roles: string;
  readonly narrowing: string;
  readonly operations: string | null;
  readonly code_hash: Buffer;
  readonly invited_by: string;
  readonly expires_at: string;
  readonly accepted_at: string | null;
}

/** An invitation whose person has made a key pair. */
export type AcceptedRow = InvitationRow & OperatorKeyRow;

export type InvitationStore = ReturnType<typeof invitationStore>;

/** SQL of invitations and of what the enrolment of a second approver changes. */
export function invitationStore(store: Store) {
  return {
    open(): InvitationRow[] {
      const sql = "SELECT * FROM invitation WHERE settled_at IS NULL ORDER BY name";
      return store.prepare(sql).all() as InvitationRow[];
    },
    find(name: string): InvitationRow | undefined {
      const sql = "SELECT * FROM invitation WHERE name = ? AND settled_at IS NULL";
      return store.prepare(sql).get(name) as InvitationRow | undefined;
    },
    add(row: {
      name: string;
      roles: readonly string[];
      only: object;
      operations: readonly string[] | undefined;
      codeHash: Buffer;
      by: string;
      at: string;
      expiresAt: string;
    }): void {
      store
        .prepare(
          `INSERT INTO invitation (name, roles, narrowing, operations, code_hash, invited_by, invited_at, expires_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          row.name,
          JSON.stringify(row.roles),
          JSON.stringify(row.only),
          row.operations === undefined ? null : JSON.stringify(row.operations),
          row.codeHash,
          row.by,
          row.at,
          row.expiresAt,
        );
    },
    /** Once: the code is of no use afterwards. False when it was accepted meanwhile. */
    accept(id: number, key: OperatorKeyRow, at: string): boolean {
      const changed = store
        .prepare(
          `UPDATE invitation SET accepted_at = ?, memory_kib = ?, passes = ?, salt = ?, box_public = ?,
           approval_public = ?, wrapped = ? WHERE id = ? AND accepted_at IS NULL AND settled_at IS NULL`,
        )
        .run(
          at,
          key.memory_kib,
          key.passes,
          key.salt,
          key.box_public,
          key.approval_public,
          key.wrapped,
          id,
        ).changes;
      return changed === 1;
    },
    settle(id: number, outcome: "confirmed" | "withdrawn", at: string): void {
      store.prepare("UPDATE invitation SET settled_at = ?, outcome = ? WHERE id = ?").run(at, outcome, id);
    },
    /** How many open invitations of somebody who was removed are worth nothing now. */
    withdrawBy(name: string, at: string): number {
      const sql =
        "UPDATE invitation SET settled_at = ?, outcome = 'withdrawn' WHERE invited_by = ? AND settled_at IS NULL";
      return store.prepare(sql).run(at, name).changes;
    },
    /** What people edit of an operator, and the version of it. */
    words(operator: number): { displayName: string; contact: string; version: number } {
      const sql = "SELECT display_name AS displayName, contact, version FROM operator WHERE id = ?";
      return store.prepare(sql).get(operator) as { displayName: string; contact: string; version: number };
    },
    describe(operator: number, displayName: string, contact: string): void {
      store
        .prepare("UPDATE operator SET display_name = ?, contact = ? WHERE id = ?")
        .run(displayName, contact, operator);
    },
    /** After every change of the row that an edit could have been made from. */
    changed(operator: number): void {
      store.prepare("UPDATE operator SET version = version + 1 WHERE id = ?").run(operator);
    },
    secondApproverAt(): string | null {
      return store.prepare("SELECT second_approver_at FROM station").pluck().get() as string | null;
    },
    becomeTwo(at: string): void {
      store.prepare("UPDATE station SET people = 'two', second_approver_at = ?").run(at);
    },
    hasSecondFactor(operator: number): boolean {
      const sql = "SELECT 1 FROM second_factor WHERE operator = ? AND confirmed_at IS NOT NULL";
      return store.prepare(sql).get(operator) !== undefined;
    },
  };
}

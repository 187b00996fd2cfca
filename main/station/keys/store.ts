import type { Store } from "../store/store.ts";
import type { OperatorKeyRow } from "./operator-keys.ts";
import type { KeyPurpose, StationKeyRow } from "./station-keys.ts";

export interface OperatorRow {
  readonly id: number;
  readonly name: string;
  readonly roles: string;
  /** JSON: how far each role reaches; a role that is not in it is not narrowed. */
  readonly narrowing: string;
  /** JSON list of the only operations of a service operator; null for a person. */
  readonly operations: string | null;
  readonly state: "active" | "removed";
  readonly created_at: string;
  readonly enrolled_by: string | null;
  /** Who last raised what this operator may do, by enrolling, enabling or roles, and when. */
  readonly raised_by: string | null;
  readonly raised_at: string | null;
  readonly disabled_at: string | null;
  readonly disabled_why: string | null;
  readonly signed_in_at: string | null;
  readonly failures: number;
  readonly wait_until: string | null;
}

/** The recovery set to whose public half the master key is sealed. */
export interface RecoveryHolderRow {
  readonly number: number;
  readonly id: string;
  readonly box_public: Buffer;
  /** `box_public` under the master key: whoever can only write the directory can't put another one in its place. */
  readonly proof: Buffer;
  readonly proof_master: number;
}

export interface GrantRow {
  readonly master_version: number;
  readonly sealed: Buffer;
}

/** SQL of operators, master key and station keys. */
export function keyStore(store: Store) {
  return {
    /** Everybody who was not removed, disabled ones too. */
    operators(): OperatorRow[] {
      return store
        .prepare("SELECT * FROM operator WHERE state = 'active' ORDER BY name")
        .all() as OperatorRow[];
    },
    operator(name: string): OperatorRow | undefined {
      return store.prepare("SELECT * FROM operator WHERE name = ?").get(name) as OperatorRow | undefined;
    },
    /** `enrolledBy` is null for the founder alone. */
    addOperator(
      name: string,
      roles: readonly string[],
      createdAt: string,
      enrolledBy: string | null,
      { narrowing = "{}", operations = null }: { narrowing?: string; operations?: string | null } = {},
    ): number {
      const sql = `INSERT INTO operator (name, roles, narrowing, operations, state, created_at, enrolled_by, raised_by, raised_at)
                   VALUES (?, ?, ?, ?, 'active', ?, ?, ?, ?)`;
      const raisedAt = enrolledBy === null ? null : createdAt;
      return Number(
        store
          .prepare(sql)
          .run(
            name,
            JSON.stringify(roles),
            narrowing,
            operations,
            createdAt,
            enrolledBy,
            enrolledBy,
            raisedAt,
          ).lastInsertRowid,
      );
    },
    setRoles(id: number, roles: readonly string[], only: object, by: string, at: string): void {
      const sql = "UPDATE operator SET roles = ?, narrowing = ?, raised_by = ?, raised_at = ? WHERE id = ?";
      store.prepare(sql).run(JSON.stringify(roles), JSON.stringify(only), by, at, id);
    },
    disable(id: number, at: string, why: string): void {
      store.prepare("UPDATE operator SET disabled_at = ?, disabled_why = ? WHERE id = ?").run(at, why, id);
    },
    enable(id: number, by: string, at: string): void {
      const sql = `UPDATE operator SET disabled_at = NULL, disabled_why = NULL, failures = 0, wait_until = NULL,
                   raised_by = ?, raised_at = ? WHERE id = ?`;
      store.prepare(sql).run(by, at, id);
    },
    signInFailed(id: number, waitUntil: string | null): void {
      store
        .prepare("UPDATE operator SET failures = failures + 1, wait_until = ? WHERE id = ?")
        .run(waitUntil, id);
    },
    signedIn(id: number, at: string): void {
      const sql = "UPDATE operator SET failures = 0, wait_until = NULL, signed_in_at = ? WHERE id = ?";
      store.prepare(sql).run(at, id);
    },
    addOperatorKey(operator: number, version: number, row: OperatorKeyRow, createdAt: string): void {
      store
        .prepare(
          `INSERT INTO operator_key (operator, version, memory_kib, passes, salt, box_public, approval_public, wrapped, created_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          operator,
          version,
          row.memory_kib,
          row.passes,
          row.salt,
          row.box_public,
          row.approval_public,
          row.wrapped,
          createdAt,
        );
    },
    /** The same pairs under another passphrase. */
    rewrapOperatorKey(
      operator: number,
      version: number,
      row: Omit<OperatorKeyRow, "box_public" | "approval_public">,
    ): void {
      const sql = `UPDATE operator_key SET memory_kib = ?, passes = ?, salt = ?, wrapped = ?
                   WHERE operator = ? AND version = ?`;
      store.prepare(sql).run(row.memory_kib, row.passes, row.salt, row.wrapped, operator, version);
    },
    operatorKey(operator: number): (OperatorKeyRow & { version: number }) | undefined {
      const sql =
        "SELECT * FROM operator_key WHERE operator = ? AND retired_at IS NULL ORDER BY version DESC LIMIT 1";
      return store.prepare(sql).get(operator) as (OperatorKeyRow & { version: number }) | undefined;
    },
    /** The pair that it has opens nothing any more; a new one is added after it. */
    retireOperatorKey(operator: number, at: string): void {
      store
        .prepare("UPDATE operator_key SET retired_at = ? WHERE operator = ? AND retired_at IS NULL")
        .run(at, operator);
    },
    newestOperatorKey(operator: number): number {
      const sql = "SELECT coalesce(max(version), 0) FROM operator_key WHERE operator = ?";
      return Number(store.prepare(sql).pluck().get(operator));
    },
    forgiveFailures(id: number): void {
      store.prepare("UPDATE operator SET failures = 0, wait_until = NULL WHERE id = ?").run(id);
    },
    addMasterKey(version: number, createdAt: string): void {
      store.prepare("INSERT INTO master_key (version, created_at) VALUES (?, ?)").run(version, createdAt);
    },
    addGrant(masterVersion: number, operator: number, keyVersion: number, sealed: Buffer): void {
      store
        .prepare(
          `INSERT INTO master_key_grant (master_version, holder, holder_id, holder_key_version, sealed)
           VALUES (?, 'operator', ?, ?, ?)`,
        )
        .run(masterVersion, operator, keyVersion, sealed);
    },
    /** Grants of every master key that is not retired, newest first: rows under an older one stay readable. */
    grants(operator: number): GrantRow[] {
      return store
        .prepare(
          `SELECT g.master_version, g.sealed FROM master_key_grant g JOIN master_key m ON m.version = g.master_version
           WHERE g.holder = 'operator' AND g.holder_id = ? AND m.retired_at IS NULL ORDER BY g.master_version DESC`,
        )
        .all(operator) as GrantRow[];
    },
    newestMaster(): number {
      return Number(store.prepare("SELECT max(version) FROM master_key").pluck().get());
    },
    recoveryHolder(): RecoveryHolderRow | undefined {
      const sql =
        "SELECT number, id, box_public, proof, proof_master FROM recovery_set WHERE state = 'current'";
      return store.prepare(sql).get() as RecoveryHolderRow | undefined;
    },
    addRecoveryGrant(masterVersion: number, set: number, sealed: Buffer): void {
      store
        .prepare(
          `INSERT INTO master_key_grant (master_version, holder, holder_id, holder_key_version, sealed)
           VALUES (?, 'recovery', ?, 1, ?)`,
        )
        .run(masterVersion, set, sealed);
    },
    setRecoveryProof(set: number, masterVersion: number, proof: Buffer): void {
      store
        .prepare("UPDATE recovery_set SET proof = ?, proof_master = ? WHERE number = ?")
        .run(proof, masterVersion, set);
    },
    recoveryGrants(set: number): GrantRow[] {
      return store
        .prepare(
          `SELECT g.master_version, g.sealed FROM master_key_grant g JOIN master_key m ON m.version = g.master_version
           WHERE g.holder = 'recovery' AND g.holder_id = ? AND m.retired_at IS NULL ORDER BY g.master_version DESC`,
        )
        .all(set) as GrantRow[];
    },
    /** An opening by recovery shares that nobody has reviewed yet: every window says so. */
    unreviewedRecovery(): { operator: string; at: string } | undefined {
      const sql =
        "SELECT operator, at FROM recovery_opening WHERE reviewed_at IS NULL ORDER BY id DESC LIMIT 1";
      return store.prepare(sql).get() as { operator: string; at: string } | undefined;
    },
    dropRecoveryGrants(): void {
      store.prepare("DELETE FROM master_key_grant WHERE holder = 'recovery'").run();
    },
    /** Their grants go, too: a directory copied from now on holds nothing that opens an old copy's keys. */
    retireMastersBefore(version: number, at: string): void {
      store
        .prepare("UPDATE master_key SET retired_at = ? WHERE version < ? AND retired_at IS NULL")
        .run(at, version);
      store.prepare("DELETE FROM master_key_grant WHERE master_version < ?").run(version);
    },
    /** For good. The row stays, because the log names it; its keys open nothing any more. */
    remove(id: number, at: string): void {
      store.prepare("UPDATE operator SET state = 'removed', disabled_at = ? WHERE id = ?").run(at, id);
      store
        .prepare("UPDATE operator_key SET retired_at = ? WHERE operator = ? AND retired_at IS NULL")
        .run(at, id);
      store.prepare("DELETE FROM second_factor WHERE operator = ?").run(id);
      store.prepare("DELETE FROM recovery_code WHERE operator = ?").run(id);
    },
    rewrapStationKey(key: StationKeyRow, masterVersion: number, wrapped: Buffer): void {
      store
        .prepare("UPDATE station_key SET master_version = ?, wrapped = ? WHERE purpose = ? AND version = ?")
        .run(masterVersion, wrapped, key.purpose, key.version);
    },
    addStationKey(row: StationKeyRow): void {
      store
        .prepare(
          `INSERT INTO station_key (purpose, version, master_version, public, wrapped, created_at)
           VALUES (?, ?, ?, ?, ?, ?)`,
        )
        .run(row.purpose, row.version, row.master_version, row.public, row.wrapped, row.created_at);
    },
    /** Makes room for the next version: older ones verify and open, and nothing new is made with them. */
    retireStationKeys(purpose: KeyPurpose, at: string): void {
      store
        .prepare("UPDATE station_key SET retired_at = ? WHERE purpose = ? AND retired_at IS NULL")
        .run(at, purpose);
    },
    /** It verifies nothing any more; the row stays, because the manifest names it. */
    revokeStationKey(purpose: KeyPurpose, version: number, at: string): void {
      store
        .prepare("UPDATE station_key SET revoked_at = ? WHERE purpose = ? AND version = ?")
        .run(at, purpose, version);
    },
    /** Unrevoked keys of a purpose, newest first. */
    stationKeys(purpose: KeyPurpose): StationKeyRow[] {
      const sql = "SELECT * FROM station_key WHERE purpose = ? AND revoked_at IS NULL ORDER BY version DESC";
      return store.prepare(sql).all(purpose) as StationKeyRow[];
    },
    allStationKeys(): StationKeyRow[] {
      return store.prepare("SELECT * FROM station_key ORDER BY purpose, version").all() as StationKeyRow[];
    },
  };
}

export type KeyStore = ReturnType<typeof keyStore>;

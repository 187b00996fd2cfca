import type { Store } from "../../station/store/store.ts";
import { profileNames, profiles, type Profile } from "./profile.ts";

export interface FactorRow {
  readonly wrapped: Buffer;
  readonly confirmed_at: string | null;
  readonly last_step: number;
  readonly drift_steps: number;
  readonly failures: number;
}

export type FactorStore = ReturnType<typeof factorStore>;

/** SQL of second factors, recovery codes and the station's profile. */
export function factorStore(store: Store) {
  return {
    find(operator: number): FactorRow | undefined {
      const sql = "SELECT * FROM second_factor WHERE operator = ?";
      return store.prepare(sql).get(operator) as FactorRow | undefined;
    },
    /** A new secret that waits to be confirmed; replaces one that does. */
    offer(operator: number, wrapped: Buffer, at: string): void {
      store
        .prepare("INSERT OR REPLACE INTO second_factor (operator, wrapped, created_at) VALUES (?, ?, ?)")
        .run(operator, wrapped, at);
    },
    confirm(operator: number, at: string): void {
      store.prepare("UPDATE second_factor SET confirmed_at = ? WHERE operator = ?").run(at, operator);
    },
    /** False when this step, or a later one, was accepted meanwhile. */
    spendStep(operator: number, step: number, driftSteps: number): boolean {
      const sql = `UPDATE second_factor SET last_step = ?, drift_steps = ?, failures = 0
                   WHERE operator = ? AND last_step < ?`;
      return store.prepare(sql).run(step, driftSteps, operator, step).changes === 1;
    },
    failed(operator: number): void {
      store.prepare("UPDATE second_factor SET failures = failures + 1 WHERE operator = ?").run(operator);
    },
    forget(operator: number): void {
      store.prepare("DELETE FROM second_factor WHERE operator = ?").run(operator);
      store.prepare("DELETE FROM recovery_code WHERE operator = ?").run(operator);
    },
    resetFailures(operator: number): void {
      store.prepare("UPDATE second_factor SET failures = 0 WHERE operator = ?").run(operator);
    },
    /** The old ones are worth nothing from then on. */
    replaceCodes(operator: number, hashes: readonly Buffer[]): void {
      store.prepare("DELETE FROM recovery_code WHERE operator = ?").run(operator);
      const add = store.prepare("INSERT INTO recovery_code (operator, hash) VALUES (?, ?)");
      for (const hash of hashes) add.run(operator, hash);
    },
    hasCode(operator: number, hash: Buffer): boolean {
      const sql = "SELECT 1 FROM recovery_code WHERE operator = ? AND hash = ? AND used_at IS NULL";
      return store.prepare(sql).get(operator, hash) !== undefined;
    },
    /** False when it was used meanwhile. */
    spendCode(operator: number, hash: Buffer, at: string): boolean {
      const sql = "UPDATE recovery_code SET used_at = ? WHERE operator = ? AND hash = ? AND used_at IS NULL";
      return store.prepare(sql).run(at, operator, hash).changes === 1;
    },
    codesLeft(operator: number): number {
      const sql = "SELECT count(*) FROM recovery_code WHERE operator = ? AND used_at IS NULL";
      return Number(store.prepare(sql).pluck().get(operator));
    },
    profileName(): (typeof profileNames)[number] {
      const name = store.prepare("SELECT profile FROM station").pluck().get();
      return profileNames.find((known) => known === name) ?? "nist";
    },
    profile(): Profile {
      return profiles[this.profileName()];
    },
    setProfile(name: (typeof profileNames)[number]): void {
      store.prepare("UPDATE station SET profile = ?").run(name);
    },
  };
}

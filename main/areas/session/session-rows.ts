import { sha256 } from "../../station/crypto/hash.ts";
import { randomHex } from "../../station/crypto/random.ts";
import type { Store } from "../../station/store/store.ts";

/** A session as it is kept: enough to go on with it after the process has ended, nothing that opens a key. */
export interface SessionRow {
  readonly id: string;
  readonly operator: string;
  readonly face: string;
  readonly device: string;
  readonly started_at: string;
  readonly used_at: string;
  readonly idle_until: string;
  readonly absolute_until: string;
}

export type SessionRows = ReturnType<typeof sessionRows>;

/** Bytes of a token: ASVS 5.0 7.2.3 asks for 16. */
const tokenBytes = 32;

/** SQL of sessions that outlive their process. */
export function sessionRows(store: Store) {
  const columns = `s.id, o.name AS operator, s.face, s.device, s.started_at, s.used_at, s.idle_until, s.absolute_until`;
  const from = "FROM session s JOIN operator o ON o.id = s.operator";
  return {
    /** A token for this session; the ones before it are worth nothing from then on. */
    keep(operator: number, row: Omit<SessionRow, "operator">): string {
      const token = randomHex(tokenBytes);
      store
        .prepare(
          `INSERT OR REPLACE INTO session
           (id, operator, token_hash, face, device, started_at, used_at, idle_until, absolute_until)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          row.id,
          operator,
          sha256(token),
          row.face,
          row.device,
          row.started_at,
          row.used_at,
          row.idle_until,
          row.absolute_until,
        );
      return token;
    },
    find(token: string): SessionRow | undefined {
      const sql = `SELECT ${columns} ${from} WHERE s.token_hash = ?`;
      return store.prepare(sql).get(sha256(token)) as SessionRow | undefined;
    },
    all(): SessionRow[] {
      return store.prepare(`SELECT ${columns} ${from} ORDER BY s.started_at, s.id`).all() as SessionRow[];
    },
    used(id: string, at: string, idleUntil: string): void {
      store.prepare("UPDATE session SET used_at = ?, idle_until = ? WHERE id = ?").run(at, idleUntil, id);
    },
    drop(id: string): boolean {
      return store.prepare("DELETE FROM session WHERE id = ?").run(id).changes === 1;
    },
  };
}

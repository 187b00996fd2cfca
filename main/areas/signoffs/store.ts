import type { Store } from "../../station/store/store.ts";

export interface SignoffRow {
  readonly id: string;
  readonly kind: "shift" | "review" | "access";
  readonly lineage: string;
  readonly size: number;
  readonly root: Buffer;
  readonly sha256: string | null;
  readonly note: string;
  readonly signer: string;
  readonly signer_public: Buffer;
  readonly signature: Buffer;
  readonly signed_at: string;
  readonly counter_signer: string | null;
  readonly counter_public: Buffer | null;
  readonly counter_signature: Buffer | null;
  readonly counter_at: string | null;
}

/** SQL of sign-offs. */
export function signoffStore(store: Store) {
  const insert = store.prepare(
    `INSERT INTO signoff (id, kind, lineage, size, root, sha256, note, signer, signer_public, signature, signed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const counter = store.prepare(
    `UPDATE signoff SET counter_signer = ?, counter_public = ?, counter_signature = ?, counter_at = ?
     WHERE id = ? AND counter_signer IS NULL`,
  );
  const find = store.prepare("SELECT * FROM signoff WHERE id = ?");
  const page = store.prepare(
    "SELECT rowid AS place, * FROM signoff WHERE rowid < ? ORDER BY rowid DESC LIMIT ?",
  );
  const lastWhole = store
    .prepare(
      `SELECT max(size) FROM signoff WHERE kind = ? AND lineage = ? AND (? = 0 OR counter_signer IS NOT NULL)`,
    )
    .pluck();
  const firstHuman = store.prepare(
    `SELECT seq, at FROM audit_event WHERE seq > ? AND actor NOT IN ('system', 'station', 'nobody')
     AND action NOT IN ('session.signed-in', 'session.signed-out', 'signoffs.signed', 'signoffs.countersigned')
     ORDER BY seq LIMIT 1`,
  );
  return {
    add: (row: SignoffRow): void =>
      void insert.run(
        row.id,
        row.kind,
        row.lineage,
        row.size,
        row.root,
        row.sha256,
        row.note,
        row.signer,
        row.signer_public,
        row.signature,
        row.signed_at,
      ),
    /** False when somebody signed as the second one already. */
    counter: (id: string, by: { name: string; publicKey: Buffer; signature: Buffer; at: string }): boolean =>
      counter.run(by.name, by.publicKey, by.signature, by.at, id).changes === 1,
    find: (id: string) => find.get(id) as SignoffRow | undefined,
    page: (below: number, limit: number) => page.all(below, limit) as (SignoffRow & { place: number })[],
    /** The largest size that was signed for; with `second`, by two. 0 before the first. */
    signedTo: (kind: SignoffRow["kind"], lineage: string, second: boolean): number =>
      Number(lastWhole.get(kind, lineage, second ? 1 : 0) ?? 0),
    /** The first event after it that a person caused by more than coming and going. */
    firstHumanAfter: (size: number) => firstHuman.get(size) as { seq: number; at: string } | undefined,
  };
}

import type { Store } from "../../station/store/store.ts";

export type NoteSubject = "peer" | "alarms";

export interface NoteRow {
  readonly text: string;
  readonly version: number;
  readonly changed_by: string;
  readonly changed_at: string;
}

/** SQL of notes. Peers are read, never written. */
export function noteStore(store: Store) {
  return {
    peer(name: string): number | undefined {
      const sql = "SELECT id FROM peer WHERE name = ?";
      return store.prepare(sql).pluck().get(name) as number | undefined;
    },
    find(about: NoteSubject, peer: number): NoteRow | undefined {
      const sql = "SELECT * FROM note WHERE about = ? AND peer = ?";
      return store.prepare(sql).get(about, peer) as NoteRow | undefined;
    },
    write(about: NoteSubject, peer: number, row: NoteRow): void {
      store
        .prepare(
          `INSERT INTO note (about, peer, text, version, changed_by, changed_at) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (about, peer) DO UPDATE SET text = excluded.text, version = excluded.version,
             changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
        )
        .run(about, peer, row.text, row.version, row.changed_by, row.changed_at);
    },
  };
}

import type { Store } from "../../station/store/store.ts";

/** What is known of a peer's log and by a peer of ours. */
export interface PeerLogRow {
  readonly peer: number;
  readonly lineage: string | null;
  readonly size: number;
  readonly root: Buffer | null;
  readonly note: string | null;
  readonly seen_at: string | null;
  readonly own_lineage: string | null;
  readonly sent_size: number;
  readonly witnessed_size: number;
  readonly witnessed_note: string | null;
  readonly witnessed_at: string | null;
}

/** Why a peer's log is an alarm. `own-log`: the peer has seen a head of our own log that we don't have. */
export type LogFault = "bad-note" | "wrong-origin" | "bad-signature" | "rolled-back" | "fork" | "own-log";

export interface LogAlarmRow {
  readonly batch: number;
  readonly peer: number;
  readonly verdict: LogFault;
  readonly size: number | null;
  readonly root: Buffer | null;
  readonly note: string;
  readonly raised_at: string;
}

const nothing = {
  lineage: null,
  size: 0,
  root: null,
  note: null,
  seen_at: null,
  own_lineage: null,
  sent_size: 0,
  witnessed_size: 0,
  witnessed_note: null,
  witnessed_at: null,
};

/** The SQL of witnessing. */
export function witnessStore(store: Store) {
  const set = (peer: number, columns: Readonly<Record<string, string | number | Buffer | null>>): void => {
    store.prepare("INSERT OR IGNORE INTO peer_log (peer) VALUES (?)").run(peer);
    const names = Object.keys(columns);
    store
      .prepare(`UPDATE peer_log SET ${names.map((name) => `${name} = ?`).join(", ")} WHERE peer = ?`)
      .run(...Object.values(columns), peer);
  };
  return {
    of(peer: number): PeerLogRow {
      const row = store.prepare("SELECT * FROM peer_log WHERE peer = ?").get(peer);
      return (row as PeerLogRow | undefined) ?? { peer, ...nothing };
    },
    /** The log that the last restore gave up, and how far it is known to have gone. */
    abandoned(): { id: number; lineage: string; events: number; known: number } | undefined {
      const sql = `SELECT id, abandoned_lineage AS lineage, abandoned_events AS events, known_events AS known
                   FROM restore ORDER BY id DESC LIMIT 1`;
      return store.prepare(sql).get() as
        | { id: number; lineage: string; events: number; known: number }
        | undefined;
    },
    /** A peer has witnessed so much of it. */
    abandonedReached(restore: number, size: number): void {
      store
        .prepare("UPDATE restore SET known_events = ?, known_from = 'peer' WHERE id = ?")
        .run(size, restore);
    },
    /** The texts of the cards of a peer whose keys count, the present one first. */
    cards(peer: number): string[] {
      const sql = `SELECT text FROM peer_card WHERE peer = ? AND state IN ('current', 'replaced')
                   ORDER BY serial DESC`;
      return store.prepare(sql).pluck().all(peer) as string[];
    },
    saw(peer: number, head: { lineage: string; size: number; root: Buffer; note: string; at: string }): void {
      const { lineage, size, root, note, at } = head;
      set(peer, { lineage, size, root, note, seen_at: at });
    },
    sent(peer: number, own: { lineage: string; size: number }): void {
      const known = this.of(peer).own_lineage === own.lineage;
      set(peer, {
        own_lineage: own.lineage,
        sent_size: own.size,
        ...(known ? {} : { witnessed_size: 0, witnessed_note: null, witnessed_at: null }),
      });
    },
    witnessed(peer: number, own: { lineage: string; size: number; note: string; at: string }): void {
      const { lineage, size, note, at } = own;
      const known = this.of(peer).own_lineage === lineage;
      set(peer, {
        own_lineage: lineage,
        witnessed_size: size,
        witnessed_note: note,
        witnessed_at: at,
        ...(known ? {} : { sent_size: 0 }),
      });
    },
    raise(alarm: LogAlarmRow): void {
      store
        .prepare(
          `INSERT OR IGNORE INTO peer_log_alarm (batch, peer, verdict, size, root, note, raised_at)
           VALUES (?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(alarm.batch, alarm.peer, alarm.verdict, alarm.size, alarm.root, alarm.note, alarm.raised_at);
    },
    /** Oldest first. */
    open(peer?: number): LogAlarmRow[] {
      const sql = `SELECT * FROM peer_log_alarm WHERE settled_at IS NULL ${peer === undefined ? "" : "AND peer = ?"}
                   ORDER BY batch`;
      return store.prepare(sql).all(...(peer === undefined ? [] : [peer])) as LogAlarmRow[];
    },
    settle(peer: number, at: string): number {
      const sql = "UPDATE peer_log_alarm SET settled_at = ? WHERE peer = ? AND settled_at IS NULL";
      return store.prepare(sql).run(at, peer).changes;
    },
  };
}

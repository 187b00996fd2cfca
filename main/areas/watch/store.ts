import type { Store } from "../../station/store/store.ts";

export interface StripRow {
  readonly sequence: number;
  readonly batch: string | null;
  readonly state: string;
  readonly quarantined: number;
  readonly copiedAt: string | null;
}

export interface TrafficPeer {
  readonly id: number;
  readonly name: string;
  readonly side: "request" | "response";
  readonly state: string;
  readonly offeredLineage: string | null;
  readonly addedAt: string;
  readonly lineage: string | null;
}

/** Columns of a strip: what fits beside the lists at 1440 px. */
const stripLength = 10;

export function watchStore(store: Store) {
  /** Number of the first request made at or after an instant; beyond the last one when there is none. */
  function firstSince(instant: string): number {
    const next = store.prepare(
      "SELECT seq, created_at AS at FROM record INDEXED BY record_request WHERE type = 'request' AND seq >= ? ORDER BY seq LIMIT 1",
    );
    let low = 0;
    let high = Number(store.prepare("SELECT coalesce(max(seq), 0) + 1 FROM record").pluck().get());
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const row = next.get(middle) as { seq: number; at: string } | undefined;
      if (row === undefined || row.at >= instant) high = middle;
      else low = row.seq + 1;
    }
    return low;
  }

  return {
    /** Steps that wait for a second person, oldest first. */
    waitingApprovals(now: string): WaitingApproval[] {
      const sql = `SELECT id, operation, input, requester, requested_at AS at FROM approval
                   WHERE state = 'waiting' AND approve_by >= ? ORDER BY requested_at`;
      return store.prepare(sql).all(now) as WaitingApproval[];
    },

    /** People who have made their keys and wait to be confirmed. */
    acceptedInvitations(): { name: string; at: string }[] {
      const sql =
        "SELECT name, accepted_at AS at FROM invitation WHERE settled_at IS NULL AND accepted_at IS NOT NULL";
      return store.prepare(sql).all() as { name: string; at: string }[];
    },

    peers(): TrafficPeer[] {
      const sql = `SELECT id, name, side, state, offered_lineage AS offeredLineage, added_at AS addedAt, lineage
                   FROM peer WHERE state <> 'revoked' ORDER BY name`;
      return store.prepare(sql).all() as TrafficPeer[];
    },

    /** The newest batches of a way, oldest first. */
    strip(peer: number, own: 0 | 1, lineage: string): StripRow[] {
      const sql = `SELECT sequence, batch, state, quarantined, copied_at AS copiedAt FROM batch
                   WHERE peer = ? AND own = ? AND lineage = ? AND sequence IS NOT NULL ORDER BY sequence DESC LIMIT ?`;
      return (store.prepare(sql).all(peer, own, lineage, stripLength) as StripRow[]).toReversed();
    },

    totals(peer: number, own: 0 | 1, lineage: string) {
      const sql = `SELECT count(*) AS sent, count(copied_at) AS carried,
                     sum(state IN ('verified', 'imported', 'refused', 'held')) AS received,
                     sum(state = 'imported') AS imported
                   FROM batch WHERE peer = ? AND own = ? AND lineage = ? AND sequence IS NOT NULL
                     AND state NOT IN ('skipped', 'voided')`;
      const row = store.prepare(sql).get(peer, own, lineage) as Record<string, number | null>;
      const value = (name: string) => row[name] ?? 0;
      return {
        sent: value("sent"),
        carried: value("carried"),
        received: value("received"),
        imported: value("imported"),
      };
    },

    /** Outgoing batches that were carried and are not settled, oldest first. */
    unsettled(): { peer: string; sequence: number; copiedAt: string }[] {
      const sql = `SELECT p.name AS peer, b.sequence, b.copied_at AS copiedAt FROM batch b JOIN peer p ON p.id = b.peer
                   WHERE b.own = 1 AND b.state IN ('copied', 'verified') AND b.copied_at IS NOT NULL ORDER BY b.copied_at`;
      return store.prepare(sql).all() as { peer: string; sequence: number; copiedAt: string }[];
    },

    sealedNotCopied(): { peer: string; sequence: number; createdAt: string }[] {
      const sql = `SELECT p.name AS peer, b.sequence, b.created_at AS createdAt FROM batch b JOIN peer p ON p.id = b.peer
                   WHERE b.own = 1 AND b.state = 'sealed' ORDER BY b.created_at`;
      return store.prepare(sql).all() as { peer: string; sequence: number; createdAt: string }[];
    },

    /** Refused lines of batches imported since `since`, by batch. */
    quarantined(): { peer: string; sequence: number; lines: number; at: string | null }[] {
      const sql = `SELECT p.name AS peer, b.sequence, b.quarantined AS lines, b.settled_at AS at
                   FROM batch b JOIN peer p ON p.id = b.peer
                   WHERE b.own = 0 AND b.state = 'imported' AND b.quarantined > 0 ORDER BY b.settled_at DESC LIMIT 5`;
      return store.prepare(sql).all() as {
        peer: string;
        sequence: number;
        lines: number;
        at: string | null;
      }[];
    },

    evidence(): { peer: string | null; reason: string; seenAt: string }[] {
      const sql = `SELECT p.name AS peer, q.reason, q.seen_at AS seenAt FROM quarantine_batch q
                   LEFT JOIN peer p ON p.id = q.peer WHERE q.state = 'fork' AND q.settled_at IS NULL
                   ORDER BY q.seen_at DESC LIMIT 5`;
      return store.prepare(sql).all() as { peer: string | null; reason: string; seenAt: string }[];
    },

    /** Peers that say they are done with batches of ours for which they never signed (transfer alarms). */
    owedReceipts(lineage: string): { peer: string; sequence: number; count: number }[] {
      const sql = `SELECT p.name AS peer, min(b.sequence) AS sequence, count(*) AS count
                   FROM peer p JOIN batch b ON b.peer = p.id AND b.own = 1 AND b.lineage = p.have_lineage
                     AND b.sequence <= p.have_through AND b.state IN ('sealed', 'copied', 'verified')
                   WHERE p.state <> 'revoked' AND p.have_lineage = ? AND b.receipts_only = 0
                   GROUP BY p.id ORDER BY p.name LIMIT 5`;
      return store.prepare(sql).all(lineage) as { peer: string; sequence: number; count: number }[];
    },

    logAlarms(): { peer: string; raisedAt: string }[] {
      const sql = `SELECT p.name AS peer, min(a.raised_at) AS raisedAt FROM peer_log_alarm a
                   JOIN peer p ON p.id = a.peer WHERE a.settled_at IS NULL AND p.state <> 'revoked'
                   GROUP BY p.id ORDER BY p.name LIMIT 5`;
      return store.prepare(sql).all() as { peer: string; raisedAt: string }[];
    },

    /** Since when this station is restored and not reviewed yet. */
    openRestore(): string | null {
      const sql = "SELECT max(restored_at) FROM restore WHERE reviewed_at IS NULL";
      return store.prepare(sql).pluck().get() as string | null;
    },

    lastBackup(): string | null {
      return store.prepare("SELECT max(made_at) FROM backup").pluck().get() as string | null;
    },

    /** Whoever was removed after the keys were last made, and so may hold a copy of them; the last one. */
    removedSinceKeys(): { name: string; at: string } | undefined {
      const sql = `SELECT name, disabled_at AS at FROM operator WHERE state = 'removed'
                     AND disabled_at > (SELECT max(created_at) FROM station_key WHERE purpose = 'signing')
                   ORDER BY disabled_at DESC LIMIT 1`;
      return store.prepare(sql).get() as { name: string; at: string } | undefined;
    },

    /** An opening by recovery shares that nobody reviewed yet. */
    recovered(): { operator: string; at: string } | undefined {
      const sql =
        "SELECT operator, at FROM recovery_opening WHERE reviewed_at IS NULL ORDER BY id DESC LIMIT 1";
      return store.prepare(sql).get() as { operator: string; at: string } | undefined;
    },

    /** The recovery set in force, and when it was last shown to open: by a drill, or by being made. */
    recoveryProven(): { number: number; at: string } | undefined {
      const sql = `SELECT s.number, coalesce(max(d.at), s.in_force_at) AS at FROM recovery_set s
                   LEFT JOIN recovery_drill d ON d.recovery_set = s.number
                   WHERE s.state = 'current' GROUP BY s.number`;
      return store.prepare(sql).get() as { number: number; at: string } | undefined;
    },

    oldestWaiting(): string | null {
      const sql = `SELECT min(oldest) FROM (SELECT (
          SELECT created_at FROM record
          WHERE origin = 0 AND peer IS nullif(w.destination, 0) AND seq > w.from_seq AND seq <= w.to_seq
            AND type <> 'receipt' ORDER BY seq LIMIT 1) AS oldest
        FROM waiting_lot w)`;
      return store.prepare(sql).pluck().get() as string | null;
    },

    /** Own requests made between two instants. Numbers grow with time, so two searches find the range. */
    submitted(from: string, to: string): number {
      const sql =
        "SELECT count(*) FROM record INDEXED BY record_request WHERE type = 'request' AND seq >= ? AND seq < ?";
      return Number(store.prepare(sql).pluck().get(firstSince(from), firstSince(to)));
    },

    settled(
      own: 0 | 1,
      from: string,
      to: string,
    ): { batches: number; imported: number; quarantined: number; bytes: number } {
      const sql = `SELECT count(*) AS batches, coalesce(sum(imported), 0) AS imported,
                     coalesce(sum(quarantined), 0) AS quarantined, coalesce(sum(bytes), 0) AS bytes
                   FROM batch WHERE own = ? AND state = 'imported' AND settled_at >= ? AND settled_at < ?`;
      return store.prepare(sql).get(own, from, to) as {
        batches: number;
        imported: number;
        quarantined: number;
        bytes: number;
      };
    },

    sealed(from: string, to: string): { batches: number; bytes: number } {
      const sql = `SELECT count(*) AS batches, coalesce(sum(bytes), 0) AS bytes FROM batch
                   WHERE own = 1 AND sequence IS NOT NULL AND created_at >= ? AND created_at < ?`;
      return store.prepare(sql).get(from, to) as { batches: number; bytes: number };
    },
  };
}

/** A step that waits, with its input as kept. */
interface WaitingApproval {
  readonly id: string;
  readonly operation: string;
  readonly input: string;
  readonly requester: string;
  readonly at: string;
}

export type WatchStore = ReturnType<typeof watchStore>;

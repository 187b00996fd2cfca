import type { BatchReason } from "../../../shared/contract/reasons.ts";
import type { Store } from "../../station/store/store.ts";

/** An envelope that was kept as evidence. */
export interface KeptEnvelope {
  readonly sha256: string;
  readonly peer: number | null;
  readonly bag: string;
  readonly envelope: Uint8Array;
  readonly signature: Uint8Array | null;
  readonly tagmanifest: Uint8Array | null;
  readonly seenAt: string;
}

interface RefusedBatch {
  readonly peer: string;
  readonly sequence: number;
  readonly reason: BatchReason;
  readonly note: string;
  readonly sha256: string;
  readonly envelope: Uint8Array | null;
  readonly settledAt: string;
}

/** A batch of ours that its reader says it is done with, and never signed for. */
interface UnsignedBatch {
  readonly peer: string;
  readonly sequence: number;
  readonly sha256: string;
  readonly envelope: Uint8Array;
  readonly state: "sealed" | "copied" | "verified";
  /** The newest imported batch of the peer, which brought the claim, and when that was. */
  readonly tellerSha256: string;
  readonly tellerEnvelope: Uint8Array;
  readonly toldAt: string;
}

/** More alarms of a kind than these are one alarm: stop, and speak to the other side. */
const mostShown = 20;

/** The SQL of what was kept as evidence. */
export function alarmStore(store: Store) {
  return {
    /** What no person has settled yet. */
    kept(state: "fork" | "held"): KeptEnvelope[] {
      const sql = `SELECT sha256, peer, bag, envelope, signature, tagmanifest, seen_at AS seenAt
                   FROM quarantine_batch WHERE state = ? AND settled_at IS NULL ORDER BY seen_at DESC LIMIT ?`;
      // A fork is kept with its counterpart.
      return store.prepare(sql).all(state, 2 * mostShown) as KeptEnvelope[];
    },
    /** Settles one envelope of a peer's forks. False when it is none that is open. Inside a transaction. */
    settleFork(peer: number, sha256: string, at: string, by: string, note: string): boolean {
      const sql = `UPDATE quarantine_batch SET settled_at = ?, settled_by = ?, settled_note = ?
                   WHERE state = 'fork' AND peer = ? AND sha256 = ? AND settled_at IS NULL`;
      return store.prepare(sql).run(at, by, note, peer, sha256).changes === 1;
    },
    /** Settles the counterparts that our ledger holds, once no fork of the peer is open. */
    settleRest(peer: number, at: string, by: string, note: string): void {
      const sql = `UPDATE quarantine_batch SET settled_at = ?, settled_by = ?, settled_note = ?
                   WHERE state = 'fork' AND peer = ? AND settled_at IS NULL`;
      store.prepare(sql).run(at, by, note, peer);
    },
    refused(reasons: readonly BatchReason[]): RefusedBatch[] {
      const sql = `SELECT p.name AS peer, b.sequence, b.reason, b.note, b.sha256, b.envelope,
                     b.settled_at AS settledAt
                   FROM batch b JOIN peer p ON p.id = b.peer
                   WHERE b.own = 0 AND b.state = 'refused' AND p.state <> 'revoked' AND b.settled_at IS NOT NULL
                     AND b.reason IN (${reasons.map(() => "?").join(", ")})
                   ORDER BY b.settled_at DESC LIMIT ?`;
      return store.prepare(sql).all(...reasons, mostShown) as RefusedBatch[];
    },
    /** Batches of receipts alone are settled by the claim itself (batch-format, The manifest). */
    unsigned(lineage: string): UnsignedBatch[] {
      const sql = `SELECT p.name AS peer, b.sequence, b.sha256, b.envelope, b.state,
                     t.sha256 AS tellerSha256, t.envelope AS tellerEnvelope, t.settled_at AS toldAt
                   FROM peer p
                   JOIN batch b ON b.peer = p.id AND b.own = 1 AND b.lineage = p.have_lineage
                     AND b.sequence <= p.have_through AND b.state IN ('sealed', 'copied', 'verified')
                   JOIN batch t ON t.id = (SELECT id FROM batch WHERE peer = p.id AND own = 0 AND state = 'imported'
                     ORDER BY settled_at DESC, sequence DESC LIMIT 1)
                   WHERE p.state <> 'revoked' AND p.have_lineage = ? AND b.receipts_only = 0
                   ORDER BY b.sequence LIMIT ?`;
      return store.prepare(sql).all(lineage, mostShown) as UnsignedBatch[];
    },
    settledAt(batch: number): string | null {
      const sql = "SELECT settled_at FROM batch WHERE id = ?";
      return store.prepare(sql).pluck().get(batch) as string | null;
    },
  };
}

export type AlarmStore = ReturnType<typeof alarmStore>;

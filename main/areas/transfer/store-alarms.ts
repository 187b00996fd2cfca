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

/** More alarms of a kind than these are one alarm: stop, and speak to the other side. */
const mostShown = 20;

/** The SQL of what was kept as evidence. */
export function alarmStore(store: Store) {
  return {
    kept(state: "fork" | "held"): KeptEnvelope[] {
      const sql = `SELECT sha256, peer, bag, envelope, signature, tagmanifest, seen_at AS seenAt
                   FROM quarantine_batch WHERE state = ? ORDER BY seen_at DESC LIMIT ?`;
      // A fork is kept with its counterpart.
      return store.prepare(sql).all(state, 2 * mostShown) as KeptEnvelope[];
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
    settledAt(batch: number): string | null {
      const sql = "SELECT settled_at FROM batch WHERE id = ?";
      return store.prepare(sql).pluck().get(batch) as string | null;
    },
  };
}

export type AlarmStore = ReturnType<typeof alarmStore>;

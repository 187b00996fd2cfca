import type { Direction } from "./format/envelope.ts";
import type { Store } from "../../station/store/store.ts";
import type { LedgerEntry, LedgerRow } from "./shapes.ts";

/** What waits for one peer. Requests without a destination count for every trusted peer of the other side. */
export interface WaitingCounts {
  readonly request: number;
  readonly response: number;
  readonly receipt: number;
}

export interface LedgerPeer {
  readonly id: number;
  readonly name: string;
  readonly state: "pending" | "trusted" | "revoked";
}

const rowColumns = `peer.name AS peer, own, sequence, batch.batch, sha256, batch.state`;
const entryColumns = `batch.id, ${rowColumns}, reason, records, bytes, imported, duplicate, quarantined,
  read_back AS readBack, medium, created_at AS createdAt, copied_at AS copiedAt, settled_at AS settledAt`;
/** Rows of work under way are nobody's business: they have no number, or may yet go. */
const visible = "batch.state NOT IN ('sealing', 'importing') AND sequence IS NOT NULL";

const mostMissing = 1000;

type Raw<Row> = Omit<Row, "direction" | "own"> & { own: 0 | 1 };

/** What people read of the ledger, both ways. */
export class LedgerStore {
  readonly #store: Store;
  readonly #ourDirection: () => Direction;

  constructor(store: Store, ourDirection: () => Direction) {
    this.#store = store;
    this.#ourDirection = ourDirection;
  }

  rows(peer: string | undefined): LedgerRow[] {
    const rows = this.#store
      .prepare(
        `SELECT ${rowColumns} FROM batch JOIN peer ON peer.id = batch.peer
         WHERE ${visible} AND (@peer IS NULL OR peer.name = @peer) ORDER BY peer.name, own DESC, batch.lineage, sequence`,
      )
      .all({ peer: peer ?? null }) as Raw<LedgerRow>[];
    return rows.map(({ own, ...row }) => ({ ...row, direction: this.#direction(own) }));
  }

  /** Newest first, from before the row `after`. */
  entries(limit: number, after: number | null, peer: string | undefined): (LedgerEntry & { id: number })[] {
    return this.#entries(
      `${visible} AND (@after IS NULL OR batch.id < @after) AND (@peer IS NULL OR peer.name = @peer)
       ORDER BY batch.id DESC LIMIT @limit`,
      { limit, after, peer: peer ?? null },
    );
  }

  /** Our batches that a peer has not settled, oldest first. */
  unsettled(peer: number): LedgerEntry[] {
    const rows = this.#entries(
      "own = 1 AND batch.peer = @peer AND batch.state IN ('sealed', 'copied', 'verified') ORDER BY batch.id",
      { peer },
    );
    return rows.map(({ id: _, ...entry }) => entry);
  }

  waiting(peer: number): WaitingCounts {
    const rows = this.#store
      .prepare(
        `SELECT type, count(*) AS count FROM waiting_lot w JOIN record r INDEXED BY record_own
           ON r.origin = 0 AND r.peer IS nullif(w.destination, 0) AND r.seq > w.from_seq AND r.seq <= w.to_seq
         WHERE w.destination IN (0, @peer) GROUP BY type`,
      )
      .all({ peer }) as { type: keyof WaitingCounts; count: number }[];
    const counts = { request: 0, response: 0, receipt: 0 };
    for (const { type, count } of rows) counts[type] += count;
    return counts;
  }

  /** Numbers of a peer's batches that nothing of ours knows, below the highest that we do; the first 1,000. */
  missing(peer: number): number[] {
    const known = this.#store
      .prepare(
        `SELECT sequence FROM batch JOIN peer ON peer.id = batch.peer AND peer.lineage = batch.lineage
         WHERE batch.peer = ? AND own = 0 ORDER BY sequence`,
      )
      .pluck()
      .all(peer) as number[];
    const missing: number[] = [];
    let next = 1;
    for (const sequence of known) {
      for (; next < sequence && missing.length < mostMissing; next += 1) missing.push(next);
      next = sequence + 1;
    }
    return missing;
  }

  peers(): LedgerPeer[] {
    return this.#store
      .prepare("SELECT id, name, state FROM peer WHERE state <> 'pending' ORDER BY name")
      .all() as LedgerPeer[];
  }

  #entries(where: string, values: Record<string, unknown>): (LedgerEntry & { id: number })[] {
    const rows = this.#store
      .prepare(`SELECT ${entryColumns} FROM batch JOIN peer ON peer.id = batch.peer WHERE ${where}`)
      .all(values) as Raw<LedgerEntry & { id: number }>[];
    return rows.map(({ own, ...row }) => ({ ...row, own: own === 1, direction: this.#direction(own) }));
  }

  #direction(own: 0 | 1): Direction {
    const ours = this.#ourDirection();
    if (own === 1) return ours;
    return ours === "request-to-response" ? "response-to-request" : "request-to-response";
  }
}

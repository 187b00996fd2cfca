import type { LineReason } from "../../../shared/contract/reasons.ts";
import { batchOfOwn } from "../../station/store/lot.ts";
import type { Store } from "../../station/store/store.ts";
import type { RowType } from "./checked-lines.ts";
import { receiptId, type ReceiptState } from "./format/receipt.ts";

/** Where our own request stands, as far as an answer to it needs to know. */
export interface AskedRequest {
  readonly peer: number;
  readonly state: string;
}

export interface ExceptionRow {
  readonly part: string;
  readonly line: number;
  readonly type: string | null;
  readonly id: string | null;
  readonly verdict: "duplicate" | "quarantined";
  readonly reason: LineReason | null;
}

export interface StagedCounts {
  readonly imported: number;
  readonly duplicate: number;
  readonly quarantined: number;
}

/** Our newest answer to a batch, with the batch of ours that carries it; null while it waits to be sealed. */
export interface SentReceipt {
  readonly revision: number;
  readonly carrier: {
    readonly state: string;
    readonly lineage: string;
    readonly sequence: number;
    readonly receiptsOnly: 0 | 1;
  } | null;
}

/** Rows removed in one go when a batch that never flipped is taken back. */
const removedAtOnce = 5000;

/** SQL of lines on their way in: rows that count only once their batch is imported. */
export function storeStage(store: Store) {
  // A body stays bytes on its way: cast to text, they are neither decoded nor encoded.
  const insert = store.db.prepare(
    `INSERT INTO record (origin, id, revision, type, created_at, peer, batch, part, line, sha256, kind, user, body, request, status, signature)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT), ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const hashOfKey = store.db
    .prepare("SELECT sha256 FROM record WHERE origin = ? AND id = ? AND revision = ?")
    .pluck();
  const asked = store.db.prepare(
    `SELECT b.peer, b.state FROM record r JOIN batch b ON b.id = ${batchOfOwn("r")}
     WHERE r.origin = 0 AND r.id = ? AND r.revision = 1 AND r.type = 'request'`,
  );
  const voidedFor = store.db.prepare(
    `SELECT peer, state FROM batch WHERE peer = ? AND own = 1 AND state = 'voided' AND EXISTS (
       SELECT 1 FROM record WHERE origin = 0 AND id = ? AND revision = 1 AND type = 'request') LIMIT 1`,
  );
  const bad = store.db.prepare(
    `INSERT OR REPLACE INTO quarantine_line (batch, part, line, reason, bytes, sha256, kept, type, record_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const duplicate = store.db.prepare(
    "INSERT OR REPLACE INTO duplicate_line (batch, part, line, type, record_id) VALUES (?, ?, ?, ?, ?)",
  );
  const cursor = store.db.prepare(
    `UPDATE batch SET next_part = ?, next_line = ?, imported = imported + ?, duplicate = duplicate + ?,
     quarantined = quarantined + ? WHERE id = ?`,
  );
  return {
    /** Whether the row is in; false when its key, or a response's request, is taken already. */
    add(row: {
      peer: number;
      batch: number;
      part: number;
      line: number;
      sha256: Uint8Array;
      type: RowType;
      id: string;
      revision: number;
      createdAt: string;
      first: string;
      second: string;
      text: Uint8Array;
      signature: string;
    }): boolean {
      const isRequest = row.type === "request";
      const { changes } = insert.run(
        row.peer,
        row.id,
        row.revision,
        row.type,
        row.createdAt,
        row.peer,
        row.batch,
        row.part,
        row.line,
        row.sha256,
        isRequest ? row.first : null,
        isRequest ? row.second : null,
        row.text,
        isRequest ? null : row.first,
        isRequest ? null : row.second,
        row.type === "receipt" ? row.signature : null,
      );
      return changes > 0;
    },
    hashOf(peer: number, id: string, revision: number): Buffer | undefined {
      return hashOfKey.get(peer, id, revision) as Buffer | undefined;
    },
    asked(request: string): AskedRequest | undefined {
      return asked.get(request) as AskedRequest | undefined;
    },
    /**
     * Whether a request of ours waits again and may have been in a batch to this peer that was given up: the rows of
     * such a batch are gone. Whoever names the id of a request has met it (80 random bits).
     */
    wasGivenUp(peer: number, request: string): boolean {
      return asked.get(request) === undefined && voidedFor.get(peer, request) !== undefined;
    },
    isAnswered(peer: number, request: string): boolean {
      const sql = "SELECT 1 FROM record WHERE origin = ? AND peer = ? AND request = ? AND type = 'response'";
      return store.prepare(sql).get(peer, peer, request) !== undefined;
    },
    quarantine(
      batch: number,
      part: string,
      row: {
        line: number;
        reason: LineReason;
        bytes: number;
        sha256: string;
        kept: Uint8Array;
        type: string | null;
        id: string | null;
      },
    ): void {
      bad.run(batch, part, row.line, row.reason, row.bytes, row.sha256, row.kept, row.type, row.id);
    },
    duplicate(batch: number, part: string, line: number, type: string, id: string): void {
      duplicate.run(batch, part, line, type, id);
    },
    advance(batch: number, nextPart: number, nextLine: number, counts: StagedCounts): void {
      cursor.run(nextPart, nextLine, counts.imported, counts.duplicate, counts.quarantined, batch);
    },

    /**
     * Marks that what was staged for a batch is being removed: a kill halfway must not let an import go on
     * behind a cursor whose lines are gone.
     */
    beginRemoval(batch: number): void {
      store.prepare("UPDATE batch SET next_part = -1 WHERE id = ?").run(batch);
    },
    /** Removes some of what was staged for a batch; true while there is more. */
    removeSome(batch: number): boolean {
      const sql = (table: string) =>
        `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE batch = ? LIMIT ${removedAtOnce})`;
      for (const table of ["record", "quarantine_line", "duplicate_line"]) {
        if (store.prepare(sql(table)).run(batch).changes > 0) return true;
      }
      const reset =
        "UPDATE batch SET next_part = 0, next_line = 1, imported = 0, duplicate = 0, quarantined = 0 WHERE id = ?";
      store.prepare(reset).run(batch);
      return false;
    },

    /** Everything of a batch that was not imported, in order. */
    *exceptions(batch: number): Generator<ExceptionRow> {
      const after = "batch = @batch AND (part, line) > (@part, @line)";
      const sql = `SELECT part, line, type, record_id AS id, 'quarantined' AS verdict, reason FROM quarantine_line WHERE ${after}
        UNION ALL SELECT part, line, type, record_id, 'duplicate', NULL FROM duplicate_line WHERE ${after}
        ORDER BY part, line LIMIT @limit`;
      // Pages instead of a cursor: the connection writes receipts while this is read. By place, not by count: each
      // page would walk all those before it, and a restored peer sends a million lines again.
      let [part, line] = ["", 0];
      for (;;) {
        const rows = store.prepare(sql).all({ batch, part, line, limit: removedAtOnce }) as ExceptionRow[];
        yield* rows;
        const last = rows.at(-1);
        if (last === undefined || rows.length < removedAtOnce) return;
        ({ part, line } = last);
      }
    },
    /** Lines by type of what would be imported. */
    typesOf(batch: number): Partial<Record<RowType, number>> {
      const sql = "SELECT type, count(*) AS count FROM record WHERE batch = ? GROUP BY type";
      const rows = store.prepare(sql).all(batch) as { type: RowType; count: number }[];
      return Object.fromEntries(rows.map((row) => [row.type, row.count]));
    },
    duplicateTypesOf(batch: number): Partial<Record<RowType, number>> {
      const sql = "SELECT type, count(*) AS count FROM duplicate_line WHERE batch = ? GROUP BY type";
      const rows = store.prepare(sql).all(batch) as { type: RowType; count: number }[];
      return Object.fromEntries(rows.map((row) => [row.type, row.count]));
    },
    /** Receipts that a batch brought, in order. */
    receiptsOf(batch: number, after: number): { seq: number; body: string }[] {
      const sql =
        "SELECT seq, body FROM record WHERE batch = ? AND type = 'receipt' AND seq > ? ORDER BY seq LIMIT 100";
      return store.prepare(sql).all(batch, after) as { seq: number; body: string }[];
    },

    addOwnReceipt(row: {
      id: string;
      createdAt: string;
      peer: number;
      payload: string;
      batch: string;
      state: string;
      signature: string;
      revision: number;
    }): void {
      const sql = `INSERT INTO record (origin, id, revision, type, created_at, peer, body, request, status, signature)
        VALUES (0, ?, ?, 'receipt', ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;
      const { id, revision, createdAt, peer, payload, batch, state, signature } = row;
      store.prepare(sql).run(id, revision, createdAt, peer, payload, batch, state, signature);
    },
    /**
     * Revision of a first answer. A restored station takes batches in again that it had answered in the abandoned
     * lineage: its answers must not have the names of those, which the peer may hold. More than ten were never given.
     */
    firstRevision(): number {
      return 1 + 10 * Number(store.prepare("SELECT count(*) FROM restore").pluck().get());
    },
    /** The first page stands for all: they are queued together. */
    lastReceipt(batch: string, state: ReceiptState): SentReceipt | undefined {
      const sql = `SELECT r.revision, b.state, b.lineage, b.sequence, b.receipts_only AS receiptsOnly FROM record r
        LEFT JOIN batch b ON b.id = ${batchOfOwn("r")}
        WHERE r.origin = 0 AND r.id = ? ORDER BY r.revision DESC LIMIT 1`;
      const row = store.prepare(sql).get(receiptId({ batch, state, page: 1 })) as
        | (NonNullable<SentReceipt["carrier"]> & { revision: number })
        | { revision: number; state: null }
        | undefined;
      if (row === undefined) return undefined;
      return { revision: row.revision, carrier: row.state === null ? null : row };
    },
    /** Our batches that were refused or taken back and still hold their records. */
    lostBatches(): number[] {
      const sql = `SELECT b.id FROM batch b WHERE b.own = 1 AND b.state IN ('refused', 'voided')
        AND EXISTS (SELECT 1 FROM lot WHERE lot.batch = b.id)`;
      return store.prepare(sql).pluck().all() as number[];
    },
    /** Makes their records due again. */
    release(batch: number): void {
      store.prepare("UPDATE lot SET batch = NULL WHERE batch = ?").run(batch);
    },
  };
}

export type StoreStage = ReturnType<typeof storeStage>;

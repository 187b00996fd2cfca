import { batchOfOwn } from "../../station/store/lot.ts";
import type { Store } from "../../station/store/store.ts";

export type RequestState = "waiting" | "sealed" | "imported" | "answered" | "refused";

/** A request as listed; the same columns on both sides. */
export interface RequestRow {
  readonly seq: number;
  readonly id: string;
  readonly kind: string;
  readonly user: string;
  readonly createdAt: string;
  readonly state: RequestState;
  readonly peer: string | null;
  readonly bodyBytes: number;
  readonly batchOut: number | null;
  readonly batchBack: number | null;
}

/** Bodies of requests held at once while they are answered: a thousand may have 1 MiB each. */
const heldBodiesBytes = 16 * 1024 * 1024;

export interface ListFilter {
  readonly beforeSeq: number;
  readonly limit: number;
  readonly state?: RequestState | undefined;
  readonly kind?: string | undefined;
  readonly user?: string | undefined;
}

/**
 * Request states are not stored: they follow from the batch that carries the request, the peer's receipt
 * and the answer. One truth, and a flip of a million records costs one row.
 */
const ownRequests = `
  SELECT r.seq, r.id, r.kind, r.user, r.created_at AS createdAt, p.name AS peer, length(CAST(r.body AS BLOB)) AS bodyBytes,
    out.sequence AS batchOut, back.sequence AS batchBack,
    CASE
      WHEN back.id IS NOT NULL THEN 'answered'
      WHEN out.id IS NULL THEN 'waiting'
      WHEN EXISTS (SELECT 1 FROM receipt_exception x WHERE x.record_id = r.id AND x.batch = out.id AND x.verdict = 'quarantined')
        THEN 'refused'
      WHEN out.state = 'imported' THEN 'imported'
      WHEN out.state = 'sealing' THEN 'waiting'
      ELSE 'sealed'
    END AS state
  FROM record r
  LEFT JOIN batch out ON out.id = ${batchOfOwn("r")}
  LEFT JOIN peer p ON p.id = coalesce(out.peer, r.peer)
  LEFT JOIN record a ON a.type = 'response' AND a.origin = out.peer AND a.peer = out.peer AND a.request = r.id
  LEFT JOIN batch back ON back.id = a.batch AND back.state = 'imported'
  WHERE r.type = 'request' AND r.origin = 0`;

const peerRequests = `
  SELECT r.seq, r.id, r.kind, r.user, r.created_at AS createdAt, p.name AS peer, length(CAST(r.body AS BLOB)) AS bodyBytes,
    b.sequence AS batchOut, back.sequence AS batchBack,
    CASE WHEN a.seq IS NULL THEN 'imported' ELSE 'answered' END AS state
  FROM record r
  JOIN batch b ON b.id = r.batch AND b.state = 'imported'
  JOIN peer p ON p.id = r.origin
  LEFT JOIN record a ON a.type = 'response' AND a.origin = 0 AND a.peer = r.origin AND a.request = r.id
  LEFT JOIN batch back ON back.id = ${batchOfOwn("a")} AND back.state <> 'sealing'
  WHERE r.type = 'request' AND r.origin <> 0`;

export interface StepRow {
  readonly createdAt: string;
  readonly body: string;
  readonly origin: number;
  readonly outBatch: string | null;
  readonly outSequence: number | null;
  readonly outState: string | null;
  readonly outCreatedAt: string | null;
  readonly outCopiedAt: string | null;
  readonly outSettledAt: string | null;
  readonly exceptionVerdict: string | null;
  readonly exceptionReason: string | null;
  readonly answerCreatedAt: string | null;
  readonly backBatch: string | null;
  readonly backSequence: number | null;
  readonly backState: string | null;
  readonly backCreatedAt: string | null;
  readonly backCopiedAt: string | null;
  readonly backSettledAt: string | null;
}

export interface AnswerRow {
  readonly id: string;
  readonly request: string;
  readonly status: "ok" | "error";
  readonly body: string;
  readonly createdAt: string;
}

export interface WaitingRequest {
  readonly seq: number;
  readonly id: string;
  readonly kind: string;
  readonly user: string;
  readonly body: string;
  readonly origin: number;
}

export function requestStore(store: Store, side: () => "request" | "response") {
  const rows = () => (side() === "request" ? ownRequests : peerRequests);
  /** The answer joins differently on the two sides. */
  const answerJoin = () =>
    side() === "request" ? "a.origin = o.peer AND a.peer = o.peer" : "a.origin = 0 AND a.peer = r.origin";
  /** `o` brought the request here, or carries it away; `k` carries the answer, or brought it. */
  const batchOf = (record: string) =>
    `CASE ${record}.origin WHEN 0 THEN ${batchOfOwn(record)} ELSE ${record}.batch END`;
  return {
    insert(
      id: string,
      kind: string,
      user: string,
      body: string,
      createdAt: string,
      peer: number | null,
    ): void {
      store
        .prepare(
          `INSERT INTO record (origin, id, revision, type, created_at, peer, kind, user, body)
           VALUES (0, ?, 1, 'request', ?, ?, ?, ?, ?)`,
        )
        .run(id, createdAt, peer, kind, user, body);
    },

    list(filter: ListFilter): RequestRow[] {
      const conditions = ["AND r.seq < ?"];
      const values: (string | number)[] = [filter.beforeSeq];
      for (const name of ["kind", "user"] as const) {
        const value = filter[name];
        if (value === undefined) continue;
        conditions.push(`AND r.${name} = ?`);
        values.push(value);
      }
      const inner = `${rows()} ${conditions.join(" ")}`;
      // Without a state the limit is taken by the scan itself; with one, rows are skipped until enough fit.
      const outer = filter.state === undefined ? inner : `SELECT * FROM (${inner}) WHERE state = ?`;
      if (filter.state !== undefined) values.push(filter.state);
      const order = filter.state === undefined ? "r.seq" : "seq";
      return store
        .prepare(`${outer} ORDER BY ${order} DESC LIMIT ?`)
        .all(...values, filter.limit) as RequestRow[];
    },

    counts(): { state: RequestState; n: number }[] {
      const sql = `SELECT state, count(*) AS n FROM (${rows()}) GROUP BY state`;
      return store.prepare(sql).all() as { state: RequestState; n: number }[];
    },

    find(id: string): RequestRow | undefined {
      const sql = `${rows()} AND r.id = ? ORDER BY r.seq DESC LIMIT 1`;
      return store.prepare(sql).get(id) as RequestRow | undefined;
    },

    steps(seq: number): StepRow {
      const sql = `
        SELECT r.created_at AS createdAt, r.body, r.origin,
          o.batch AS outBatch, o.sequence AS outSequence, o.state AS outState, o.created_at AS outCreatedAt,
          o.copied_at AS outCopiedAt, o.settled_at AS outSettledAt,
          x.verdict AS exceptionVerdict, x.reason AS exceptionReason,
          a.created_at AS answerCreatedAt,
          k.batch AS backBatch, k.sequence AS backSequence, k.state AS backState, k.created_at AS backCreatedAt,
          k.copied_at AS backCopiedAt, k.settled_at AS backSettledAt
        FROM record r
        LEFT JOIN batch o ON o.id = ${batchOf("r")}
        LEFT JOIN receipt_exception x ON x.batch = o.id AND x.record_id = r.id
        LEFT JOIN record a ON a.type = 'response' AND a.request = r.id AND ${answerJoin()}
        LEFT JOIN batch k ON k.id = ${batchOf("a")}
        WHERE r.seq = ?`;
      return store.prepare(sql).get(seq) as StepRow;
    },

    /** The answer that counts: ours, or a peer's whose batch is imported. */
    answer(request: string): AnswerRow | undefined {
      const sql = `
        SELECT a.id, a.request, a.status, a.body, a.created_at AS createdAt
        FROM record r JOIN batch o ON o.id = ${batchOf("r")}
        JOIN record a ON a.type = 'response' AND a.request = r.id AND ${answerJoin()}
        LEFT JOIN batch b ON b.id = a.batch
        WHERE r.type = 'request' AND r.id = ? AND (a.origin = 0 OR b.state = 'imported') LIMIT 1`;
      return store.prepare(sql).get(request) as AnswerRow | undefined;
    },

    /** Imported batches whose requests are not all answered, oldest first. */
    unhandledBatches(): { id: number; handledSeq: number }[] {
      const sql = `SELECT id, handled_seq AS handledSeq FROM batch
                   WHERE own = 0 AND state = 'imported' AND handled = 0 ORDER BY settled_at, id`;
      return store.prepare(sql).all() as { id: number; handledSeq: number }[];
    },

    waiting(batch: number, afterSeq: number, limit: number): WaitingRequest[] {
      const sql = `SELECT seq, id, kind, user, body, origin FROM record
                   WHERE batch = ? AND seq > ? AND type = 'request' AND origin <> 0 ORDER BY seq LIMIT ?`;
      const waiting: WaitingRequest[] = [];
      let heldBytes = 0;
      for (const row of store.prepare(sql).iterate(batch, afterSeq, limit) as Iterable<WaitingRequest>) {
        waiting.push(row);
        heldBytes += row.body.length;
        if (heldBytes > heldBodiesBytes) break;
      }
      return waiting;
    },

    insertAnswer(
      id: string,
      request: WaitingRequest,
      status: "ok" | "error",
      body: string,
      createdAt: string,
    ): void {
      store
        .prepare(
          `INSERT INTO record (origin, id, revision, type, created_at, peer, request, status, body)
           VALUES (0, ?, 1, 'response', ?, ?, ?, ?, ?)`,
        )
        .run(id, createdAt, request.origin, request.id, status, body);
    },

    advance(batch: number, handledSeq: number, handled: boolean): void {
      store
        .prepare("UPDATE batch SET handled_seq = ?, handled = ? WHERE id = ?")
        .run(handledSeq, handled ? 1 : 0, batch);
    },

    peerByName(name: string): { id: number; state: string; side: string } | undefined {
      const sql = "SELECT id, state, side FROM peer WHERE name = ?";
      return store.prepare(sql).get(name) as { id: number; state: string; side: string } | undefined;
    },
  };
}

export type RequestStore = ReturnType<typeof requestStore>;

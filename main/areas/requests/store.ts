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
 *
 * `source` picks and limits the requests first; the joins then look up only those.
 */
const ownRequests = (source: string) => `
  SELECT r.seq, r.id, r.kind, r.user, r.created_at AS createdAt, p.name AS peer, octet_length(r.body) AS bodyBytes,
    out.sequence AS batchOut, back.sequence AS batchBack,
    CASE
      WHEN back.id IS NOT NULL THEN 'answered'
      WHEN out.id IS NULL OR out.state = 'sealing' THEN 'waiting'
      WHEN EXISTS (SELECT 1 FROM receipt_exception x WHERE x.record_id = r.id AND x.batch = out.id AND x.verdict = 'quarantined')
        THEN 'refused'
      WHEN out.state = 'imported' THEN 'imported'
      ELSE 'sealed'
    END AS state
  FROM (${source}) r
  LEFT JOIN batch out ON out.id = ${batchOfOwn("r")}
  LEFT JOIN peer p ON p.id = coalesce(out.peer, r.peer)
  LEFT JOIN record a ON a.type = 'response' AND a.origin = out.peer AND a.peer = out.peer AND a.request = r.id
  LEFT JOIN batch back ON back.id = a.batch AND back.state = 'imported'
  ORDER BY r.seq DESC`;

const peerRequests = (source: string) => `
  SELECT r.seq, r.id, r.kind, r.user, r.created_at AS createdAt, p.name AS peer, octet_length(r.body) AS bodyBytes,
    b.sequence AS batchOut, back.sequence AS batchBack,
    CASE WHEN a.seq IS NULL THEN 'imported' ELSE 'answered' END AS state
  FROM (${source}) r
  JOIN batch b ON b.id = r.batch AND b.state = 'imported'
  JOIN peer p ON p.id = r.origin
  LEFT JOIN record a ON a.type = 'response' AND a.origin = 0 AND a.peer = r.origin AND a.request = r.id
  LEFT JOIN batch back ON back.id = ${batchOfOwn("a")} AND back.state <> 'sealing'
  ORDER BY r.seq DESC`;

/** Rows looked at by one call that looks for something: about 0.1 s. What is older comes with the next page. */
const mostScanned = 20_000;
const scanStep = 1000;

function matches(row: RequestRow, filter: ListFilter): boolean {
  return (["state", "kind", "user"] as const).every(
    (name) => filter[name] === undefined || filter[name] === row[name],
  );
}

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
  const rows = (source: string) => (side() === "request" ? ownRequests(source) : peerRequests(source));
  const origin = () => (side() === "request" ? "origin = 0" : "origin <> 0");
  /** The same by single values, so that an id is looked up in the index of each. */
  const originIn = (record: string) =>
    side() === "request" ? `${record}.origin = 0` : `${record}.origin IN (SELECT id FROM peer)`;
  /** The answer joins differently on the two sides. */
  const answerJoin = () =>
    side() === "request" ? "a.origin = o.peer AND a.peer = o.peer" : "a.origin = 0 AND a.peer = r.origin";
  /** `o` brought the request here, or carries it away; `k` carries the answer, or brought it. */
  const batchOf = (record: string) =>
    `CASE ${record}.origin WHEN 0 THEN ${batchOfOwn(record)} ELSE ${record}.batch END`;

  /** When a batch was settled: a peer's by our log, ours by the receipt that the peer signed, in its own time. */
  const settledAt = (batch: string) => `coalesce((
    SELECT receipt.created_at FROM record receipt
    WHERE ${batch}.own = 1 AND receipt.origin = ${batch}.peer
      AND receipt.id = ${batch}.batch || '.' || ${batch}.state || '.1' ORDER BY receipt.revision LIMIT 1), ${batch}.settled_at)`;
  const number = (sql: string) => Number(store.prepare(sql).pluck().get());

  const requestsBelow = () =>
    `FROM record INDEXED BY record_request WHERE type = 'request' AND ${origin()} AND seq < ?`;

  /** Whether any request is older than this one. */
  function isOlder(seq: number): boolean {
    return store.prepare(`SELECT 1 ${requestsBelow()} LIMIT 1`).get(seq) !== undefined;
  }

  /** The last of `step` requests below `before`, or null when there are fewer: the scan is at its end. */
  function passed(before: number, step: number): number | null {
    const sql = `SELECT seq ${requestsBelow()} ORDER BY seq DESC LIMIT 1 OFFSET ?`;
    return (
      (store
        .prepare(sql)
        .pluck()
        .get(before, step - 1) as number | undefined) ?? null
    );
  }

  function ownCounts(): Record<RequestState, number> {
    const ranges = `SELECT count(*) FROM waiting_lot w JOIN record r
      ON r.origin = 0 AND r.peer IS nullif(w.destination, 0) AND r.seq > w.from_seq AND r.seq <= w.to_seq
      WHERE r.type = 'request'`;
    const carried = `SELECT count(*) FROM batch b JOIN lot l ON l.batch = b.id JOIN record r
      ON r.origin = 0 AND r.peer IS nullif(l.destination, 0) AND r.seq <= l.to_seq AND r.seq > coalesce(
        (SELECT max(before.to_seq) FROM lot before WHERE before.destination = l.destination AND before.to_seq < l.to_seq), 0)
      WHERE r.type = 'request' AND b.own = 1 AND b.state`;
    const total = number(
      "SELECT count(*) FROM record INDEXED BY record_own WHERE origin = 0 AND type = 'request'",
    );
    const waiting = number(ranges) + number(`${carried} = 'sealing'`);
    const sealed = number(`${carried} NOT IN ('sealing', 'imported')`);
    // A peer may list what was never in that batch, or answer what it quarantined: neither counts.
    const refused = number(
      `SELECT count(DISTINCT r.seq) FROM receipt_exception x JOIN batch b ON b.id = x.batch
       JOIN record r ON r.origin = 0 AND r.id = x.record_id AND r.type = 'request'
       WHERE x.verdict = 'quarantined' AND ${batchOfOwn("r")} = x.batch AND NOT EXISTS (
         SELECT 1 FROM record a JOIN batch k ON k.id = a.batch AND k.state = 'imported'
         WHERE a.type = 'response' AND a.origin = b.peer AND a.peer = b.peer AND a.request = r.id)`,
    );
    const answered = brought("response");
    const imported = Math.max(0, total - waiting - sealed - refused - answered);
    return { waiting, sealed, refused, answered, imported };
  }

  function peerCounts(): Record<RequestState, number> {
    const answered = number(
      "SELECT count(*) FROM record INDEXED BY record_own WHERE origin = 0 AND type = 'response'",
    );
    return { waiting: 0, sealed: 0, refused: 0, answered, imported: brought("request") - answered };
  }

  /** Records of a type that peers' imported batches brought. */
  function brought(type: "request" | "response"): number {
    return number(`SELECT count(*) FROM batch b JOIN record r ON r.batch = b.id
                   WHERE b.own = 0 AND b.state = 'imported' AND r.type = '${type}'`);
  }

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

    /**
     * A page, newest first. Looking for something rare ends after so many rows, so a page may hold fewer
     * than asked for, even none, and still have a next one.
     */
    list(filter: ListFilter): { rows: RequestRow[]; nextBefore: number | null } {
      const isFiltered = filter.state !== undefined || filter.kind !== undefined || filter.user !== undefined;
      const step = isFiltered ? Math.max(filter.limit, scanStep) : filter.limit;
      const source = `SELECT * ${requestsBelow()} ORDER BY seq DESC LIMIT ?`;
      const scan = store.prepare(rows(source));
      const found: RequestRow[] = [];
      let before: number | null = filter.beforeSeq;
      for (let scanned = 0; before !== null && scanned < mostScanned; scanned += step) {
        for (const row of scan.all(before, step) as RequestRow[]) {
          if (!matches(row, filter)) continue;
          found.push(row);
          if (found.length === filter.limit)
            return { rows: found, nextBefore: isOlder(row.seq) ? row.seq : null };
        }
        before = passed(before, step);
      }
      return { rows: found, nextBefore: before };
    },

    /** How many there are by state, from indexes and batches alone. */
    counts(): Record<RequestState, number> {
      return side() === "request" ? ownCounts() : peerCounts();
    },

    /** Requests of peers that have no answer yet: what the handlers still have before them. */
    unanswered(): number {
      const sql = `SELECT count(*) FROM batch b JOIN record r ON r.batch = b.id AND r.seq > b.handled_seq
                   WHERE b.own = 0 AND b.state = 'imported' AND b.handled = 0 AND r.type = 'request'`;
      return Number(store.prepare(sql).pluck().get());
    },

    /** All of that id, oldest first: two peers may use the same one. Of peers, what is imported. */
    find(id: string): RequestRow[] {
      const source = `SELECT * FROM record f WHERE f.type = 'request' AND ${originIn("f")} AND f.id = ?`;
      return (store.prepare(rows(source)).all(id) as RequestRow[]).toReversed();
    },

    steps(seq: number): StepRow {
      const sql = `
        SELECT r.created_at AS createdAt, r.body, r.origin,
          o.batch AS outBatch, o.sequence AS outSequence, o.state AS outState, o.created_at AS outCreatedAt,
          o.copied_at AS outCopiedAt, ${settledAt("o")} AS outSettledAt,
          x.verdict AS exceptionVerdict, x.reason AS exceptionReason,
          a.created_at AS answerCreatedAt,
          k.batch AS backBatch, k.sequence AS backSequence, k.state AS backState, k.created_at AS backCreatedAt,
          k.copied_at AS backCopiedAt, ${settledAt("k")} AS backSettledAt
        FROM record r
        LEFT JOIN batch o ON o.id = ${batchOf("r")}
        LEFT JOIN receipt_exception x ON x.batch = o.id AND x.record_id = r.id
        LEFT JOIN record a ON a.type = 'response' AND a.request = r.id AND ${answerJoin()}
        LEFT JOIN batch k ON k.id = ${batchOf("a")}
        WHERE r.seq = ?`;
      return store.prepare(sql).get(seq) as StepRow;
    },

    /** The answer that counts to the request with this number: ours, or a peer's whose batch is imported. */
    answer(seq: number): AnswerRow | undefined {
      const sql = `
        SELECT a.id, a.request, a.status, a.body, a.created_at AS createdAt
        FROM record r JOIN batch o ON o.id = ${batchOf("r")}
        JOIN record a ON a.type = 'response' AND a.request = r.id AND ${answerJoin()}
        LEFT JOIN batch b ON b.id = a.batch
        WHERE r.seq = ? AND (a.origin = 0 OR b.state = 'imported') LIMIT 1`;
      return store.prepare(sql).get(seq) as AnswerRow | undefined;
    },

    /** Imported batches whose requests are not all answered, oldest first. */
    unhandledBatches(): number[] {
      const sql =
        "SELECT id FROM batch WHERE own = 0 AND state = 'imported' AND handled = 0 ORDER BY settled_at, id";
      return store.prepare(sql).pluck().all() as number[];
    },

    /** The last request of a batch that the handlers are done with (record.seq). */
    handledSeq(batch: number): number {
      return Number(store.prepare("SELECT handled_seq FROM batch WHERE id = ?").pluck().get(batch));
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

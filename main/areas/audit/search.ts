import { setImmediate } from "node:timers/promises";
import { parseLeaf, type AuditEvent } from "../../station/audit/event.ts";
import { blockEvents } from "../../station/audit/nodes.ts";
import type { Kernel } from "../../station/kernel.ts";
import { indexExpression, matches } from "./match.ts";
import type { Query } from "./query.ts";
import type { TextIndex } from "./text-index.ts";

export interface Found {
  /** Newest first, each with its stored bytes. */
  readonly events: readonly FoundEvent[];
  /** Number of the event to go on below; null when the range is done. */
  readonly next: number | null;
  /** What this answer has looked through, both included; null when there is nothing to look through. */
  readonly searched: { readonly from: number; readonly to: number } | null;
  /** How far the index reached; what came after it was looked through as it is. */
  readonly indexed: number;
}

export interface FoundEvent {
  readonly event: AuditEvent;
  readonly leaf: Buffer;
}

interface Row {
  readonly seq: number;
  readonly leaf: Buffer;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Candidates read at once. */
const pageRows = 200;
/**
 * Candidates looked at for one answer: a quarter of a second. A query that few events match then says how far it came and
 * goes on with its `next`, instead of holding the station up.
 */
const mostCandidates = 20_000;

/**
 * Finds events, newest first. The index finds candidates, their stored bytes decide; what the index doesn't hold yet is
 * looked through as well, so that no event is too new to be found.
 *
 * @param below only events with smaller numbers: the `next` of the page before
 */
export async function search(
  { audit, store }: Kernel,
  index: TextIndex,
  query: Query,
  page: { readonly limit: number; readonly below: number },
): Promise<Found> {
  // Nobody waits for an index that is far behind: what it lacks is scanned.
  index.follow();
  const indexed = index.through();
  const span = spanOf(store, query, Math.min(audit.head().events, page.below - 1));
  if (span === null) return { events: [], next: null, searched: null, indexed };
  const expression = indexExpression(query);
  const usable = expression === null ? 0 : indexed;
  const scan = store.prepare(
    "SELECT seq, leaf FROM audit_event WHERE seq >= ? AND seq <= ? ORDER BY seq DESC LIMIT ?",
  );
  // FTS5 seeks to an integer alone: a number of JavaScript is bound as a real, and every page would begin at the newest event.
  const lookUp = store.prepare(
    `SELECT e.seq, e.leaf FROM audit_text JOIN audit_event e ON e.seq = audit_text.rowid
     WHERE audit_text MATCH ? AND audit_text.rowid >= CAST(? AS INTEGER) AND audit_text.rowid <= CAST(? AS INTEGER)
     ORDER BY audit_text.rowid DESC LIMIT ?`,
  );

  /** The next candidates at or below `at`, and how far down they reach. */
  function candidates(at: number): { rows: Row[]; to: number } {
    const from = at > usable ? Math.max(usable + 1, span?.from ?? 1) : (span?.from ?? 1);
    const rows = (
      at > usable ? scan.all(from, at, pageRows) : lookUp.all(expression, from, at, pageRows)
    ) as Row[];
    return { rows, to: rows.length < pageRows ? from : (rows.at(-1)?.seq ?? from) };
  }

  const found: FoundEvent[] = [];
  let at = span.to;
  let looked = 0;
  while (at >= span.from && looked < mostCandidates) {
    const { rows, to } = candidates(at);
    looked += rows.length;
    for (const row of rows) {
      const event = parseLeaf(row.leaf);
      if (event === null || !matches(event, query)) continue;
      found.push({ event, leaf: row.leaf });
      if (found.length === page.limit) {
        const next = row.seq > span.from ? row.seq : null;
        return { events: found, next, searched: { from: row.seq, to: span.to }, indexed };
      }
    }
    at = to - 1;
    await setImmediate();
  }
  const next = at >= span.from ? at + 1 : null;
  return { events: found, next, searched: { from: Math.max(at + 1, span.from), to: span.to }, indexed };
}

/** The numbers between which everything that the query can match lies; null when nothing does. */
function spanOf(store: Kernel["store"], query: Query, last: number): Span | null {
  const from = Math.max(query.from, 1);
  const to = Math.min(query.to, last);
  if (from > to) return null;
  if (query.since === null && query.until === null) return { from, to };
  const since = query.since ?? "";
  const until = query.until ?? "~";
  const blocks = store
    .prepare(
      "SELECT min(position) AS first, max(position) AS last, (SELECT count(*) FROM audit_block) AS blocks FROM audit_block WHERE to_at >= ? AND from_at < ?",
    )
    .get(since, until) as { first: number | null; last: number | null; blocks: number };
  const tail = store
    .prepare("SELECT min(at) AS from_at, max(at) AS to_at FROM audit_event WHERE seq > ?")
    .get(blocks.blocks * blockEvents) as { from_at: string | null; to_at: string | null };
  const inTail = (tail.to_at ?? "") >= since && (tail.from_at ?? "~") < until;
  const first = blocks.first ?? (inTail ? blocks.blocks : null);
  if (first === null) return null;
  const end = inTail ? Number.MAX_SAFE_INTEGER : ((blocks.last ?? first) + 1) * blockEvents;
  const span = { from: Math.max(from, first * blockEvents + 1), to: Math.min(to, end) };
  return span.from > span.to ? null : span;
}

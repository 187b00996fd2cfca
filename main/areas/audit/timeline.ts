import type { AuditEvent } from "../../station/audit/event.ts";
import { heartbeatActions } from "../../station/audit/heartbeat.ts";
import type { Kernel } from "../../station/kernel.ts";
import type { Query } from "./query.ts";
import { search } from "./search.ts";
import type { TextIndex } from "./text-index.ts";

interface Bucket {
  readonly from: string;
  readonly until: string;
  readonly outcomes: { done: number; refused: number; failed: number };
  readonly areas: Record<string, number>;
}

interface Gap {
  readonly after: number;
  readonly from: string;
  readonly until: string;
  readonly why: "silent" | "closed" | "back";
}

export interface Timeline {
  readonly buckets: Bucket[];
  readonly found: number;
  readonly searched: { readonly from: number; readonly to: number } | null;
  readonly whole: boolean;
  readonly gaps: Gap[];
}

/** Events looked through for one picture, the newest first: about a second on a busy machine. */
const mostEvents = 100_000;
/** A page of what is found. */
const pageEvents = 500;
/** Heartbeats that may be missing before the log was silent (main/station/audit/heartbeat.ts). */
const allowedIntervals = 2;
/** A clock is nudged by less than this while it is kept right. */
const backMs = 1000;
const mostGaps = 100;

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
/** Lengths of a span that people think in. */
const steps = [1, 5, 15, 30].flatMap((count) => [count * second, count * minute]);
const niceSteps = [...steps, ...[1, 3, 6, 12].map((count) => count * hour), day, 7 * day].toSorted(
  (a, b) => a - b,
);

/** Counts what a query finds, in at most `most` spans of equal length. Time places an event here; it orders nothing. */
export async function drawTimeline(
  kernel: Kernel,
  index: TextIndex,
  query: Query,
  most: number,
): Promise<Timeline> {
  const { events, searched, whole } = await collect(kernel, index, query);
  return {
    buckets: bucketsOf(events, query, most),
    found: events.length,
    searched,
    whole,
    gaps: searched === null ? [] : gapsOf(kernel, searched),
  };
}

async function collect(kernel: Kernel, index: TextIndex, query: Query) {
  const events: AuditEvent[] = [];
  let below: number | null = Number.MAX_SAFE_INTEGER;
  let searched = null as { from: number; to: number } | null;
  while (below !== null) {
    kernel.stopping.throwIfAborted();
    const found = await search(kernel, index, query, { limit: pageEvents, below });
    for (const one of found.events) events.push(one.event);
    if (found.searched !== null) {
      searched = { from: found.searched.from, to: searched?.to ?? found.searched.to };
    }
    below = found.next;
    if (searched !== null && searched.to - searched.from >= mostEvents) break;
  }
  return { events, searched, whole: below === null };
}

function bucketsOf(events: readonly AuditEvent[], query: Query, most: number): Bucket[] {
  const times = events.map((event) => Date.parse(event.at));
  const first = query.since === null ? least(times) : Date.parse(query.since);
  const last = query.until === null ? greatest(times) : Date.parse(query.until) - 1;
  if (!Number.isFinite(first) || !Number.isFinite(last) || last < first) return [];
  const stepMs = stepFor(first, last, most);
  const start = Math.floor(first / stepMs) * stepMs;
  const count = Math.floor((last - start) / stepMs) + 1;
  const buckets = Array.from({ length: count }, (_, place) => ({
    from: new Date(start + place * stepMs).toISOString(),
    until: new Date(start + (place + 1) * stepMs).toISOString(),
    outcomes: { done: 0, refused: 0, failed: 0 },
    areas: {} as Record<string, number>,
  }));
  for (const [place, event] of events.entries()) {
    const bucket = buckets[Math.floor(((times[place] ?? 0) - start) / stepMs)];
    if (bucket === undefined) continue;
    bucket.outcomes[event.outcome] += 1;
    const area = event.action.split(".", 1)[0] ?? "";
    bucket.areas[area] = (bucket.areas[area] ?? 0) + 1;
  }
  return buckets;
}

/** The shortest length of a span with which both ends fit; an aligned start may need one span more. */
function stepFor(first: number, last: number, most: number): number {
  const fits = (stepMs: number): boolean =>
    Math.floor(last / stepMs) - Math.floor(first / stepMs) + 1 <= most;
  const nice = niceSteps.find(fits);
  if (nice !== undefined) return nice;
  let days = Math.ceil((last - first) / day / most);
  while (!fits(days * day)) days += 1;
  return days * day;
}

function gapsOf({ configuration, store }: Kernel, { from, to }: { from: number; to: number }): Gap[] {
  const silenceMs = allowedIntervals * configuration.audit.heartbeatMinutes * minute;
  const rows = store
    .prepare("SELECT seq, at, action FROM audit_event WHERE seq >= ? AND seq <= ? ORDER BY seq")
    .iterate(from, to) as IterableIterator<{ seq: number; at: string; action: string }>;
  const gaps: (Gap & { readonly lengthMs: number })[] = [];
  let before: { seq: number; at: string; action: string } | undefined;
  for (const row of rows) {
    // Between two that do not follow each other lie events that were purged: no silence.
    if (before?.seq === row.seq - 1) {
      const lengthMs = Date.parse(row.at) - Date.parse(before.at);
      const why =
        lengthMs < -backMs ? "back" : before.action === heartbeatActions.closed ? "closed" : "silent";
      if (lengthMs < -backMs || lengthMs > silenceMs) {
        gaps.push({ after: before.seq, from: before.at, until: row.at, why, lengthMs });
      }
    }
    before = row;
  }
  // The clock's steps and the longest silences; a picture with more marks than this shows none of them.
  return gaps
    .toSorted((a, b) => Math.abs(b.lengthMs) - Math.abs(a.lengthMs))
    .slice(0, mostGaps)
    .toSorted((a, b) => a.after - b.after)
    .map(({ lengthMs: _length, ...gap }) => gap);
}

const least = (values: readonly number[]): number =>
  values.reduce((low, value) => Math.min(low, value), Infinity);
const greatest = (values: readonly number[]): number =>
  values.reduce((high, value) => Math.max(high, value), -Infinity);

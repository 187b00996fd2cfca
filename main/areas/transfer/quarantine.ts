import { Refusal } from "../../../shared/errors.ts";
import type { LineReason } from "../../../shared/contract/reasons.ts";
import { lineReasonTexts } from "../../../shared/strings/reasons.ts";
import type { Store } from "../../station/store/store.ts";

interface LineRow {
  readonly row: number;
  readonly batch: string;
  readonly peer: string;
  readonly part: string;
  readonly line: number;
  readonly reason: LineReason;
}

interface KeptRow {
  readonly reason: LineReason;
  readonly bytes: number;
  readonly sha256: string;
  readonly kept: Buffer;
  readonly type: string | null;
  readonly record_id: string | null;
}

/** What a page shows of a refused line; the whole of it stays in the database. */
const shownBytes = 64 * 1024;

/** Refused lines of imported batches, oldest batch first. `after` is the `next` of the page before. */
export function listQuarantine(
  store: Store,
  { limit, after }: { limit: number; after?: string | undefined },
): { lines: Omit<LineRow, "row">[]; next: string | null } {
  const [row, part, line] = cursorOf(after);
  const sql = `SELECT q.batch AS row, b.batch, p.name AS peer, q.part, q.line, q.reason FROM quarantine_line q JOIN batch b ON b.id = q.batch
    JOIN peer p ON p.id = b.peer WHERE b.state = 'imported' AND (q.batch, q.part, q.line) > (?, ?, ?) ORDER BY q.batch, q.part, q.line LIMIT ?`;
  const rows = store.prepare(sql).all(row, part, line, limit + 1) as LineRow[];
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last !== undefined ? `${last.row}.${last.line}.${last.part}` : null;
  return { lines: shown.map(({ row: _row, ...each }) => each), next };
}

function cursorOf(after: string | undefined): [number, string, number] {
  if (after === undefined) return [0, "", 0];
  const [, row, line, part] = /^(\d{1,15})\.(\d{1,15})\.(.{1,40})$/.exec(after) ?? [];
  if (row === undefined || line === undefined || part === undefined) {
    throw new Refusal("bad-input", "At after: expected the `next` of the page before.");
  }
  return [Number(row), part, Number(line)];
}

/** Whose batch it is; null for one that is not here. */
export function peerOfBatch(store: Store, batch: string): string | null {
  const sql = "SELECT p.name FROM batch b JOIN peer p ON p.id = b.peer WHERE b.batch = ? AND b.own = 0";
  return (store.prepare(sql).pluck().get(batch) as string | undefined) ?? null;
}

/** The kept bytes of one refused line, for looking at. @throws Refusal `not-found` */
export function showQuarantined(store: Store, place: { batch: string; part: string; line: number }) {
  const sql = `SELECT q.reason, q.bytes, q.sha256, q.kept, q.type, q.record_id FROM quarantine_line q
    JOIN batch b ON b.id = q.batch WHERE b.batch = ? AND b.own = 0 AND b.state = 'imported' AND q.part = ? AND q.line = ?`;
  const row = store.prepare(sql).get(place.batch, place.part, place.line) as KeptRow | undefined;
  if (row === undefined) {
    throw new Refusal(
      "not-found",
      `No refused line ${place.line} of ${place.part} in batch ${place.batch} is kept here.`,
    );
  }
  return {
    reason: row.reason,
    ...lineReasonTexts[row.reason],
    bytes: row.bytes,
    text: row.kept.subarray(0, shownBytes).toString("utf8"),
    sha256: row.sha256,
    recordType: row.type,
    recordId: row.record_id,
  };
}

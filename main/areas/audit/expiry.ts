import { Refusal } from "../../../shared/errors.ts";
import type { Checkpoints } from "../../station/audit/checkpoints.ts";
import { heartbeatActions, notedTimes } from "../../station/audit/heartbeat.ts";
import { blockEvents } from "../../station/audit/nodes.ts";
import { parseSegmentText } from "../../station/audit/segment-note.ts";
import type { Kernel } from "../../station/kernel.ts";
import type { RetentionStore, SegmentRow } from "./retention-store.ts";

const dayMs = 86_400_000;

type SegmentState = "sealed" | "exported" | "expired" | "held" | "purging" | "purged";

/** When a segment may go, and why it may not. The clock can't be used to purge early or never (audit-ops 7, row 22). */
export interface Expiry {
  /** Milliseconds since 1970. */
  readonly expiresAt: (row: SegmentRow) => number;
  /** Why the clock decides nothing now; null when it may. */
  readonly clockFault: () => string | null;
  readonly stateOf: (row: SegmentRow) => SegmentState;
  /** Throws `refused` with the reason. */
  readonly expectPurgeable: (row: SegmentRow) => void;
  /** Events that say a time still to come. */
  readonly eventsAhead: () => number;
}

export function createExpiry(kernel: Kernel, checkpoints: Checkpoints, rows: RetentionStore): Expiry {
  const { audit, clock, configuration, store } = kernel;
  const retentionMs = configuration.audit.retentionDays * dayMs;

  /**
   * Time that a clock set forward pretended: steps of more than a day since the segment was sealed do not age it. What
   * happened while the station was closed can't be told from a station that was closed.
   */
  function pretendedMs(row: SegmentRow): number {
    return notedTimes(store, heartbeatActions.clockStepped, Number.MAX_SAFE_INTEGER)
      .filter(({ sequence }) => sequence > row.to_seq)
      .map(({ details }) => Number(details["seconds"]) * 1000)
      .filter((ms) => ms > dayMs)
      .reduce((sum, ms) => sum + ms, 0);
  }

  /**
   * By its seal as it was signed (a purge checks the signature), never by what single events say: an event of a clock that
   * was ahead would never expire.
   */
  function expiresAt(row: SegmentRow): number {
    const sealedAt = parseSegmentText(`${row.note.split("\n\n")[0] ?? ""}\n`)?.sealedAt ?? row.sealed_at;
    return Date.parse(sealedAt) + retentionMs + pretendedMs(row);
  }

  /** A clock behind what was already signed decides nothing. */
  function clockFault(): string | null {
    const now = clock().toISOString();
    const newest = checkpoints.newest();
    if (newest === null || newest.signedAt <= now) return null;
    return `This machine's clock says ${now}, but the log was signed at ${newest.signedAt}: the clock was set back.`;
  }

  function stateOf(row: SegmentRow): SegmentState {
    if (row.purged_at !== null) return "purged";
    if (row.purge_begun_at !== null) return "purging";
    if (rows.heldBy(row.from_seq, row.to_seq) !== null) return "held";
    if (row.exported_at === null) return "sealed";
    return clock().getTime() >= expiresAt(row) ? "expired" : "exported";
  }

  function expectPurgeable(row: SegmentRow): void {
    const refuse = (why: string, remedy: string): never => {
      throw new Refusal("refused", `Segment ${row.id} may not be purged: ${why}`, {
        safe: "Nothing was changed.",
        remedy,
      });
    };
    audit.alarms.expectNone();
    const hold = rows.heldBy(row.from_seq, row.to_seq);
    const oldest = rows.segments().find((one) => one.purged_at === null);
    if (row.purged_at !== null) refuse("it is purged already.", "List the segments: audit segments.");
    if (row.purge_begun_at !== null) refuse("its purge has begun and goes on.", "Wait for it.");
    if (hold !== null) refuse(`hold ${hold} lies on it.`, "Two persons can lift a hold: audit lift-hold.");
    if (oldest?.id !== row.id) refuse(`segment ${oldest?.id} is older.`, "Purge the oldest one first.");
    if (row.exported_at === null) refuse("it was not exported.", "Export it: audit export-segment.");
    const fault = clockFault();
    if (fault !== null) refuse(fault, "Set the clock right, then try again.");
    const at = expiresAt(row);
    if (clock().getTime() < at) {
      refuse(
        `it was sealed ${row.sealed_at} and is kept until ${new Date(at).toISOString()}.`,
        `Events are kept for ${configuration.audit.retentionDays} days (audit.retentionDays in station.json).`,
      );
    }
  }

  /** Events that say a time still to come, found through the blocks' times. */
  function eventsAhead(): number {
    const now = clock().toISOString();
    const blocks = store
      .prepare("SELECT position FROM audit_block WHERE to_at > ?")
      .pluck()
      .all(now) as number[];
    const within = store
      .prepare("SELECT count(*) FROM audit_event WHERE seq > ? AND seq <= ? AND at > ?")
      .pluck();
    const whole = Math.floor(audit.head().events / blockEvents) * blockEvents;
    return [...blocks.map((position) => position * blockEvents), whole].reduce(
      (sum, after) =>
        sum + Number(within.get(after, after === whole ? Number.MAX_SAFE_INTEGER : after + blockEvents, now)),
      0,
    );
  }

  return { expiresAt, clockFault, stateOf, expectPurgeable, eventsAhead };
}

import type { StationIdentity } from "../identity.ts";
import type { Log } from "../kernel.ts";
import type { Store } from "../store/store.ts";
import type { DetailValue, Outcome } from "./event.ts";
import type { AuditLog } from "./log.ts";

/** Says in the log when the station is there, so that silence means something. */
export interface Heartbeat {
  /** Writes `station.closed`. Before the last checkpoint is signed. */
  close(): void;
}

export interface HeartbeatDeps {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly clock: () => Date;
  /** Milliseconds that only grow, whatever is done to the clock. */
  readonly steadyMs: () => number;
  readonly founded: () => StationIdentity | null;
  readonly log: Log;
  readonly shell: string;
  /** Of this program. */
  readonly version: string;
  /** SHA-256 over its files, or null where it runs from sources. */
  readonly program: string | null;
  readonly heartbeatMinutes: number;
}

/** A beat may be late by one more interval before the log says that it was silent. */
const allowedIntervals = 2;
/**
 * Wall and steady clock may part by this much between two looks: more than slewing can do between heartbeats (500 ppm by
 * adjtimex(2): 0.45 s in 15 minutes), less than anybody would gain from.
 */
const allowedStepMs = 2000;

export const heartbeatActions = {
  opened: "station.opened",
  closed: "station.closed",
  heartbeat: "station.heartbeat",
  silent: "station.silent",
  clockStepped: "station.clock-stepped",
  programChanged: "station.program-changed",
} as const;

/**
 * Brackets the time in which the station is open, writes a heartbeat in every interval, and notes when the clock was set or
 * the log was silent for longer than it may be. Order is never decided by any of it: `sequence` alone does that.
 *
 * A failure to write is no failure of the station: whatever must be logged is refused by itself.
 */
export function openHeartbeat(deps: HeartbeatDeps): Heartbeat {
  const { audit, clock, founded, log, steadyMs, store } = deps;
  const intervalMs = deps.heartbeatMinutes * 60_000;
  let mark = { wallMs: clock().getTime(), steadyMs: steadyMs() };
  let beatAtMs = mark.steadyMs;
  const openedAtMs = mark.steadyMs;
  let timer: NodeJS.Timeout | undefined;

  function append(action: string, details: Record<string, DetailValue>, outcome: Outcome = "done"): void {
    const identity = founded();
    if (identity === null) return;
    try {
      store.write(() => audit.append({ actor: "station", action, object: identity.name, outcome, details }));
    } catch (error) {
      log.error({ action, error: String(error) }, "the station's presence could not be logged");
    }
  }

  /** How far the wall clock went ahead of the steady one since the last look, in ms; 0 within what is allowed. */
  function stepMs(): number {
    const now = { wallMs: clock().getTime(), steadyMs: steadyMs() };
    const step = now.wallMs - mark.wallMs - (now.steadyMs - mark.steadyMs);
    mark = now;
    return Math.abs(step) > allowedStepMs ? step : 0;
  }

  function lookAtClock(): void {
    const step = stepMs();
    if (step !== 0) append(heartbeatActions.clockStepped, { seconds: seconds(step), found: "while-open" });
  }

  function beat(): void {
    lookAtClock();
    const quietMs = steadyMs() - beatAtMs;
    beatAtMs = steadyMs();
    if (quietMs > allowedIntervals * intervalMs) {
      const details = { reason: "late", seconds: seconds(quietMs), after: audit.head().events };
      append(heartbeatActions.silent, details, "failed");
    }
    append(heartbeatActions.heartbeat, {
      openSeconds: seconds(steadyMs() - openedAtMs),
      everyMinutes: deps.heartbeatMinutes,
    });
    schedule();
  }

  function schedule(): void {
    timer = setTimeout(beat, intervalMs).unref();
  }

  function opened(): void {
    const last = lastEvent(store);
    const isFollowed = last !== null && wasEverOpened(store);
    const closed = last?.action === heartbeatActions.closed;
    // Behind those that ran from sources, which say nothing of a program.
    const before = notedTimes(store, heartbeatActions.opened).find(
      ({ details }) => (details["program"] ?? null) !== null,
    )?.details;
    append(heartbeatActions.opened, {
      shell: deps.shell,
      version: deps.version,
      program: deps.program,
      closedBefore: isFollowed ? closed : null,
    });
    noteProgram(before);
    if (!isFollowed) return;
    const sinceMs = mark.wallMs - Date.parse(last.at);
    if (sinceMs < -allowedStepMs) {
      append(heartbeatActions.clockStepped, { seconds: seconds(sinceMs), found: "at-open" });
    }
    if (!closed && sinceMs > allowedIntervals * intervalMs) {
      const details = { reason: "not-closed", seconds: seconds(sinceMs), after: last.seq };
      append(heartbeatActions.silent, details, "failed");
    }
  }

  /** Another program of the same version is nobody's update. */
  function noteProgram(before: NotedTime["details"] | undefined): void {
    const known = before?.["program"] ?? null;
    if (known === null || deps.program === null || known === deps.program) return;
    const versionBefore = before?.["version"] ?? null;
    const details = { before: known, now: deps.program, versionBefore, version: deps.version };
    append(heartbeatActions.programChanged, details, versionBefore === deps.version ? "failed" : "done");
  }

  opened();
  let looking: NodeJS.Immediate | undefined;
  audit.listen(() => {
    // Inside the transaction of somebody else's event: it is looked at after it.
    looking ??= setImmediate(() => {
      looking = undefined;
      lookAtClock();
    }).unref();
  });
  schedule();

  return {
    close() {
      clearTimeout(timer);
      clearImmediate(looking);
      lookAtClock();
      append(heartbeatActions.closed, { openSeconds: seconds(steadyMs() - openedAtMs) });
    },
  };
}

/** When the log was silent, or the clock was set: the newest of each, read through the index of actions. */
export interface NotedTime {
  readonly sequence: number;
  readonly at: string;
  readonly details: Readonly<Record<string, DetailValue>>;
}

const notedAtMost = 20;

export function notedTimes(store: Store, action: string, most = notedAtMost): NotedTime[] {
  const rows = store
    .prepare(
      "SELECT seq, at, CAST(leaf AS TEXT) AS leaf FROM audit_event WHERE action = ? ORDER BY seq DESC LIMIT ?",
    )
    .all(action, most) as { seq: number; at: string; leaf: string }[];
  return rows.map(({ seq, at, leaf }) => ({
    sequence: seq,
    at,
    details: (JSON.parse(leaf) as { details: NotedTime["details"] }).details,
  }));
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}

function lastEvent(store: Store): { seq: number; at: string; action: string } | null {
  const last = store.prepare("SELECT seq, at, action FROM audit_event ORDER BY seq DESC LIMIT 1").get();
  return (last as { seq: number; at: string; action: string } | undefined) ?? null;
}

/** A log that was written before presence was kept says nothing about how it was closed. */
function wasEverOpened(store: Store): boolean {
  const sql = "SELECT 1 FROM audit_event WHERE action IN (?, ?) LIMIT 1";
  return store.prepare(sql).get(heartbeatActions.opened, heartbeatActions.closed) !== undefined;
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { StationIdentity } from "../identity.ts";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import { createAuditLog, type AuditLog } from "./log.ts";
import { notedTimes, openHeartbeat, heartbeatActions, type Heartbeat } from "./heartbeat.ts";

let folder: string;
let store: Store;
let audit: AuditLog;
/** What the wall says, and what has really passed. */
let wallMs = Date.parse("2026-11-21T08:00:00.000Z");
let steady = 0;

const heartbeatMinutes = 15;
const intervalMs = heartbeatMinutes * 60_000;

beforeEach(() => {
  vi.useFakeTimers();
  wallMs = Date.parse("2026-11-21T08:00:00.000Z");
  steady = 0;
  folder = mkdtempSync(join(tmpdir(), "sallyport-presence-"));
  openLog();
});
afterEach(() => {
  store.close();
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

const clock = (): Date => new Date(wallMs);

function openLog(): void {
  store = openStore({ path: join(folder, "station.db"), backups: folder, clock });
  audit = createAuditLog(store, clock);
}

function open(program: string | null = null, version = "1.0.0"): Heartbeat {
  return openHeartbeat({
    store,
    audit,
    clock,
    steadyMs: () => steady,
    founded: () => ({ name: "low" }) as StationIdentity,
    log: { info() {}, warn() {}, error() {} },
    shell: "test",
    version,
    program,
    heartbeatMinutes,
  });
}

/** Time passes, for the wall, the steady clock and the timers alike. */
function pass(ms: number): void {
  for (let left = ms; left > 0; left -= 60_000) {
    const step = Math.min(left, 60_000);
    wallMs += step;
    steady += step;
    vi.advanceTimersByTime(step);
  }
}

const actions = (): string[] =>
  store.prepare("SELECT action FROM audit_event ORDER BY seq").pluck().all() as string[];
const noted = (action: string) => notedTimes(store, action).map(({ details }) => details);

function work(): void {
  store.write(() => audit.append({ actor: "ada", action: "a.b", object: "", outcome: "done", details: {} }));
}

describe("the heartbeat in the log", () => {
  test("is a bracket with a heartbeat in every interval", () => {
    const heartbeat = open();
    pass(2 * intervalMs + 1);
    heartbeat.close();
    expect(actions()).toEqual([
      heartbeatActions.opened,
      heartbeatActions.heartbeat,
      heartbeatActions.heartbeat,
      heartbeatActions.closed,
    ]);
    expect(noted(heartbeatActions.heartbeat)[0]).toEqual({ openSeconds: 1800, everyMinutes: 15 });
    pass(intervalMs);
    expect(actions()).toHaveLength(4);
  });

  test("a station that was closed may be silent for a year", () => {
    open().close();
    wallMs += 365 * 86_400_000;
    open();
    expect(actions()).not.toContain(heartbeatActions.silent);
    expect(actions()).not.toContain(heartbeatActions.clockStepped);
  });

  test("one that was killed and silent for long says since when", () => {
    open();
    work();
    store.close();
    wallMs += 10 * intervalMs;
    openLog();
    vi.clearAllTimers();
    open();
    expect(noted(heartbeatActions.opened)[0]).toEqual({
      shell: "test",
      version: "1.0.0",
      program: null,
      closedBefore: false,
    });
    expect(noted(heartbeatActions.silent)).toEqual([{ reason: "not-closed", seconds: 9000, after: 2 }]);
  });

  test("one that stood still says for how long", () => {
    open();
    // SIGSTOP, or a debugger: the clocks go on and no timer fires.
    wallMs += 5 * intervalMs;
    steady += 5 * intervalMs;
    vi.advanceTimersByTime(intervalMs);
    expect(noted(heartbeatActions.silent)).toEqual([{ reason: "late", seconds: 4500, after: 1 }]);
  });

  test("a log from before presence was kept is not blamed", () => {
    work();
    wallMs += 10 * intervalMs;
    open();
    expect(actions()).toEqual(["a.b", heartbeatActions.opened]);
  });
});

describe("a clock that was set", () => {
  test.each([
    ["forward", 7_200_000],
    ["back", -7_200_000],
  ])("%s while the station was open is an event with its size", (_way, stepMs) => {
    open();
    wallMs += stepMs;
    work();
    vi.advanceTimersByTime(1);
    expect(noted(heartbeatActions.clockStepped)).toEqual([{ seconds: stepMs / 1000, found: "while-open" }]);
    pass(intervalMs);
    expect(noted(heartbeatActions.clockStepped)).toHaveLength(1);
  });

  test("back while it was closed is seen at the next start, against the last event", () => {
    open().close();
    wallMs -= 3_600_000;
    open();
    expect(noted(heartbeatActions.clockStepped)).toEqual([{ seconds: -3600, found: "at-open" }]);
  });

  test("by slewing is none", () => {
    open();
    for (let beat = 0; beat < 4; beat += 1) {
      wallMs += 400;
      pass(intervalMs);
    }
    expect(actions()).not.toContain(heartbeatActions.clockStepped);
  });

  test("never decides order", async () => {
    open();
    for (const hours of [3, -9, 1, -30]) {
      wallMs += hours * 3_600_000;
      work();
      vi.advanceTimersByTime(1);
    }
    const rows = store.prepare("SELECT seq, at FROM audit_event ORDER BY seq").all() as {
      seq: number;
      at: string;
    }[];
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_, at) => at + 1));
    expect(rows.map((row) => row.at)).not.toEqual(rows.map((row) => row.at).toSorted());
    expect(await audit.verify()).toMatchObject({ ok: true, firstBad: null });
  });
});

test("a program that is another one is noted, and is failed where its version is the same", () => {
  const changed = (): unknown[] =>
    store
      .prepare("SELECT CAST(leaf AS TEXT) ->> 'outcome' FROM audit_event WHERE action = ? ORDER BY seq")
      .pluck()
      .all(heartbeatActions.programChanged);
  for (const program of ["a1", "a1", null]) open(program).close();
  expect(changed()).toEqual([]);
  open("b2", "1.1.0").close();
  open("c3", "1.1.0").close();
  expect(changed()).toEqual(["done", "failed"]);
  expect(notedTimes(store, heartbeatActions.programChanged)[0]?.details).toEqual({
    before: "b2",
    now: "c3",
    versionBefore: "1.1.0",
    version: "1.1.0",
  });
});

import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import type { StationIdentity } from "../identity.ts";
import type { Log } from "../kernel.ts";
import type { Keyring } from "../keys/keyring.ts";
import type { Store } from "../store/store.ts";
import type { AlarmKind } from "./alarms.ts";
import { checkpointText, logOrigin, openNote, parseCheckpointText, type Checkpoint } from "./checkpoint.ts";
import type { Checkpoints } from "./checkpoints.ts";
import { readHeadFile, writeHeadFile } from "./head-file.ts";
import type { AuditLog } from "./log.ts";

/** Keeps the log's head outside the database and signs checkpoints while the station is open. */
export interface AuditGuard {
  /** Writes the last head and signs the last checkpoint. Before the keys are wiped and the database is closed. */
  close(): void;
}

export interface GuardDeps {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly checkpoints: Checkpoints;
  readonly keyring: Keyring;
  readonly clock: () => Date;
  readonly log: Log;
  readonly founded: () => StationIdentity | null;
  /** The station's folder `audit/`. */
  readonly folder: string;
}

/**
 * The head is written this long after the first commit that it lacks. Written with each commit it would cost a second sync
 * (7.1 to 4.4 thousand events a second, research/audit-ops.md 2.1); so it costs four syncs a second at most, and what can
 * go unnoticed is the loss of a quarter of a second.
 */
const headDelayMs = 250;
/** A checkpoint is signed after so many events or so long after the last, whichever comes first, never while locked. */
const checkpointEvents = 1000;
const checkpointDelayMs = 60_000;

export const headFileName = "head";

/**
 * Compares the log with the head that was remembered outside the database, raises an alarm where they differ, and from then
 * on remembers each new head. An alarm keeps the evidence, stands in the log, and closes every change.
 */
export function openAuditGuard(deps: GuardDeps): AuditGuard {
  const { audit, checkpoints, clock, founded, folder, keyring, log, store } = deps;
  const path = join(folder, headFileName);
  const noted = store.prepare("UPDATE audit_standing SET head_file = 1 WHERE head_file = 0");
  let written = -1;
  let headTimer: NodeJS.Timeout | undefined;
  let checkpointTimer: NodeJS.Timeout | undefined;

  function writeHead(): void {
    clearTimeout(headTimer);
    headTimer = undefined;
    const identity = founded();
    const { events: size, root } = audit.head();
    if (identity === null || size === written) return;
    try {
      const origin = logOrigin(identity.id, identity.lineage);
      const text = checkpointText({ origin, size, root: Buffer.from(root, "hex") });
      writeHeadFile(path, { at: clock().toISOString(), text, note: signedNow(size) });
      written = size;
      store.write(() => noted.run());
    } catch (error) {
      // A full disk stops nothing here: the next commit tries again, and the next start compares with an older head.
      log.warn({ path, error: String(error) }, "the log's head could not be written");
    }
  }

  /** The newest checkpoint where it is of this size: signing happens there alone. */
  function signedNow(size: number): string | null {
    const newest = checkpoints.newest();
    return newest?.size === size ? newest.note : null;
  }

  function sign(): void {
    clearTimeout(checkpointTimer);
    checkpointTimer = undefined;
    if (founded() === null || !keyring.unlocked || audit.alarms.open().length > 0) return;
    try {
      checkpoints.make();
    } catch (error) {
      log.error({ error: String(error) }, "no checkpoint could be signed");
    }
  }

  function tick(): void {
    const newest = founded() === null ? null : checkpoints.newest();
    if (audit.head().events - (newest?.size ?? 0) >= checkpointEvents) sign();
    writeHead();
  }

  if (founded() !== null) checkAtOpen(deps, path);

  audit.listen(() => {
    headTimer ??= setTimeout(tick, headDelayMs).unref();
    checkpointTimer ??= setTimeout(sign, checkpointDelayMs).unref();
  });
  // The first start of a station that had no head file, and each start after a commit that was too late for it.
  writeHead();

  return {
    close() {
      sign();
      writeHead();
    },
  };
}

function checkAtOpen(deps: GuardDeps, path: string): void {
  const { audit, store } = deps;
  const fault = treeFault(deps) ?? headFault(deps, path);
  if (fault === null) return;
  const at = deps.clock().toISOString();
  const kept = keepEvidence(deps, path, at);
  const alarm = { ...fault, evidence: { ...fault.evidence, kept }, raisedAt: at };
  deps.log.error({ reason: fault.kind }, fault.sentence);
  if (audit.alarms.open().some((one) => one.kind === fault.kind && one.sentence === fault.sentence)) return;
  store.write(() => audit.alarms.raise(alarm));
  try {
    store.write(() => {
      audit.append({
        actor: "station",
        action: "audit.alarm-raised",
        object: fault.kind,
        outcome: "failed",
        details: alarm.evidence,
      });
    });
  } catch (error) {
    // Rows are missing at the end: nothing can be appended, and every operation that would is refused.
    deps.log.error({ error: String(error) }, "an alarm could not be written into the log");
  }
}

interface Fault {
  readonly kind: AlarmKind;
  readonly sentence: string;
  readonly evidence: Readonly<Record<string, string | number | null>>;
}

/** What makes the table append-only (migration 1). They stop our own mistakes; that they are gone shows another's. */
const guardNames = ["audit_event_append", "audit_event_no_update", "audit_event_no_delete"] as const;
const guardCount = `SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND name IN ('${guardNames.join("', '")}')`;

/** The rows end where the head says, and the stored tree leads to its root: a few reads, whatever the size. */
function treeFault({ audit, store }: GuardDeps): Fault | null {
  const { events, root } = audit.head();
  const last = Number(store.prepare("SELECT ifnull(max(seq), 0) FROM audit_event").pluck().get());
  const evidence = { events, root, rows: last };
  if (last !== events) {
    const sentence = `The log's head counts ${events} events, and the last event that is there has number ${last}. Rows were removed or put in.`;
    return { kind: "tree-broken", sentence, evidence };
  }
  const guards = Number(store.prepare(guardCount).pluck().get());
  if (guards !== guardNames.length) {
    const sentence = `The database lacks ${guardNames.length - guards} of the ${guardNames.length} triggers that keep the log append-only. Somebody changed it by other means.`;
    return { kind: "tree-broken", sentence, evidence };
  }
  if (events === 0 || rootOf(audit, events) === root) return null;
  const sentence = `The last events of the log or its stored tree are not what its head says, at ${events} events. Rows were changed.`;
  return { kind: "tree-broken", sentence, evidence };
}

function rootOf(audit: AuditLog, size: number): string | null {
  try {
    return audit.tree.rootAt(size).toString("hex");
  } catch {
    return null;
  }
}

function headFault(deps: GuardDeps, path: string): Fault | null {
  const { audit, founded, store } = deps;
  const identity = founded();
  const { events, root } = audit.head();
  const content = readHeadFile(path);
  const expected = store.prepare("SELECT head_file FROM audit_standing").pluck().get() === 1;
  if (content.state === "missing") {
    if (!expected) return null;
    const sentence = `The file ${path} is gone, which remembers where the log had been. An older copy of the database could not be told now.`;
    return { kind: "head-missing", sentence, evidence: { events, root } };
  }
  const head = content.state === "read" ? checkedHead(deps, content.head) : null;
  if (head === null || identity === null || head.origin !== logOrigin(identity.id, identity.lineage)) {
    const sentence = `The file ${path} is damaged or of another log. An older copy of the database could not be told now.`;
    return { kind: "head-unreadable", sentence, evidence: { events, root } };
  }
  const remembered = { events, root, remembered: head.size, rememberedRoot: head.root.toString("hex") };
  if (head.size > events) {
    const sentence = `The log ends at event ${events}, but it had reached event ${head.size}. Its end was cut off, or an older copy of the station was put back.`;
    return { kind: "log-shorter", sentence, evidence: remembered };
  }
  if (head.size > 0 && rootOf(audit, head.size) !== head.root.toString("hex")) {
    const sentence = `The first ${head.size} events of the log are not the ones that were there. An older copy of the station was put back and went on, or events were changed.`;
    return { kind: "log-other", sentence, evidence: remembered };
  }
  return null;
}

/** The remembered head; null when a signature on it is there and doesn't hold. */
function checkedHead(
  { checkpoints }: GuardDeps,
  head: { text: string; note: string | null },
): Checkpoint | null {
  if (head.note !== null) {
    const opened = openNote(head.note, checkpoints.everyKey());
    if (!opened.ok || opened.text !== head.text) return null;
  }
  return parseCheckpointText(head.text);
}

/** Copies the head file before it is written again. Returns where, or null. */
function keepEvidence({ folder }: GuardDeps, path: string, at: string): string | null {
  if (!existsSync(path)) return null;
  const kept = join(folder, `head-at-alarm-${at.replaceAll(/[:.]/g, "-")}`);
  copyFileSync(path, kept);
  return kept;
}

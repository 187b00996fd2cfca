import { statfsSync } from "node:fs";
import { Refusal } from "../../../shared/errors.ts";
import type { Configuration } from "../../station/configuration.ts";
import type { AuditLog } from "../../station/audit/log.ts";
import type { Changes } from "../../station/changes.ts";
import type { DiskSpace, Log } from "../../station/kernel.ts";
import type { Store } from "../../station/store/store.ts";

/** From the best to the worst. `stop`: nothing that takes room in bulk; `read-only`: nothing but what saves the station. */
export const diskLevels = ["ok", "warn", "stop", "read-only"] as const;
export type DiskLevel = (typeof diskLevels)[number];

export interface DiskStanding extends DiskSpace {
  readonly level: DiskLevel;
  /** Below these the level begins. */
  readonly warnBytes: number;
  readonly stopBytes: number;
  readonly readOnlyBytes: number;
}

const mebibyte = 2 ** 20;

/**
 * Shares of the disk, so that a small one is not closed from the start: AU-4 asks for a warning at 75 % and 90 % used
 * (research/audit-ops.md 5); a quarter of the last tenth is left for the log. On a large disk the configured bytes are
 * less and hold: 20, 8 and 2 GiB (mock/station), a batch of the largest sort with its spool each.
 */
const shares = { warn: 0.25, stop: 0.1, readOnly: 0.025 };

/** A level is left only when this much more than its threshold is free: a disk at the edge must not flicker. */
const hysteresis = 1.1;

export function thresholds(
  totalBytes: number,
  { warnMiB, stopMiB, readOnlyMiB }: Configuration["disk"],
): { warnBytes: number; stopBytes: number; readOnlyBytes: number } {
  const least = (share: number, mib: number): number =>
    Math.floor(Math.min(share * totalBytes, mib * mebibyte));
  return {
    warnBytes: least(shares.warn, warnMiB),
    stopBytes: least(shares.stop, stopMiB),
    readOnlyBytes: least(shares.readOnly, readOnlyMiB),
  };
}

/** The level of so much free space, coming from another level. */
export function levelOf(
  freeBytes: number,
  limits: ReturnType<typeof thresholds>,
  before: DiskLevel,
): DiskLevel {
  const begins = [limits.warnBytes, limits.stopBytes, limits.readOnlyBytes];
  let level = 0;
  for (const [index, limit] of begins.entries()) {
    const wasIn = diskLevels.indexOf(before) >= index + 1;
    if (freeBytes < limit * (wasIn ? hysteresis : 1)) level = index + 1;
  }
  return diskLevels[level] ?? "ok";
}

export interface DiskGuard {
  standing(): DiskStanding;
  /** Throws `no-room` for an operation that must wait on this level. */
  expectRoom(operation: string): void;
  close(): void;
}

export interface DiskGuardDeps {
  readonly directory: string;
  readonly configuration: Configuration;
  readonly store: Store;
  readonly audit: AuditLog;
  readonly changes: Changes;
  readonly log: Log;
  readonly founded: () => unknown;
  /** What the system says; a test holds it. */
  readonly diskSpace?: ((folder: string) => DiskSpace) | undefined;
}

/** Take room in bulk, in the database or the spool. */
const takesRoom: ReadonlySet<string> = new Set([
  "transfer.export",
  "transfer.import",
  "requests.submit",
  "requests.run",
  "documents.load",
  "uploads.begin",
  "uploads.append",
]);

/** What a station that is read-only still does: people come and go, agree, shut others out, stop work, save the data. */
const savesTheStation: ReadonlySet<string> = new Set([
  "session",
  "approvals",
  "recovery",
  "audit",
  "station.backup",
  "station.checkBackup",
  "station.identity",
  "operators.disable",
  "operators.remove",
  "peers.revoke",
  "transfer.cancel",
]);

/** The kernel is asked so often at most while calls come, and once in a while when none does. */
const keptMs = 1000;
const lookMs = 15_000;

export function createDiskGuard(deps: DiskGuardDeps): DiskGuard {
  const space = deps.diskSpace ?? systemSpace;
  let level: DiskLevel = "ok";
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let last: DiskStanding | undefined;

  function look(): DiskStanding {
    const now = performance.now();
    if (last !== undefined && deps.diskSpace === undefined && now - lookedAtMs < keptMs) return last;
    lookedAtMs = now;
    const found = space(deps.directory);
    const limits = thresholds(found.totalBytes, deps.configuration.disk);
    const next = levelOf(found.freeBytes, limits, level);
    last = { ...found, ...limits, level: next };
    if (next !== level) change(level, last);
    level = next;
    return last;
  }

  function change(from: DiskLevel, to: DiskStanding): void {
    deps.changes.publish("station", "audit");
    if (deps.founded() === null) return;
    try {
      deps.store.write(() => {
        deps.audit.append({
          actor: "system",
          action: "station.disk-level",
          object: to.level,
          outcome: diskLevels.indexOf(to.level) > diskLevels.indexOf(from) ? "failed" : "done",
          details: { from, freeBytes: to.freeBytes, totalBytes: to.totalBytes },
        });
      });
    } catch (error) {
      // The level holds whether or not the log could take it; the reserve is what lets it.
      deps.log.warn({ error: String(error) }, "the level of the disk could not be logged");
    }
  }

  const timer = setInterval(look, lookMs).unref();

  return {
    standing: look,
    expectRoom(operation) {
      const { level: present, freeBytes, stopBytes, readOnlyBytes } = look();
      const stops = present === "stop" && takesRoom.has(operation);
      const area = operation.split(".")[0] ?? "";
      const closes = present === "read-only" && !savesTheStation.has(operation) && !savesTheStation.has(area);
      if (!stops && !closes) return;
      const below = closes ? readOnlyBytes : stopBytes;
      throw new Refusal(
        "no-room",
        closes
          ? `The station's disk has ${inMiB(freeBytes)} free: below ${inMiB(below)} the station is read-only.`
          : `The station's disk has ${inMiB(freeBytes)} free: below ${inMiB(below)} nothing is exported, imported or submitted.`,
        {
          path: deps.directory,
          safe: "Nothing was changed. What is in the station stays readable, and a backup can still be made.",
          remedy: "Free space on the disk of the station directory; it opens again by itself.",
        },
      );
    },
    close: () => clearInterval(timer),
  };
}

function inMiB(bytes: number): string {
  return bytes >= 1024 * mebibyte
    ? `${(bytes / (1024 * mebibyte)).toFixed(1)} GiB`
    : `${Math.floor(bytes / mebibyte)} MiB`;
}

export function systemSpace(folder: string): DiskSpace {
  const { bavail, blocks, bsize } = statfsSync(folder);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

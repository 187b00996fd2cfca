import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { Refusal } from "../../shared/errors.ts";
import type { StationPaths } from "./paths.ts";
import { takeLock, type StationLock } from "./store/lock.ts";

/** Who holds a station, for people and for attaching: run/holder.json. The lock itself is the kernel's. */
export interface Holder {
  readonly shell: string;
  readonly pid: number;
  /** UTC. */
  readonly since: string;
  readonly user: string;
}

/** Takes the station's lock and leaves a note who has it. Throws `held-elsewhere` with the other's note. */
export function holdStation(paths: StationPaths, shell: string, now: Date): StationLock {
  const lock = takeLock(paths.lock);
  if (lock === null) {
    const holder = describeHolder(readHolder(paths));
    throw new Refusal("held-elsewhere", `The station in ${paths.root} is held by ${holder}.`, {
      holder,
      remedy: "Use it there, or close it there and try again.",
    });
  }
  const note: Holder = { shell, pid: process.pid, since: now.toISOString(), user: userInfo().username };
  try {
    writeFileSync(paths.holder, `${JSON.stringify(note)}\n`, { mode: 0o600 });
  } catch (error) {
    // On a full disk the opening is tried again, in this process.
    lock.release();
    throw error;
  }
  return {
    release() {
      // The note first: once the lock is free, a new holder may have written its own.
      rmSync(paths.holder, { force: true });
      lock.release();
    },
  };
}

/** The note of whoever holds the station; undefined where there is none, or none that can be read. */
export function readHolder(paths: StationPaths): Holder | undefined {
  try {
    return JSON.parse(readFileSync(paths.holder, "utf8")) as Holder;
  } catch {
    return undefined;
  }
}

export function describeHolder(holder: Holder | undefined): string {
  if (holder === undefined) return "another process that left no note";
  return `${holder.shell} of user ${holder.user} (process ${holder.pid}, since ${holder.since})`;
}

import { Refusal } from "../../../shared/errors.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import type { RecoveryStore } from "./store.ts";

/** A wrong share may be a mixed-up envelope. */
const freeTries = 1;
const longestSeconds = 15 * 60;
/** So many in a row are no mix-up: from then on one try a day. Never shut for good: behind it is the last way in. */
const triesBeforeDay = 20;
const daySeconds = 24 * 3600;

/** Seconds until shares are looked at again, after so many wrong tries in a row: 0, 1, 2, 4 … 900, then a day. */
export function recoveryWaitSeconds(failures: number): number {
  if (failures <= freeTries) return 0;
  if (failures >= triesBeforeDay) return daySeconds;
  return Math.min(2 ** (failures - freeTries - 1), longestSeconds);
}

export interface RecoveryDoor {
  /** Throws `wait` while the door waits. */
  expectOpen(): void;
  /** Counts a wrong try, with its event, and throws the refusal on with the wait that it made. */
  refuse(error: unknown, call: Call, operator: string): never;
  waitSeconds(): number;
}

/** The wait that wrong shares make longer, across restarts. */
export function createRecoveryDoor(kernel: Kernel, rows: RecoveryStore): RecoveryDoor {
  function waitSeconds(): number {
    const { failures, wait_until: until } = rows.door();
    if (until === null) return 0;
    const seconds = Math.ceil((Date.parse(until) - kernel.clock().getTime()) / 1000);
    // A clock that was set back must not shut the last way in for years.
    return Math.min(Math.max(0, seconds), recoveryWaitSeconds(failures));
  }

  return {
    waitSeconds,
    expectOpen() {
      const seconds = waitSeconds();
      if (seconds === 0) return;
      throw new Refusal("wait", `Too many wrong shares. The next ones are looked at in ${seconds} s.`, {
        seconds,
      });
    },
    refuse(error, call, operator) {
      // A mistyped line was never held against anything: it is neither counted nor logged.
      if (!(error instanceof Refusal) || error.code !== "refused") throw error;
      const failures = rows.door().failures + 1;
      const seconds = recoveryWaitSeconds(failures);
      const until = seconds === 0 ? null : new Date(kernel.clock().getTime() + seconds * 1000).toISOString();
      // Not through the call's own commit: the call is refused, and must not count as done.
      kernel.store.write(() => {
        rows.setDoor(failures, until);
        kernel.audit.append({
          actor: "nobody",
          action: "recovery.refused",
          object: operator,
          outcome: "refused",
          details: {
            reason: error.facts.reason ?? null,
            failures,
            waitSeconds: seconds,
            face: call.connection.face,
          },
        });
      });
      kernel.changes.publish("recovery", "audit");
      const wait = seconds === 0 ? "" : ` The next try is looked at in ${seconds} s.`;
      throw new Refusal("refused", `${error.message}${wait}`, { ...error.facts, seconds }, { cause: error });
    },
  };
}

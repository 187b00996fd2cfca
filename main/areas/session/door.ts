import { Refusal } from "../../../shared/errors.ts";
import { argon2idFloor, type Argon2idCost } from "../../station/crypto/password.ts";
import type { AppendEvent, Call, Kernel } from "../../station/kernel.ts";
import {
  openOperatorKeys,
  spendPassphrase,
  type OperatorKeyRow,
  type OperatorSecrets,
} from "../../station/keys/operator-keys.ts";
import { isActive, mayAdminister } from "../../station/keys/standing.ts";
import type { KeyStore, OperatorRow } from "../../station/keys/store.ts";
import { checkFactor, type FactorCheck } from "./factor.ts";
import { wrongCodesToDisable } from "./profile.ts";
import type { FactorStore } from "./store.ts";

/** What somebody gives at a door. */
export interface Given {
  readonly passphrase: string;
  /** Of the second factor, or a recovery code. */
  readonly code?: string | undefined;
}

/** Somebody who gave what is theirs. */
export interface Proof {
  readonly row: OperatorRow;
  readonly key: OperatorKeyRow & { readonly version: number };
  readonly secrets: OperatorSecrets;
  /** Inside the transaction of what it was given for: the code is spent there, or the transaction fails. */
  settle(event: AppendEvent): void;
  wipe(): void;
}

export interface Door {
  waitSeconds(row: OperatorRow): number;
  /** Throws `refused` or `wait`, counted and logged; `wrong` says what did not fit. */
  open(name: string, given: Given, call: Call, wrong: string, factor: "asked" | "passed"): Proof;
}

/**
 * The one place where a passphrase is looked at. Whoever is asked for, known, disabled or not, costs one run of
 * Argon2id and gets one sentence.
 */
export function createDoor(
  kernel: Kernel,
  keys: KeyStore,
  factors: FactorStore,
  onLocked: (name: string) => void,
): Door {
  const now = () => kernel.clock();

  function waitSeconds(row: OperatorRow): number {
    if (row.wait_until === null) return 0;
    const seconds = Math.ceil((Date.parse(row.wait_until) - now().getTime()) / 1000);
    // A clock that was set back, as by an empty battery, must not lock an operator out for years.
    return Math.min(Math.max(0, seconds), factors.profile().waitAfter(row.failures));
  }

  function refuseWhileWaiting(row: OperatorRow | undefined): void {
    const seconds = row === undefined ? 0 : waitSeconds(row);
    if (seconds === 0) return;
    const sentence = `Too many wrong passphrases. The next try is looked at in ${seconds} s.`;
    throw new Refusal("wait", sentence, { seconds });
  }

  /** What a passphrase costs here: that of the operators there are, or a stranger's name would answer sooner. */
  function usualCost(): Argon2idCost {
    const [first] = keys.operators().filter(isActive);
    const key = first === undefined ? undefined : keys.operatorKey(first.id);
    return key === undefined ? argon2idFloor : { memoryKiB: key.memory_kib, passes: key.passes };
  }

  function unlock(row: OperatorRow | undefined, passphrase: string) {
    const key = row === undefined || !isActive(row) ? undefined : keys.operatorKey(row.id);
    if (row === undefined || key === undefined) {
      spendPassphrase(passphrase, usualCost());
      return null;
    }
    const secrets = openOperatorKeys(row.name, key.version, passphrase, key);
    return secrets === null ? null : { row, key, secrets };
  }

  /** The last administrator is never disabled: nobody could enable them. They wait. */
  function disables(row: OperatorRow): boolean {
    return (
      !mayAdminister(row) || keys.operators().some((other) => other.id !== row.id && mayAdminister(other))
    );
  }

  function refuse(
    row: OperatorRow | undefined,
    name: string,
    call: Call,
    sentence: string,
    wrongCode: boolean,
  ): never {
    const profile = factors.profile();
    const failures = (row?.failures ?? 0) + 1;
    const seconds = profile.waitAfter(failures);
    const until = seconds === 0 ? null : new Date(now().getTime() + seconds * 1000).toISOString();
    const codes = row === undefined || !wrongCode ? 0 : (factors.find(row.id)?.failures ?? 0) + 1;
    const locks =
      row !== undefined &&
      isActive(row) &&
      (failures >= profile.lockAfter || codes >= wrongCodesToDisable) &&
      disables(row);
    // Not through the call's own commit: a wrong passphrase must not use up what the call was agreed to.
    kernel.store.write(() => {
      if (row !== undefined) keys.signInFailed(row.id, until);
      if (row !== undefined && wrongCode) factors.failed(row.id);
      kernel.audit.append({
        actor: "nobody",
        action: "session.sign-in-refused",
        object: row === undefined ? "unknown operator" : name,
        outcome: "refused",
        details: { failures, waitSeconds: seconds, face: call.connection.face, wrongCode },
      });
      if (!locks) return;
      keys.disable(row.id, now().toISOString(), "too many wrong tries");
      const details = { failures, codes };
      kernel.audit.append({
        actor: "system",
        action: "operators.locked",
        object: name,
        outcome: "done",
        details,
      });
    });
    if (locks) onLocked(name);
    kernel.changes.publish("session", "operators", "audit");
    const wait = seconds === 0 ? "" : ` The next try is looked at in ${seconds} s.`;
    throw new Refusal("refused", `${sentence}${wait}`, { seconds });
  }

  return {
    waitSeconds,
    open(name, given, call, wrong, factor) {
      const row = keys.operator(name);
      refuseWhileWaiting(row);
      const opened = unlock(row, given.passphrase);
      if (opened === null) return refuse(row, name, call, wrong, false);
      const wipe = () => {
        opened.secrets.box.fill(0);
        opened.secrets.approval.fill(0);
      };
      const check: FactorCheck =
        factor === "passed" ? { outcome: "none" } : checkFactor(factors, opened, given.code, now());
      if (check.outcome === "missing") {
        wipe();
        throw new Refusal("refused", `${name} has a second factor: give its code as well.`, {
          reason: "second-factor",
          remedy: "Take the code from your device, or use a recovery code.",
        });
      }
      if (check.outcome === "wrong") {
        wipe();
        return refuse(row, name, call, wrong, true);
      }
      return {
        ...opened,
        wipe,
        settle(event) {
          if (check.outcome !== "right") return;
          if (!check.spend(now().toISOString())) {
            throw new Refusal(
              "refused",
              "This code was used a moment ago. Each opens once; wait for the next.",
            );
          }
          if (check.recoveryCodesLeft === undefined) return;
          event({
            actor: name,
            action: "session.recovery-code-used",
            object: name,
            details: { left: check.recoveryCodesLeft },
          });
        },
      };
    },
  };
}

import type { contract } from "../../../shared/contract/contract.ts";
import { Refusal } from "../../../shared/errors.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import { openGrant, openOperatorKeys, spendPassphrase } from "../../station/keys/operator-keys.ts";
import { argon2idFloor, type Argon2idCost } from "../../station/crypto/password.ts";
import { randomHex } from "../../station/crypto/random.ts";
import type { Connection } from "../../station/pipeline/connection.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import type { KeyStore, OperatorRow } from "../../station/keys/store.ts";
import { version } from "../../station/version.ts";
import { waitAfter } from "./wait.ts";

export interface SessionService {
  readonly handlers: AreaHandlers<typeof contract.session>;
  /** Ends the session of a connection that was closed; wipes the keys after the last one. */
  ended(connection: Connection): void;
  /**
   * Throws `refused` unless this is the caller's passphrase, and counts as a wrong sign-in does: for steps that
   * ask for it again.
   */
  confirm(passphrase: string, call: Call): void;
}

/**
 * Sessions live on connections. The master key is unlocked by the first and wiped after the last, but
 * not while started work still needs it.
 */
export function createSessionService(kernel: Kernel, keys: KeyStore, busy: () => boolean): SessionService {
  const open = new Set<Connection>();

  function cost(): Argon2idCost {
    return kernel.passwordHash ?? argon2idFloor;
  }

  function waitSeconds(row: OperatorRow): number {
    if (row.wait_until === null) return 0;
    const seconds = Math.ceil((Date.parse(row.wait_until) - kernel.clock().getTime()) / 1000);
    // A clock that was set back, as by an empty battery, must not lock an operator out for years.
    return Math.min(Math.max(0, seconds), waitAfter(row.failures));
  }

  /** The operator's secrets, or a refusal that took as long and tells nothing about the name. */
  function unlock(row: OperatorRow | undefined, passphrase: string) {
    const key = row === undefined || row.state !== "active" ? undefined : keys.operatorKey(row.id);
    if (row === undefined || key === undefined) {
      spendPassphrase(passphrase, cost());
      return null;
    }
    const secrets = openOperatorKeys(row.name, key.version, passphrase, key);
    return secrets === null ? null : { key, secrets };
  }

  function refuseWhileWaiting(row: OperatorRow | undefined): void {
    const seconds = row === undefined ? 0 : waitSeconds(row);
    if (seconds === 0) return;
    const sentence = `Too many wrong passphrases. The next try is looked at in ${seconds} s.`;
    throw new Refusal("wait", sentence, { seconds });
  }

  /** Counts a wrong passphrase, logs it and refuses; `sentence` says what was wrong. */
  function refuse(row: OperatorRow | undefined, name: string, call: Call, sentence: string): never {
    const failures = (row?.failures ?? 0) + 1;
    const seconds = waitAfter(failures);
    const until = seconds === 0 ? null : new Date(kernel.clock().getTime() + seconds * 1000).toISOString();
    call.commit((event) => {
      if (row !== undefined) keys.signInFailed(row.id, until);
      event({
        actor: "nobody",
        action: "session.sign-in-refused",
        object: row === undefined ? "unknown operator" : name,
        outcome: "refused",
        details: { failures, waitSeconds: seconds, face: call.connection.face },
      });
    });
    kernel.changes.publish("session");
    const wait = seconds === 0 ? "" : ` The next try is looked at in ${seconds} s.`;
    throw new Refusal("refused", `${sentence}${wait}`, { seconds });
  }

  function close(connection: Connection): void {
    connection.session = null;
    open.delete(connection);
    if (open.size === 0 && !busy()) kernel.keyring.lock();
  }

  // Work that outlived its session needs the keys until it ends.
  kernel.changes.listen(() => {
    if (open.size === 0 && !busy()) kernel.keyring.lock();
  });

  return {
    handlers: {
      state(_input, call) {
        const { session } = call.connection;
        const founded = kernel.founded();
        const operators = founded === null ? [] : keys.operators();
        const waits = operators.map(waitSeconds);
        return {
          phase: founded === null ? "empty" : session === null ? "locked" : "open",
          station:
            founded === null
              ? null
              : { name: founded.name, side: founded.side, people: founded.people, station: founded.id },
          directory: kernel.directory,
          operator: session === null ? null : { name: session.operator, roles: [...session.roles] },
          operators: operators.map((row) => row.name),
          waitSeconds: Math.max(0, ...waits),
          failures: operators.reduce((sum, row) => sum + row.failures, 0),
          version,
        };
      },

      signIn(input, call) {
        kernel.identity();
        const name = input.operator ?? onlyOperator(keys.operators());
        const row = keys.operator(name);
        refuseWhileWaiting(row);
        const opened = unlock(row, input.passphrase);
        if (row === undefined || opened === null) {
          return refuse(row, name, call, "This operator and passphrase do not belong together.");
        }

        const masters = new Map<number, Buffer>();
        for (const grant of keys.grants(row.id)) {
          masters.set(
            grant.master_version,
            openGrant(grant.sealed, opened.key.box_public, opened.secrets.box),
          );
        }
        const roles = readRoles(row.roles);
        const at = kernel.clock().toISOString();
        // First: a sign-in that can't be logged opens nothing.
        call.commit((event) => {
          keys.signedIn(row.id, at);
          const details = { face: call.connection.face };
          event({ actor: row.name, action: "session.signed-in", object: row.name, details });
        });
        if (!kernel.keyring.unlocked) kernel.keyring.unlock(masters);
        call.connection.session = { id: randomHex(16), operator: row.name, roles };
        open.add(call.connection);
        kernel.changes.publish("session");
        return {
          operator: { name: row.name, roles },
          previousSignInAt: row.signed_in_at,
          failuresSince: row.failures,
        };
      },

      signOut(_input, call) {
        const { session } = call.connection;
        if (session === null) throw new Refusal("not-signed-in", "Nobody is signed in here.");
        call.commit((event) => event({ action: "session.signed-out", object: session.operator }));
        close(call.connection);
        kernel.changes.publish("session");
        return {};
      },
    },

    ended: close,

    confirm(passphrase, call) {
      const row = keys.operator(call.operator);
      refuseWhileWaiting(row);
      if (unlock(row, passphrase) === null) {
        refuse(row, call.operator, call, "This is not your passphrase. Nothing was handed out.");
      }
    },
  };
}

function onlyOperator(rows: readonly OperatorRow[]): string {
  const [first, second] = rows;
  if (first !== undefined && second === undefined) return first.name;
  throw new Refusal("bad-input", "At operator: this station has several operators; say which one signs in.", {
    path: "operator",
  });
}

/** Unknown roles in stored data stay in the list and allow nothing. */
function readRoles(text: string): string[] {
  const value: unknown = JSON.parse(text);
  return Array.isArray(value) ? value.filter((role) => typeof role === "string") : [];
}

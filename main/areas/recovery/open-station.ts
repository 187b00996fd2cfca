import { Refusal } from "../../../shared/errors.ts";
import { randomBytes } from "../../station/crypto/random.ts";
import { CannotOpenError } from "../../station/crypto/seal.ts";
import type { AppendEvent, Call, Kernel } from "../../station/kernel.ts";
import { Keyring } from "../../station/keys/keyring.ts";
import { makeOperatorKeys, openGrant, type OperatorKeyRow } from "../../station/keys/operator-keys.ts";
import { passphraseCost } from "../../station/keys/passphrase-cost.ts";
import { rekey } from "../../station/keys/rekey.ts";
import { isActive, mayAdminister, mayApprove } from "../../station/keys/standing.ts";
import type { KeyStore, OperatorRow } from "../../station/keys/store.ts";
import type { RecoverySetRow, RecoveryStore } from "./store.ts";

/** Somebody who gets a new passphrase. */
export interface Recovered {
  readonly name: string;
  readonly row: OperatorRow | undefined;
  readonly keyVersion: number;
  readonly key: OperatorKeyRow;
}

/** The master keys that the set's private half opens. Throws `refused` when the stored grants were changed. */
export function openGrants(keys: KeyStore, set: RecoverySetRow, secret: Buffer): Map<number, Buffer> {
  const grants = keys.recoveryGrants(set.number);
  try {
    if (grants.length === 0) throw new CannotOpenError("there is none");
    return new Map(
      grants.map((grant) => [grant.master_version, openGrant(grant.sealed, set.box_public, secret)]),
    );
  } catch (cause) {
    if (!(cause instanceof CannotOpenError)) throw cause;
    throw new Refusal(
      "refused",
      "The shares are right, but what is sealed to them in this directory was changed or taken out. Nothing was opened.",
      {
        reason: "grant-damaged",
        safe: "The shares stay good for a copy of the directory that was not changed.",
        remedy: "Keep this directory as evidence and open the newest backup of it with the same shares.",
      },
      { cause },
    );
  }
}

/** Makes the new key pair of whoever shall get in, before anything is changed. */
export function prepare(
  kernel: Kernel,
  keys: KeyStore,
  name: string,
  passphrase: string,
  needs: "administrator" | "approver",
): Recovered {
  const row = keys.operator(name);
  if (row?.state === "removed") {
    throw new Refusal(
      "conflict",
      `${name} was removed from this station. A name is for one person; choose another.`,
    );
  }
  // A disabled one is looked at as if they were not: whoever disabled them may be the one who is gone.
  const standing = row === undefined ? undefined : { ...row, disabled_at: null };
  if (needs === "administrator" && standing !== undefined && !mayAdminister(standing)) {
    throw new Refusal(
      "conflict",
      `${name} is no administrator here. Shares give back an administrator's way in, or make a new one.`,
    );
  }
  if (needs === "approver" && (standing === undefined || !mayApprove(standing))) {
    throw new Refusal(
      "conflict",
      `${name} is nobody here who may agree. The second is somebody who could, and lost the passphrase.`,
    );
  }
  const keyVersion = row === undefined ? 1 : keys.newestOperatorKey(row.id) + 1;
  const made = makeOperatorKeys(name, keyVersion, passphrase, passphraseCost(kernel));
  made.secrets.box.fill(0);
  made.secrets.approval.fill(0);
  return { name, row, keyVersion, key: made.row };
}

export interface Opening {
  readonly set: RecoverySetRow;
  readonly places: string;
  readonly masters: ReadonlyMap<number, Buffer>;
  readonly people: readonly Recovered[];
  /** Inside the transaction: the operator's second factor, and what they agreed to, are void. */
  readonly forget: (row: OperatorRow) => void;
}

/**
 * Lets them in, uses the set up and takes a new master key, in the transaction of the event `recovery.opened`. Hands the
 * new master key to the keyring, so that work which runs goes on.
 */
export function openStationByShares(
  kernel: Kernel,
  keys: KeyStore,
  rows: RecoveryStore,
  opening: Opening,
  call: Call,
): number {
  const { set, places, people } = opening;
  const at = kernel.clock().toISOString();
  const master = randomBytes(32);
  const old = new Keyring(keys);
  old.unlock(opening.masters);
  const masterVersion = call.commit((event) => {
    if (rows.inState("current")?.id !== set.id) {
      throw new Refusal("conflict", `The recovery set ${set.number} was used or replaced meanwhile.`);
    }
    for (const person of people) letIn(keys, opening, person, at);
    rows.end(set.number, "used", at);
    const rekeyed = rekey({ old, keys, master, staying: keys.operators(), recovery: "drop", at });
    const [first, second] = people;
    const name = first?.name ?? "nobody";
    rows.addOpening(set.number, { at, operator: name, places }, second?.name ?? null);
    rows.setDoor(0, null);
    tell(event, opening, rekeyed.masterVersion, call.connection.face);
    return rekeyed.masterVersion;
  });
  old.lock();
  kernel.keyring.unlock(new Map([[masterVersion, master]]));
  return masterVersion;
}

function letIn(keys: KeyStore, { forget }: Opening, person: Recovered, at: string): void {
  const { row } = person;
  if (row === undefined) {
    const id = keys.addOperator(person.name, ["administrator"], at, "recovery");
    keys.addOperatorKey(id, person.keyVersion, person.key, at);
    return;
  }
  if (!isActive(row)) keys.enable(row.id, "recovery", at);
  keys.forgiveFailures(row.id);
  keys.retireOperatorKey(row.id, at);
  keys.addOperatorKey(row.id, person.keyVersion, person.key, at);
  forget(row);
}

function tell(
  event: AppendEvent,
  { set, places, people }: Opening,
  masterVersion: number,
  face: string,
): void {
  const [first, second] = people;
  event({
    actor: "recovery",
    action: "recovery.opened",
    object: first?.name ?? "nobody",
    details: {
      set: set.id,
      shares: places,
      made: first?.row === undefined,
      enabled: first?.row !== undefined && !isActive(first.row),
      second: second?.name ?? null,
      masterVersion,
      face,
    },
  });
}

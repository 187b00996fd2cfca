import { Refusal } from "../../../shared/errors.ts";
import { randomBytes } from "../../station/crypto/random.ts";
import { encrypt } from "../../station/crypto/seal.ts";
import type { AppendEvent, Call, Kernel } from "../../station/kernel.ts";
import { grantMasterKey } from "../../station/keys/operator-keys.ts";
import { placeOf } from "../../station/keys/station-keys.ts";
import type { KeyStore, OperatorRow } from "../../station/keys/store.ts";
import type { InvitationStore } from "./store.ts";

export interface Removal {
  readonly masterVersion: number;
  /** Whom the new master key is sealed to. */
  readonly holders: string[];
}

/**
 * What a removed operator may have copied while they were let in. A new master key changes nothing about it, and each
 * line is said to whoever removes.
 */
export const stillExposed: readonly string[] = [
  "copies of the directory made before now, backups among them: their passphrase opens the keys in those",
  "the signing key, which they may have copied: who holds it can sign as this station until its card is replaced",
  "the age identity, which they may have copied: who holds it reads every batch sealed for this station so far and until its card is replaced",
  "the log and cosignature keys, which they may have copied",
  "whatever they read: bodies of requests and responses, documents, the log",
  "old pages on this disk: wiping flash is not erasure",
];

/**
 * Removes an operator and takes a new master key, with nobody else present: it is sealed to the public halves of those
 * who stay, and every station key is encrypted under it. One transaction: after a crash there is the old key or the
 * new one, never half. Throws `not-signed-in` when the station is locked.
 */
export function removeOperator(
  kernel: Kernel,
  keys: KeyStore,
  rows: InvitationStore,
  row: OperatorRow,
  call: Call,
  inTransaction: (event: AppendEvent) => void,
): Removal {
  const master = randomBytes(32);
  const staying = keys.operators().filter((other) => other.id !== row.id);
  const at = kernel.clock().toISOString();
  kernel.step("operators-rekey");
  const removal = call.commit((event) => {
    if (keys.recoveryGrants() > 0) {
      throw new Refusal(
        "not-ready",
        "A recovery set holds the master key, and this version can't re-key it.",
      );
    }
    const masterVersion = keys.newestMaster() + 1;
    // Opened under the old key before it is retired.
    const secrets = keys.allStationKeys().map((key) => ({ key, secret: kernel.keyring.open(key) }));
    keys.addMasterKey(masterVersion, at);
    for (const { key, secret } of secrets) {
      const wrapped = encrypt(master, secret, placeOf(key.purpose, key.version));
      keys.rewrapStationKey(key, masterVersion, wrapped);
      secret.fill(0);
    }
    for (const other of staying) {
      const key = keys.operatorKey(other.id);
      if (key === undefined) throw new Error(`${other.name} has no key`);
      keys.addGrant(masterVersion, other.id, key.version, grantMasterKey(master, key.box_public));
    }
    keys.retireMastersBefore(masterVersion, at);
    keys.remove(row.id, at);
    const withdrawn = rows.withdrawBy(row.name, at);
    event({
      action: "operators.removed",
      object: row.name,
      details: {
        masterVersion,
        holders: staying.map((other) => other.name).join(" "),
        stationKeys: secrets.length,
        withdrawnInvitations: withdrawn,
      },
    });
    inTransaction(event);
    kernel.step("operators-rekey-commit");
    return { masterVersion, holders: staying.map((other) => other.name) };
  });
  kernel.keyring.unlock(new Map([[removal.masterVersion, master]]));
  return removal;
}

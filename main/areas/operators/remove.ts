import { randomBytes } from "../../station/crypto/random.ts";
import type { AppendEvent, Call, Kernel } from "../../station/kernel.ts";
import { rekey } from "../../station/keys/rekey.ts";
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
  "the signing key, which they may have copied: who holds it can sign as this station until you rotate the keys and peers have taken the new card",
  "the age identity, which they may have copied: who holds it reads every batch sealed for this station so far and until then",
  "the log, cosignature and backup keys, which they may have copied, until then",
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
    const rekeyed = rekey({ old: kernel.keyring, keys, master, staying, recovery: "keep", at });
    keys.remove(row.id, at);
    const withdrawn = rows.withdrawBy(row.name, at);
    event({
      action: "operators.removed",
      object: row.name,
      details: {
        masterVersion: rekeyed.masterVersion,
        holders: rekeyed.holders.join(" "),
        stationKeys: rekeyed.stationKeys,
        withdrawnInvitations: withdrawn,
      },
    });
    inTransaction(event);
    kernel.step("operators-rekey-commit");
    return { masterVersion: rekeyed.masterVersion, holders: rekeyed.holders };
  });
  kernel.keyring.unlock(new Map([[removal.masterVersion, master]]));
  return removal;
}

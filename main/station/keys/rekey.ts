import { Refusal } from "../../../shared/errors.ts";
import { equalBytes } from "../crypto/compare.ts";
import { CannotOpenError, encrypt } from "../crypto/seal.ts";
import type { Keyring } from "./keyring.ts";
import { grantMasterKey } from "./operator-keys.ts";
import { recoveryPlace } from "./recovery-share.ts";
import { placeOf, type StationKeyRow } from "./station-keys.ts";
import type { KeyStore, OperatorRow, RecoveryHolderRow } from "./store.ts";

export interface Rekeying {
  /** Opens what lies under the masters until now. */
  readonly old: Keyring;
  readonly keys: KeyStore;
  /** The new master key, 32 bytes. */
  readonly master: Buffer;
  /** Whom it is sealed to; nobody of them need be present. */
  readonly staying: readonly OperatorRow[];
  /** `keep`: the recovery set in force is sealed to as well, so that printed shares stay good. */
  readonly recovery: "keep" | "drop";
  readonly at: string;
}

export interface Rekeyed {
  readonly masterVersion: number;
  readonly holders: string[];
  readonly stationKeys: number;
}

/**
 * Inside a transaction: a new master key, sealed to the public halves of those who stay, with every station key encrypted
 * under it. The grants of older ones go. Throws `not-signed-in` when `old` is locked, and `not-ready` when the recovery
 * set in the database is not the one that was put there.
 */
export function rekey({ old, keys, master, staying, recovery, at }: Rekeying): Rekeyed {
  const masterVersion = keys.newestMaster() + 1;
  // Opened under the old key before it is retired.
  const secrets: { key: StationKeyRow; secret: Buffer }[] = keys
    .allStationKeys()
    .map((key) => ({ key, secret: old.open(key) }));
  const holder = recovery === "keep" ? keys.recoveryHolder() : undefined;
  if (holder !== undefined) expectGenuine(old, holder);
  keys.addMasterKey(masterVersion, at);
  for (const { key, secret } of secrets) {
    const wrapped = encrypt(master, secret, placeOf(key.purpose, key.version));
    keys.rewrapStationKey(key, masterVersion, wrapped);
    secret.fill(0);
  }
  for (const operator of staying) {
    const key = keys.operatorKey(operator.id);
    if (key === undefined) throw new Error(`${operator.name} has no key`);
    keys.addGrant(masterVersion, operator.id, key.version, grantMasterKey(master, key.box_public));
  }
  if (holder !== undefined) {
    keys.addRecoveryGrant(masterVersion, holder.number, grantMasterKey(master, holder.box_public));
    const proof = encrypt(master, holder.box_public, recoveryPlace(holder.id));
    keys.setRecoveryProof(holder.number, masterVersion, proof);
  }
  keys.retireMastersBefore(masterVersion, at);
  return { masterVersion, holders: staying.map(({ name }) => name), stationKeys: secrets.length };
}

/** A public half that somebody wrote into the directory would be given the new master key. */
export function expectGenuine(old: Keyring, holder: RecoveryHolderRow): void {
  try {
    const proven = old.unseal(holder.proof_master, holder.proof, recoveryPlace(holder.id));
    if (equalBytes(proven, holder.box_public)) return;
  } catch (error) {
    if (!(error instanceof CannotOpenError)) throw error;
  }
  throw new Refusal(
    "not-ready",
    `The recovery set ${holder.number} in the database is not the one that was put there: somebody changed the directory.`,
    {
      safe: "Nothing was changed, and no key was sealed to it.",
      remedy: "Keep a copy of the directory as evidence, make a new recovery set, then do this again.",
    },
  );
}

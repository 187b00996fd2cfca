import { equalBytes } from "../../station/crypto/compare.ts";
import { signingPair, openStationKey } from "../../station/keys/station-keys.ts";
import { CannotOpenError } from "../../station/crypto/seal.ts";
import { parseSshPublicKey } from "../../station/crypto/sshsig.ts";
import { openGrant, openOperatorKeys } from "../../station/keys/operator-keys.ts";
import { keyStore, type KeyStore } from "../../station/keys/store.ts";
import type { Store } from "../../station/store/store.ts";
import type { BareSecret } from "../recovery/service.ts";
import { badBackup, type Manifest } from "./format.ts";

/** A passphrase, or what recovery shares gave back. */
export type Opener = string | BareSecret;

/**
 * Proves that the station in a backup opens, whole, by this passphrase or these shares, and that the private half of the key that
 * signed the backup is among what opens. A backup's recipient stands in its manifest for everybody to read, so
 * whoever saw one can seal another; what they can't do is wrap a signing key under a master key that they don't have.
 *
 * @throws Refusal `refused`
 */
export function proveKeys(store: Store, operator: string, opener: Opener, manifest: Manifest): void {
  const keys = keyStore(store);
  const masters =
    typeof opener === "string" ? openMasters(keys, operator, opener) : openMastersByShares(keys, opener);
  try {
    const signer = parseSshPublicKey(manifest.station.signingKey);
    let signed = false;
    for (const row of keys.allStationKeys()) {
      const master = masters.get(row.master_version);
      if (master === undefined) throw badBackup(`${operator} does not open every key of the station in it`);
      const secret = openStationKey(row, master);
      if (row.purpose === "signing") signed ||= equalBytes(signingPair(secret).publicKey, signer);
      secret.fill(0);
    }
    if (!signed) throw badBackup("whoever signed it does not hold the key of the station in it");
  } catch (error) {
    if (error instanceof CannotOpenError) {
      throw badBackup("the keys of the station in it are not under its master key", { cause: error });
    }
    throw error;
  } finally {
    for (const master of masters.values()) master.fill(0);
  }
}

/** Shares stand for every operator's passphrase; the one named gets a new one afterwards, by the same shares. */
function openMastersByShares(keys: KeyStore, { secret, boxPublic }: BareSecret): Map<number, Buffer> {
  const holder = keys.recoveryHolder();
  const grants = holder === undefined ? [] : keys.recoveryGrants(holder.number);
  try {
    return new Map(grants.map((grant) => [grant.master_version, openGrant(grant.sealed, boxPublic, secret)]));
  } catch (error) {
    if (error instanceof CannotOpenError)
      throw badBackup("its master key is not sealed to the set of these shares", { cause: error });
    throw error;
  }
}

function openMasters(keys: KeyStore, operator: string, passphrase: string): Map<number, Buffer> {
  const row = keys.operator(operator);
  const key = row === undefined ? undefined : keys.operatorKey(row.id);
  const secrets =
    row === undefined || key === undefined ? null : openOperatorKeys(row.name, key.version, passphrase, key);
  if (row === undefined || key === undefined || secrets === null) {
    throw badBackup(`the station in it does not open by the passphrase that opened the backup`);
  }
  try {
    const grants = keys.grants(row.id);
    return new Map(
      grants.map((grant) => [grant.master_version, openGrant(grant.sealed, key.box_public, secrets.box)]),
    );
  } catch (error) {
    if (error instanceof CannotOpenError)
      throw badBackup(`its master key is not sealed to ${operator}`, { cause: error });
    throw error;
  } finally {
    secrets.box.fill(0);
    secrets.approval.fill(0);
  }
}

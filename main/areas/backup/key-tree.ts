import { Refusal } from "../../../shared/errors.ts";
import { ageKeyPairFromSecret, type AgeKeyPair } from "../../station/crypto/age.ts";
import { CannotOpenError } from "../../station/crypto/seal.ts";
import { openGrant, openOperatorKeys } from "../../station/keys/operator-keys.ts";
import { openStationKey } from "../../station/keys/station-keys.ts";
import type { Keyring } from "../../station/keys/keyring.ts";
import type { KeyStore } from "../../station/keys/store.ts";
import type { Store } from "../../station/store/store.ts";
import type { BareSecret } from "../recovery/service.ts";
import { badBackup, type KeyTree } from "./format.ts";

/** The key tree as a backup carries it: from an operator's passphrase, or the recovery set, to the backup key. */
export function readKeyTree(store: Store, keys: KeyStore): KeyTree {
  const operators = keys.operators().flatMap((row) => {
    const key = keys.operatorKey(row.id);
    if (key === undefined) return [];
    return [
      {
        id: row.id,
        name: row.name,
        roles: row.roles,
        keyVersion: key.version,
        memoryKiB: key.memory_kib,
        passes: key.passes,
        salt: key.salt.toString("base64"),
        boxPublic: key.box_public.toString("base64"),
        approvalPublic: key.approval_public.toString("base64"),
        wrapped: key.wrapped.toString("base64"),
      },
    ];
  });
  const grants = store
    .prepare(
      `SELECT g.* FROM master_key_grant g JOIN master_key m ON m.version = g.master_version
       WHERE m.retired_at IS NULL ORDER BY g.master_version, g.holder, g.holder_id`,
    )
    .all() as {
    master_version: number;
    holder: "operator" | "recovery";
    holder_id: number;
    holder_key_version: number;
    sealed: Buffer;
  }[];
  return {
    operators,
    grants: grants.map((row) => ({
      masterVersion: row.master_version,
      holder: row.holder,
      holderId: row.holder_id,
      keyVersion: row.holder_key_version,
      sealed: row.sealed.toString("base64"),
    })),
    backupKeys: keys.stationKeys("backup").map((row) => ({
      version: row.version,
      masterVersion: row.master_version,
      wrapped: row.wrapped.toString("base64"),
      createdAt: row.created_at,
    })),
  };
}

/** The station's backup keys as age identities, newest first. Throws `not-signed-in` while it is locked. */
export async function ownBackupKeys(keys: KeyStore, keyring: Keyring): Promise<AgeKeyPair[]> {
  const pairs: AgeKeyPair[] = [];
  for (const row of keys.stationKeys("backup")) pairs.push(await ageKeyPairFromSecret(keyring.open(row)));
  return pairs;
}

/**
 * Opens a backup's key by an operator's passphrase.
 *
 * @returns the age identities of its backup keys
 * @throws Refusal `refused` for a name that is not in it or another passphrase (one sentence for both)
 */
export async function openKeyTree(tree: KeyTree, operator: string, passphrase: string): Promise<string[]> {
  const wrong = new Refusal(
    "refused",
    "This operator and passphrase do not open this backup: it opens with the passphrases that were right when it was made.",
    { safe: "Nothing was changed." },
  );
  const holder = tree.operators.find(({ name }) => name === operator);
  if (holder === undefined) throw wrong;
  const boxPublic = Buffer.from(holder.boxPublic, "base64");
  const secrets = openOperatorKeys(holder.name, holder.keyVersion, passphrase, {
    memory_kib: holder.memoryKiB,
    passes: holder.passes,
    salt: Buffer.from(holder.salt, "base64"),
    box_public: boxPublic,
    approval_public: Buffer.from(holder.approvalPublic, "base64"),
    wrapped: Buffer.from(holder.wrapped, "base64"),
  });
  if (secrets === null) throw wrong;
  try {
    const grants = tree.grants.filter((one) => one.holder === "operator" && one.holderId === holder.id);
    const identities = await identitiesOf(tree, grants, boxPublic, secrets.box);
    if (identities.length === 0) throw badBackup(`its key is not sealed to ${operator}`);
    return identities;
  } catch (error) {
    if (error instanceof CannotOpenError)
      throw badBackup("its key tree does not fit together", { cause: error });
    throw error;
  } finally {
    secrets.box.fill(0);
    secrets.approval.fill(0);
  }
}

/**
 * Opens a backup's key by the private half of the recovery set that was in force when it was made.
 *
 * @returns the age identities of its backup keys
 * @throws Refusal `refused` when it was sealed to another set, or to none
 */
export async function openKeyTreeByShares(
  tree: KeyTree,
  { secret, boxPublic }: BareSecret,
): Promise<string[]> {
  const grants = tree.grants.filter((one) => one.holder === "recovery");
  try {
    const identities = await identitiesOf(tree, grants, boxPublic, secret);
    if (identities.length > 0) return identities;
  } catch (error) {
    if (!(error instanceof CannotOpenError)) throw error;
  }
  throw new Refusal(
    "refused",
    "These shares do not open this backup: it was made before their set was in force, or after it was replaced or used.",
    { safe: "Nothing was changed.", remedy: "Take the newest backup from while the set was in force." },
  );
}

/** The backup keys that these grants lead to. */
async function identitiesOf(
  tree: KeyTree,
  grants: KeyTree["grants"],
  boxPublic: Buffer,
  boxSecret: Buffer,
): Promise<string[]> {
  const identities: string[] = [];
  for (const key of tree.backupKeys) {
    const grant = grants.find((one) => one.masterVersion === key.masterVersion);
    if (grant === undefined) continue;
    const master = openGrant(Buffer.from(grant.sealed, "base64"), boxPublic, boxSecret);
    const row = {
      purpose: "backup" as const,
      version: key.version,
      master_version: key.masterVersion,
      public: null,
      wrapped: Buffer.from(key.wrapped, "base64"),
      created_at: key.createdAt,
    };
    identities.push((await ageKeyPairFromSecret(openStationKey(row, master))).identity);
    master.fill(0);
  }
  return identities;
}

import { Refusal } from "../../../shared/errors.ts";
import { sha256Hex } from "../../station/crypto/hash.ts";
import { randomBytes } from "../../station/crypto/random.ts";
import { fingerprint, parseSshPublicKey } from "../../station/crypto/sshsig.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import { rekey } from "../../station/keys/rekey.ts";
import {
  makeNextKeys,
  signingPair,
  wrapStationKey,
  type KeyPurpose,
  type NewKey,
} from "../../station/keys/station-keys.ts";
import type { KeyStore } from "../../station/keys/store.ts";
import { writeCard } from "../transfer/format/card.ts";
import { addCard, type CardRow } from "./store.ts";

/** Whoever held a grant may have copied these. The vault's root is not among them: what lies under it would not open. */
export const rotatedPurposes = ["signing", "age", "log", "witness", "backup"] as const satisfies KeyPurpose[];

/** What new keys can't take back; said to whoever rotates. */
export const exposedAfterRotation: readonly string[] = [
  "batches that were sealed for this station before now, wherever a copy of them is: the old age identity opens them",
  "backups made before now: the passphrases and keys of then open them",
  "until a peer has taken the new card, it seals for the old age identity and knows the old signing key alone",
  "what the old signing key signs is taken by peers until it is revoked: after a suspicion do that too (station revoke-key)",
  "the vault's root, which stays the same",
];

export interface Rotated {
  readonly serial: number;
  readonly card: string;
  readonly replaced: string;
  readonly masterVersion: number;
}

/**
 * New signing key, age identity, log, witness and backup keys under a new master key, and the card that says so, signed by
 * the old signing key as well. One transaction with its event: after a crash all of it is there or nothing. Older versions
 * stay, for what was sealed for or signed by them. Throws `not-signed-in` when the station is locked.
 */
export async function rotateKeys(
  kernel: Kernel,
  keys: KeyStore,
  ownCard: CardRow,
  note: string,
  call: Call,
): Promise<Rotated> {
  const identity = kernel.identity();
  const made = await makeNextKeys(identity.name, rotatedPurposes);
  const old = kernel.keyring.signing();
  const at = kernel.clock().toISOString();
  const before = {
    fingerprint: fingerprint(old.publicKey),
    logKey: kernel.keyring.logVerifierKey(),
    witnessKey: kernel.keyring.witnessVerifierKey(),
  };
  const serial = ownCard.serial + 1;
  const after = {
    signingKey: publicOf(made, "signing"),
    ageRecipient: publicOf(made, "age"),
    logKey: publicOf(made, "log"),
    witnessKey: publicOf(made, "witness"),
  };
  const card = writeCard(
    {
      station: identity.id,
      name: identity.name,
      side: identity.side,
      ...after,
      vaultRecipient: null,
      serial,
      createdAt: at,
      replaces: before.fingerprint,
    },
    signingPair(needed(made, "signing").secret),
    old,
  );
  const master = randomBytes(32);
  kernel.step("station-rotate-keys");
  const masterVersion = call.commit((event) => {
    if (kernel.keyring.fingerprints()[0] !== before.fingerprint) {
      throw new Refusal("conflict", "The keys were rotated by somebody else meanwhile.");
    }
    const staying = keys.operators();
    const rekeyed = rekey({ old: kernel.keyring, keys, master, staying, recovery: "keep", at });
    for (const purpose of rotatedPurposes) {
      const version = (keys.stationKeys(purpose)[0]?.version ?? 0) + 1;
      keys.retireStationKeys(purpose, at);
      keys.addStationKey(
        wrapStationKey(needed(made, purpose), purpose, version, master, rekeyed.masterVersion, at),
      );
    }
    addCard(kernel.store, serial, card, at);
    event({
      action: "station.keys-rotated",
      object: identity.id,
      details: {
        note,
        serial,
        // The line alone, as peers name a card; both signing keys have signed it.
        card: sha256Hex(card.slice(0, card.indexOf("\n") + 1)),
        replaced: before.fingerprint,
        fingerprint: fingerprint(parseSshPublicKey(after.signingKey)),
        ageRecipient: after.ageRecipient,
        logKeyBefore: before.logKey,
        logKey: after.logKey,
        witnessKeyBefore: before.witnessKey,
        witnessKey: after.witnessKey,
        masterVersion: rekeyed.masterVersion,
      },
    });
    kernel.step("station-rotate-keys-commit");
    return rekeyed.masterVersion;
  });
  for (const { secret } of made.values()) secret.fill(0);
  kernel.keyring.unlock(new Map([[masterVersion, master]]));
  return { serial, card, replaced: before.fingerprint, masterVersion };
}

function needed(made: ReadonlyMap<KeyPurpose, NewKey>, purpose: KeyPurpose): NewKey {
  const key = made.get(purpose);
  if (key === undefined) throw new Error(`no ${purpose} key was made`);
  return key;
}

function publicOf(made: ReadonlyMap<KeyPurpose, NewKey>, purpose: KeyPurpose): string {
  const text = needed(made, purpose).public;
  if (text === null) throw new Error(`the ${purpose} key has no public half`);
  return text;
}

import { generateAgeIdentity } from "../crypto/age.ts";
import { generateSigningKeyPair, signingKeyPairFromSeed, type SigningKeyPair } from "../crypto/ed25519.ts";
import { randomBytes } from "../crypto/random.ts";
import { decrypt, encrypt } from "../crypto/seal.ts";
import { formatSshPublicKey } from "../crypto/sshsig.ts";
import { formatVerifierKey } from "../crypto/vkey.ts";

/** The keys below the master key (trust.md, Keys). */
export const keyPurposes = ["signing", "age", "log", "witness", "vault", "backup"] as const;
export type KeyPurpose = (typeof keyPurposes)[number];

export interface StationKeyRow {
  readonly purpose: KeyPurpose;
  readonly version: number;
  readonly master_version: number;
  /** What others may see of it: an OpenSSH public key, an age recipient, a C2SP verifier key; null for secrets. */
  readonly public: string | null;
  readonly wrapped: Buffer;
  readonly created_at: string;
  /** Since when nothing new is made with it. */
  readonly retired_at?: string | null;
  /** Since when it counts no more, because it may be in other hands. */
  readonly revoked_at?: string | null;
}

/** A key that was just made. */
export interface NewKey {
  readonly secret: Buffer;
  readonly public: string | null;
}

/** Makes one of each, wrapped under the master key. `name` goes into the verifier keys. */
export async function makeStationKeys(
  name: string,
  master: Buffer,
  masterVersion: number,
  createdAt: string,
): Promise<StationKeyRow[]> {
  const rows: StationKeyRow[] = [];
  for (const purpose of keyPurposes) {
    rows.push(wrapStationKey(await makeKey(purpose, name), purpose, 1, master, masterVersion, createdAt));
  }
  return rows;
}

/** The next version of each of these keys, still in the clear: to be wrapped in the transaction that puts it in force. */
export async function makeNextKeys(
  name: string,
  purposes: readonly KeyPurpose[],
): Promise<ReadonlyMap<KeyPurpose, NewKey>> {
  const made = new Map<KeyPurpose, NewKey>();
  for (const purpose of purposes) made.set(purpose, await makeKey(purpose, name));
  return made;
}

/** A key as a row, bound to its place under the master key. */
export function wrapStationKey(
  key: NewKey,
  purpose: KeyPurpose,
  version: number,
  master: Buffer,
  masterVersion: number,
  createdAt: string,
): StationKeyRow {
  return {
    purpose,
    version,
    master_version: masterVersion,
    public: key.public,
    wrapped: encrypt(master, key.secret, placeOf(purpose, version)),
    created_at: createdAt,
  };
}

/** The secret bytes of a row: a 32-byte seed, the text of an age identity, or 32 random bytes. */
export function openStationKey(row: StationKeyRow, master: Buffer): Buffer {
  return decrypt(master, row.wrapped, placeOf(row.purpose, row.version));
}

export function signingPair(seed: Buffer): SigningKeyPair {
  return signingKeyPairFromSeed(seed);
}

async function makeKey(purpose: KeyPurpose, name: string): Promise<NewKey> {
  switch (purpose) {
    case "signing": {
      const { seed, publicKey } = newSeed();
      return { secret: seed, public: formatSshPublicKey(publicKey) };
    }
    case "log": {
      const { seed, publicKey } = newSeed();
      return { secret: seed, public: formatVerifierKey(name, 1, publicKey) };
    }
    case "witness": {
      const { seed, publicKey } = newSeed();
      return { secret: seed, public: formatVerifierKey(name, 4, publicKey) };
    }
    case "age": {
      const { identity, recipient } = await generateAgeIdentity();
      return { secret: Buffer.from(identity, "utf8"), public: recipient };
    }
    case "vault":
    case "backup":
      return { secret: randomBytes(32), public: null };
  }
}

/** libsodium keeps an Ed25519 secret key as seed and public half; the seed is enough. */
function newSeed(): { seed: Buffer; publicKey: Buffer } {
  const pair = generateSigningKeyPair();
  return { seed: Buffer.from(pair.secretKey.subarray(0, 32)), publicKey: pair.publicKey };
}

/** Binds a wrapped station key to its place, so that rows cannot be swapped. */
export function placeOf(purpose: KeyPurpose, version: number): string {
  return `sallyport station key ${purpose} ${version}`;
}

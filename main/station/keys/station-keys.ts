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
}

interface NewKey {
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
    const key = await makeKey(purpose, name);
    rows.push({
      purpose,
      version: 1,
      master_version: masterVersion,
      public: key.public,
      wrapped: encrypt(master, key.secret, placeOf(purpose, 1)),
      created_at: createdAt,
    });
  }
  return rows;
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

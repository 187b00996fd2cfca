import { argon2id, type Argon2idCost } from "../crypto/password.ts";
import {
  generateBoxKeyPair,
  decrypt,
  encrypt,
  openSealed,
  sealToPublicKey,
  CannotOpenError,
} from "../crypto/seal.ts";
import { generateSigningKeyPair } from "../crypto/ed25519.ts";
import { randomBytes } from "../crypto/random.ts";
import { equalBytes } from "../crypto/compare.ts";

/** RFC 9106 asks for 16 bytes of salt. */
const saltBytes = 16;
/** X25519 secret key, then Ed25519 secret key as libsodium keeps it (seed and public half). */
const boxSecretBytes = 32;
const approvalSecretBytes = 64;

/** A row of operator_key: public halves in clear, secret halves under the passphrase. */
export interface OperatorKeyRow {
  readonly memory_kib: number;
  readonly passes: number;
  readonly salt: Buffer;
  readonly box_public: Buffer;
  readonly approval_public: Buffer;
  readonly wrapped: Buffer;
}

export interface OperatorSecrets {
  readonly box: Buffer;
  readonly approval: Buffer;
}

/** Makes an operator's key pairs and wraps their secret halves under the passphrase. */
export function makeOperatorKeys(
  name: string,
  version: number,
  passphrase: string,
  cost: Argon2idCost,
): { row: OperatorKeyRow; secrets: OperatorSecrets } {
  const box = generateBoxKeyPair();
  const approval = generateSigningKeyPair();
  const secrets = { box: box.secretKey, approval: approval.secretKey };
  const wrapped = wrapOperatorKeys(name, version, secrets, passphrase, cost);
  return { row: { ...wrapped, box_public: box.publicKey, approval_public: approval.publicKey }, secrets };
}

/** The secret halves under a passphrase, with a new salt; a change of it leaves the pairs and every grant as they are. */
export function wrapOperatorKeys(
  name: string,
  version: number,
  secrets: OperatorSecrets,
  passphrase: string,
  cost: Argon2idCost,
): Omit<OperatorKeyRow, "box_public" | "approval_public"> {
  const salt = randomBytes(saltBytes);
  const key = argon2id(Buffer.from(passphrase, "utf8"), salt, cost);
  const plain = Buffer.concat([secrets.box, secrets.approval]);
  const wrapped = encrypt(key, plain, purpose(name, version));
  key.fill(0);
  plain.fill(0);
  return { memory_kib: cost.memoryKiB, passes: cost.passes, salt, wrapped };
}

/** Opens an operator's secret halves; null when the passphrase is another one. */
export function openOperatorKeys(
  name: string,
  version: number,
  passphrase: string,
  row: OperatorKeyRow,
): OperatorSecrets | null {
  const cost = { memoryKiB: row.memory_kib, passes: row.passes };
  const key = argon2id(Buffer.from(passphrase, "utf8"), row.salt, cost);
  try {
    const plain = decrypt(key, row.wrapped, purpose(name, version));
    if (plain.length !== boxSecretBytes + approvalSecretBytes)
      throw new Error(`operator key of ${name} is cut short`);
    return {
      box: Buffer.from(plain.subarray(0, boxSecretBytes)),
      approval: Buffer.from(plain.subarray(boxSecretBytes)),
    };
  } catch (error) {
    if (error instanceof CannotOpenError) return null;
    throw error;
  } finally {
    key.fill(0);
  }
}

/** The same work for a name that does not exist, so that the time tells nothing. */
export function spendPassphrase(passphrase: string, cost: Argon2idCost): void {
  const key = argon2id(Buffer.from(passphrase, "utf8"), Buffer.alloc(saltBytes), cost);
  equalBytes(key, key);
  key.fill(0);
}

export function grantMasterKey(master: Buffer, boxPublic: Buffer): Buffer {
  return sealToPublicKey(master, boxPublic);
}

export function openGrant(sealed: Buffer, boxPublic: Buffer, boxSecret: Buffer): Buffer {
  return openSealed(sealed, boxPublic, boxSecret);
}

/** Binds a wrapped key to its place, so that rows cannot be swapped. */
function purpose(name: string, version: number): string {
  return `sallyport operator key ${name} ${version}`;
}

import sodium from "sodium-native";

import { randomBytes } from "./random.ts";

const nonceBytes = 24;
const tagBytes = 16;
const boxKeyBytes = 32;
/** crypto_box_seal puts an ephemeral public key (32) and a tag (16) before the text. */
const boxOverheadBytes = 48;

/** A key pair of crypto_box (X25519), 32 bytes each. */
export type BoxKeyPair = { readonly publicKey: Buffer; readonly secretKey: Buffer };

/** The key is not the one that sealed, or the bytes or their associated data were changed. */
export class CannotOpenError extends Error {
  override readonly name = "CannotOpenError";
}

/**
 * XChaCha20-Poly1305 with a fresh random nonce in front: nonce (24), ciphertext, tag (16).
 *
 * @param key 32 bytes
 * @param associatedData names the place of the value, so that a sealed value can't be moved to another
 */
export function encrypt(key: Uint8Array, plain: Uint8Array, associatedData: string): Buffer {
  const sealed = Buffer.allocUnsafe(nonceBytes + plain.byteLength + tagBytes);
  const nonce = randomBytes(nonceBytes);
  nonce.copy(sealed);
  sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
    sealed.subarray(nonceBytes),
    plain,
    Buffer.from(associatedData),
    null,
    nonce,
    key,
  );
  return sealed;
}

/**
 * Opens what {@link encrypt} made.
 *
 * @throws CannotOpenError on another key, other associated data or changed bytes
 */
export function decrypt(key: Uint8Array, sealed: Uint8Array, associatedData: string): Buffer {
  const plainBytes = sealed.byteLength - nonceBytes - tagBytes;
  if (plainBytes < 0) throw new CannotOpenError("sealed value is shorter than its nonce and tag");
  const plain = Buffer.alloc(plainBytes);
  try {
    sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
      plain,
      null,
      sealed.subarray(nonceBytes),
      Buffer.from(associatedData),
      sealed.subarray(0, nonceBytes),
      key,
    );
  } catch (cause) {
    throw new CannotOpenError(`sealed value for "${associatedData}" does not open`, { cause });
  }
  return plain;
}

/** A new X25519 pair for {@link sealToPublicKey}. */
export function generateBoxKeyPair(): BoxKeyPair {
  const publicKey = Buffer.alloc(boxKeyBytes);
  const secretKey = Buffer.alloc(boxKeyBytes);
  sodium.crypto_box_keypair(publicKey, secretKey);
  return { publicKey, secretKey };
}

/** The public half of an X25519 secret key. */
export function boxPublicOf(secretKey: Uint8Array): Buffer {
  const publicKey = Buffer.alloc(boxKeyBytes);
  sodium.crypto_scalarmult_base(publicKey, secretKey);
  return publicKey;
}

/** Seals to a public key (crypto_box_seal), so that its holder needn't be present. */
export function sealToPublicKey(plain: Uint8Array, publicKey: Uint8Array): Buffer {
  const sealed = Buffer.alloc(plain.byteLength + boxOverheadBytes);
  sodium.crypto_box_seal(sealed, plain, publicKey);
  return sealed;
}

/**
 * Opens what {@link sealToPublicKey} made.
 *
 * @throws CannotOpenError on another key pair or changed bytes
 */
export function openSealed(sealed: Uint8Array, publicKey: Uint8Array, secretKey: Uint8Array): Buffer {
  const plainBytes = sealed.byteLength - boxOverheadBytes;
  if (plainBytes < 0) throw new CannotOpenError("sealed box is shorter than its own overhead");
  const plain = Buffer.alloc(plainBytes);
  if (!sodium.crypto_box_seal_open(plain, sealed, publicKey, secretKey)) {
    throw new CannotOpenError("sealed box does not open with this key pair");
  }
  return plain;
}

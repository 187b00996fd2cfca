import sodium from "sodium-native";

const publicKeyBytes = 32;
const secretKeyBytes = 64;
const signatureBytes = 64;

/** An Ed25519 pair: public key 32 bytes, secret key 64 (seed, then public key: libsodium's form). */
export type SigningKeyPair = { readonly publicKey: Buffer; readonly secretKey: Buffer };

/** A new signing pair from the system's random source. */
export function generateSigningKeyPair(): SigningKeyPair {
  const pair = { publicKey: Buffer.alloc(publicKeyBytes), secretKey: Buffer.alloc(secretKeyBytes) };
  sodium.crypto_sign_keypair(pair.publicKey, pair.secretKey);
  return pair;
}

/** The signing pair of a 32-byte seed (RFC 8032 section 5.1.5). */
export function signingKeyPairFromSeed(seed: Uint8Array): SigningKeyPair {
  const pair = { publicKey: Buffer.alloc(publicKeyBytes), secretKey: Buffer.alloc(secretKeyBytes) };
  sodium.crypto_sign_seed_keypair(pair.publicKey, pair.secretKey, seed);
  return pair;
}

/** The Ed25519 signature over the message itself (no prehash), 64 bytes. */
export function signBytes(message: Uint8Array, secretKey: Uint8Array): Buffer {
  const signature = Buffer.alloc(signatureBytes);
  sodium.crypto_sign_detached(signature, message, secretKey);
  return signature;
}

/**
 * Whether the signature holds. Keys and signatures of a wrong length, keys of small order or not in
 * canonical form, and signatures whose S is not below the group order are all false, never an error.
 */
export function verifyBytes(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.byteLength !== signatureBytes || publicKey.byteLength !== publicKeyBytes) {
    return false;
  }
  return sodium.crypto_sign_verify_detached(signature, message, publicKey);
}

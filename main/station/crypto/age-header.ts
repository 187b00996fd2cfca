import { createPublicKey, diffieHellman, generateKeyPairSync } from "node:crypto";
import { bech32 } from "@scure/base";
import sodium from "sodium-native";
import { hkdfSha256, hmacSha256 } from "./hash.ts";
import { randomBytes } from "./random.ts";

// The header of an age v1 file for one X25519 recipient (C2SP age.md, "Header" and "X25519 recipient stanza"). Written
// here because the age library takes 1.3 ms for one and 25 ms for its first, which a seal of many small parts feels.

const fileKeyBytes = 16;
const tagBytes = 16;
const zeroNonce = Buffer.alloc(12);

/**
 * A header for the recipient and the new file key in it.
 *
 * @param recipient `age1..`, 32 bytes of X25519 public key in bech32
 * @throws Error when the text is no X25519 recipient, its checksum is wrong, or it is a point of low order
 */
export function writeAgeHeader(recipient: string): { readonly header: Buffer; readonly fileKey: Buffer } {
  const theirs = recipientBytes(recipient);
  const ephemeral = generateKeyPairSync("x25519");
  const share = Buffer.from(ephemeral.publicKey.export({ format: "jwk" }).x ?? "", "base64url");
  // OpenSSL refuses a shared secret of zeros, as age.md asks.
  const shared = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: x25519Public(theirs) });
  const wrapKey = hkdfSha256(shared, Buffer.concat([share, theirs]), "age-encryption.org/v1/X25519");
  const fileKey = randomBytes(fileKeyBytes);
  const wrapped = Buffer.alloc(fileKeyBytes + tagBytes);
  // The nonce may be fixed: the key wraps once.
  sodium.crypto_aead_chacha20poly1305_ietf_encrypt(wrapped, fileKey, null, null, zeroNonce, wrapKey);
  const lines = `age-encryption.org/v1\n-> X25519 ${unpadded(share)}\n${unpadded(wrapped)}\n---`;
  const mac = hmacSha256(hkdfSha256(fileKey, Buffer.alloc(0), "header"), lines);
  return { header: Buffer.from(`${lines} ${unpadded(mac)}\n`), fileKey };
}

function recipientBytes(recipient: string): Uint8Array {
  const { prefix, bytes } = bech32.decodeToBytes(recipient);
  if (prefix !== "age" || bytes.byteLength !== 32) throw new Error("not an X25519 recipient of age");
  return bytes;
}

function x25519Public(bytes: Uint8Array): ReturnType<typeof createPublicKey> {
  const x = Buffer.from(bytes).toString("base64url");
  return createPublicKey({ format: "jwk", key: { kty: "OKP", crv: "X25519", x } });
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replace(/=+$/, "");
}

import { createHash, createHmac, hash as hashOnce, hkdfSync } from "node:crypto";

/** A SHA-256 that is fed piece by piece; it can be finished once. */
export type Sha256 = {
  update(bytes: Uint8Array): void;
  digest(): Buffer;
  digestHex(): string;
};

// The one-shot call for whole values: no hash object for each of a million lines, and a third faster on
// short ones (research: 1.33 against 0.95 million a second of 300 bytes).

/** SHA-256 of the bytes, 32 bytes. Text is hashed as UTF-8. */
export function sha256(data: Uint8Array | string): Buffer {
  return hashOnce("sha256", data, "buffer");
}

/** SHA-256 as 64 lower-case hex digits, the form that every file of a batch uses. */
export function sha256Hex(data: Uint8Array | string): string {
  return hashOnce("sha256", data, "hex");
}

/** SHA-256 as 32 characters of a byte each: no Buffer is made, which costs twice what hashing 64 bytes does. */
export function sha256Latin1(data: Uint8Array | string): string {
  return hashOnce("sha256", data, "binary");
}

/** SHA-512, 64 bytes; SSHSIG hashes its message with it. */
export function sha512(data: Uint8Array | string): Buffer {
  return createHash("sha512").update(data).digest();
}

/** A SHA-256 over bytes that arrive in pieces. */
export function createSha256(): Sha256 {
  const hash = createHash("sha256");
  return {
    update(bytes) {
      hash.update(bytes);
    },
    digest: () => hash.digest(),
    digestHex: () => hash.digest("hex"),
  };
}

/** HMAC-SHA-256 (RFC 2104), 32 bytes. */
export function hmacSha256(key: Uint8Array, data: Uint8Array | string): Buffer {
  return createHmac("sha256", key).update(data).digest();
}

/** HMAC-SHA-1, 20 bytes: only for TOTP, whose devices know nothing else (RFC 6238). */
export function hmacSha1(key: Uint8Array, data: Uint8Array): Buffer {
  return createHmac("sha1", key).update(data).digest();
}

/** HKDF-SHA-256 (RFC 5869): `outBytes` bytes from `secret`, separated by `salt` and `info`. */
export function hkdfSha256(
  secret: Uint8Array,
  salt: Uint8Array,
  info: Uint8Array | string,
  outBytes = 32,
): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, salt, info, outBytes));
}

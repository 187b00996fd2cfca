import sodium from "sodium-native";

// The payload of an age v1 file (C2SP age.md, "Payload"): STREAM over ChaCha20-Poly1305, 64 KiB
// chunks, nonce = 11 bytes of counter and a byte that is 1 on the last chunk alone.

const chunkBytes = 64 * 1024;
const tagBytes = 16;
const sealedChunkBytes = chunkBytes + tagBytes;

/** Bytes of payload for so many bytes of plaintext; an empty file still has one (empty) chunk. */
export function streamBytes(plainBytes: number): number {
  return plainBytes + tagBytes * Math.max(1, Math.ceil(plainBytes / chunkBytes));
}

/** Seals `plain` into `target`, which must be {@link streamBytes} long. The key is used for one file only. */
export function sealStream(plain: Buffer, streamKey: Uint8Array, target: Buffer): void {
  const nonce = Buffer.alloc(12);
  const lastChunk = Math.max(1, Math.ceil(plain.byteLength / chunkBytes)) - 1;
  for (let chunk = 0; chunk <= lastChunk; chunk += 1) {
    setNonce(nonce, chunk, chunk === lastChunk);
    const from = chunk * sealedChunkBytes;
    const part = plain.subarray(chunk * chunkBytes, (chunk + 1) * chunkBytes);
    sodium.crypto_aead_chacha20poly1305_ietf_encrypt(
      target.subarray(from, from + part.byteLength + tagBytes),
      part,
      null,
      null,
      nonce,
      streamKey,
    );
  }
}

/**
 * Opens a whole payload. The plaintext is given only when its last chunk is proven to be the last,
 * because a truncated stream opens well up to its cut.
 *
 * @returns null when a chunk doesn't open, the end is missing, or bytes follow it
 */
export function openStream(payload: Buffer, streamKey: Uint8Array): Buffer | null {
  const chunks = Math.ceil(payload.byteLength / sealedChunkBytes);
  const plainBytes = payload.byteLength - chunks * tagBytes;
  if (chunks === 0 || plainBytes < 0 || streamBytes(plainBytes) !== payload.byteLength) return null;
  const plain = Buffer.allocUnsafe(plainBytes);
  const nonce = Buffer.alloc(12);
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    setNonce(nonce, chunk, chunk === chunks - 1);
    try {
      sodium.crypto_aead_chacha20poly1305_ietf_decrypt(
        plain.subarray(chunk * chunkBytes, (chunk + 1) * chunkBytes),
        null,
        payload.subarray(chunk * sealedChunkBytes, (chunk + 1) * sealedChunkBytes),
        null,
        nonce,
        streamKey,
      );
    } catch {
      // libsodium says no more than "could not verify"; where and why is the caller's sentence.
      return null;
    }
  }
  return plain;
}

function setNonce(nonce: Buffer, chunk: number, isLast: boolean): void {
  // Four of the eleven counter bytes are enough: 2^32 chunks are 256 TiB.
  nonce.writeUInt32BE(chunk, 7);
  nonce[11] = isLast ? 1 : 0;
}

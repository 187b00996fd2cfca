import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";

import { AgeFault, openAge, sealAge } from "../../../station/crypto/age.ts";
import { sha256Hex } from "../../../station/crypto/hash.ts";
import { manifestCapBytes, partPlainCapBytes } from "./caps.ts";
import { FormatFault } from "./fault.ts";
import { readZstdFrame, windowLogCap } from "./zstd-frame.ts";

/** Level 1 is faster and on lines of JSON even smaller than 3 (measured: 744 and 222 MiB/s). */
const compressionLevel = 1;
const smallestChunkBytes = 64;

/**
 * ZSTD_compressBound of zstd.h: with so much room zstd compresses straight from the input, else it copies the input
 * through its window, which cost a tenth of a seal (measured). Memory that is not written is not taken.
 */
function compressBound(bytes: number): number {
  return bytes + (bytes >> 8) + 64;
}

export type SealedPart = {
  readonly cipher: Buffer;
  readonly cipherBytes: number;
  readonly cipherSha256: string;
  readonly plainBytes: number;
  readonly plainSha256: string;
};

/**
 * Seals one part: one zstd frame in one age file for one recipient. Everything random is new on each
 * call, so two seals of the same bytes differ. Works in whole buffers, which is the fastest way for
 * parts of up to 64 MiB: run it in a worker.
 */
export function sealPart(plain: Buffer, recipient: string): SealedPart {
  const frame = zstdCompressSync(plain, {
    params: {
      [constants.ZSTD_c_compressionLevel]: compressionLevel,
      [constants.ZSTD_c_checksumFlag]: 1,
    },
    pledgedSrcSize: plain.byteLength,
    chunkSize: compressBound(plain.byteLength),
  });
  const cipher = sealAge(frame, recipient);
  return {
    cipher,
    cipherBytes: cipher.byteLength,
    cipherSha256: sha256Hex(cipher),
    plainBytes: plain.byteLength,
    plainSha256: sha256Hex(plain),
  };
}

/**
 * Opens one part whose ciphertext was checked against batch.json, in the order of step 4: age header,
 * age to its end, one whole zstd frame, size, hash. Nothing is given before all of it holds, and a
 * bomb stops at the declared size.
 *
 * @param identities our age identities, the present one first
 * @param declared size and hash of the plaintext in the manifest
 * @throws FormatFault bad-recipient, not-decryptable, bad-age, bad-zstd, plain-size, plain-mismatch
 */
export async function openPart(
  cipher: Buffer,
  identities: string | readonly string[],
  declared: { readonly bytes: number; readonly sha256: string },
): Promise<Buffer> {
  if (declared.bytes > partPlainCapBytes) {
    throw new FormatFault("plain-size", `the part is declared with ${declared.bytes} bytes`);
  }
  const frame = await openAgeOfPart(cipher, identities);
  const { contentBytes } = readZstdFrame(frame);
  const plain =
    contentBytes !== null && contentBytes !== declared.bytes
      ? null
      : decompress(frame, declared.bytes, declared.bytes);
  if (plain === null || plain.byteLength !== declared.bytes) {
    throw new FormatFault("plain-size", `the part does not hold ${declared.bytes} bytes`);
  }
  if (sha256Hex(plain) !== declared.sha256) {
    throw new FormatFault("plain-mismatch", "the part holds other bytes than the manifest says");
  }
  return plain;
}

/**
 * Opens the manifest part; nothing declares its size, so the format's cap of 16 MiB does.
 *
 * @throws FormatFault as {@link openPart}, but for plain-mismatch
 */
export async function openManifestPart(
  cipher: Buffer,
  identities: string | readonly string[],
): Promise<Buffer> {
  const frame = await openAgeOfPart(cipher, identities);
  const { contentBytes } = readZstdFrame(frame);
  const isTooLarge = contentBytes !== null && contentBytes > manifestCapBytes;
  const plain = isTooLarge ? null : decompress(frame, manifestCapBytes, contentBytes ?? 1024 * 1024);
  if (plain === null) throw new FormatFault("plain-size", "the manifest is larger than 16 MiB");
  return plain;
}

async function openAgeOfPart(cipher: Buffer, identities: string | readonly string[]): Promise<Buffer> {
  try {
    return await openAge(cipher, identities);
  } catch (error) {
    if (!(error instanceof AgeFault)) throw error;
    throw new FormatFault(error.reason, `the part ${error.message}`, { cause: error });
  }
}

/** Decompresses a frame known to be whole; null when its content goes beyond the cap. */
function decompress(frame: Buffer, capBytes: number, expectedBytes: number): Buffer | null {
  try {
    return zstdDecompressSync(frame, {
      params: { [constants.ZSTD_d_windowLogMax]: windowLogCap },
      // Holds in the synchronous call alone: streams of Node ignore it (measured on 24.21).
      maxOutputLength: Math.max(1, capBytes),
      // One byte more than expected, so that an honest part is decoded into one buffer.
      chunkSize: Math.max(smallestChunkBytes, expectedBytes + 1),
    });
  } catch (cause) {
    if (cause instanceof RangeError && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE") {
      return null;
    }
    throw new FormatFault("bad-zstd", "the compressed part does not decompress", { cause });
  }
}

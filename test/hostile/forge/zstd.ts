import { constants, zstdCompressSync } from "node:zlib";

/** One honest frame: level 1, content checksum, no dictionary. */
export function compress(plain: Uint8Array): Buffer {
  return zstdCompressSync(plain, {
    params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
  });
}

/** The same with other parameters of the library (window, checksum, level). */
export function compressWith(plain: Uint8Array, params: Record<number, number>): Buffer {
  return zstdCompressSync(plain, { params });
}

/** Parameter numbers for `compressWith`. */
export const zstdParameter = { checksum: constants.ZSTD_c_checksumFlag } as const;

/** A skippable frame (RFC 8878 section 3.1.2). */
export function skippableFrame(content: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a50);
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content]);
}

/** What a hand-made frame says of itself (RFC 8878 section 3.1.1.1). */
export interface FrameChanges {
  windowLog?: number;
  dictionaryId?: number;
  contentBytes?: bigint;
  checksum?: Uint8Array;
  reservedBit?: boolean;
}

function frameHead(changes: FrameChanges): Buffer {
  const hasSize = changes.contentBytes !== undefined;
  const descriptor =
    (hasSize ? 0b11 << 6 : 0) |
    (changes.reservedBit ? 1 << 3 : 0) |
    (changes.checksum ? 1 << 2 : 0) |
    (changes.dictionaryId === undefined ? 0 : 0b11);
  const head = Buffer.alloc(6);
  head.writeUInt32LE(0xfd2fb528);
  head[4] = descriptor;
  head[5] = ((changes.windowLog ?? 17) - 10) << 3;
  const dictionary = Buffer.alloc(changes.dictionaryId === undefined ? 0 : 4);
  if (changes.dictionaryId !== undefined) dictionary.writeUInt32LE(changes.dictionaryId);
  const size = Buffer.alloc(hasSize ? 8 : 0);
  if (changes.contentBytes !== undefined) size.writeBigUInt64LE(changes.contentBytes);
  return Buffer.concat([head, dictionary, size]);
}

/** A frame of raw blocks that needs no compressor, so that its header can claim anything. */
export function rawFrame(content: Uint8Array, changes: FrameChanges = {}): Buffer {
  const pieces: Buffer[] = [frameHead(changes)];
  const blockBytes = 131_072;
  for (let at = 0; at === 0 || at < content.length; at += blockBytes) {
    const block = content.subarray(at, at + blockBytes);
    const isLast = at + blockBytes >= content.length;
    const head = Buffer.alloc(3);
    head.writeUIntLE((block.length << 3) | (isLast ? 1 : 0), 0, 3);
    pieces.push(head, Buffer.from(block));
  }
  return Buffer.concat([...pieces, changes.checksum ?? Buffer.alloc(0)]);
}

/**
 * A bomb: four bytes for each 128 KiB of one repeated byte, `totalBytes` in all. It promises a checksum,
 * as every part must, so that only its size is wrong.
 */
export function bombFrame(totalBytes: number, byte: number, changes: FrameChanges = {}): Buffer {
  const checksum = changes.checksum ?? Buffer.alloc(4);
  const count = Math.ceil(totalBytes / 131_072);
  const blocks = Buffer.alloc(count * 4);
  for (let index = 0; index < count; index++) {
    const isLast = index === count - 1;
    blocks.writeUIntLE((131_072 << 3) | (1 << 1) | (isLast ? 1 : 0), index * 4, 3);
    blocks[index * 4 + 3] = byte;
  }
  return Buffer.concat([frameHead({ ...changes, checksum }), blocks, checksum]);
}

import { FormatFault } from "./fault.ts";

// RFC 8878 section 3.1.1. Node's decoder drops what follows the first frame, takes a skippable frame
// for an empty text, and reads trailing bytes as success (measured on Node 24.21; nodejs/node#64741).
// So the frame is walked here, block by block, before the decoder sees it.

const magic = 0xfd2fb528;
const checksumBytes = 4;
const blockHeaderBytes = 3;
/** The largest window a stock `zstd -d` takes without being told to. */
export const windowLogCap = 27;

export type ZstdFrame = {
  /** The size that the frame says its content has; null when it says none. */
  readonly contentBytes: number | null;
};

/**
 * Checks that the bytes are exactly one zstd frame: content checksum, no dictionary, a window of at
 * most 2^27, and nothing before or after it.
 *
 * @throws FormatFault `bad-zstd`
 */
export function readZstdFrame(bytes: Buffer): ZstdFrame {
  const header = readHeader(bytes);
  let at = header.bytes;
  for (let isLast = false; !isLast;) {
    if (at + blockHeaderBytes > bytes.byteLength) throw fault("ends within a block");
    const block = bytes.readUIntLE(at, blockHeaderBytes);
    const type = (block >> 1) & 3;
    if (type === 3) throw fault("has a block of a reserved type");
    isLast = (block & 1) === 1;
    // A run-length block (type 1) holds one byte, however long its run.
    at += blockHeaderBytes + (type === 1 ? 1 : block >> 3);
  }
  at += checksumBytes;
  if (at > bytes.byteLength) throw fault("ends before its checksum");
  if (at < bytes.byteLength) throw fault(`is followed by ${bytes.byteLength - at} bytes`);
  return { contentBytes: header.contentBytes };
}

function readHeader(bytes: Buffer): ZstdFrame & { readonly bytes: number } {
  // The longest header: magic 4, descriptor 1, window 1, content size 8.
  if (bytes.byteLength < 6 || bytes.readUInt32LE(0) !== magic) throw fault("is not a zstd frame");
  const descriptor = bytes.readUInt8(4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  if ((descriptor & 0x03) !== 0) throw fault("needs a dictionary");
  if ((descriptor & 0x04) === 0) throw fault("has no content checksum");
  if ((descriptor & 0x08) !== 0) throw fault("has a reserved bit set");
  const windowAt = 5;
  const sizeAt = isSingleSegment ? windowAt : windowAt + 1;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  if (bytes.byteLength < sizeAt + sizeBytes) throw fault("ends within its header");
  const contentBytes = readContentSize(bytes, sizeAt, sizeBytes);
  const windowBytes = isSingleSegment ? (contentBytes ?? 0) : windowSize(bytes.readUInt8(windowAt));
  if (windowBytes > 2 ** windowLogCap) throw fault("needs a window of more than 2^27 bytes");
  return { bytes: sizeAt + sizeBytes, contentBytes };
}

function readContentSize(bytes: Buffer, at: number, sizeBytes: number): number | null {
  if (sizeBytes === 0) return null;
  if (sizeBytes === 8) return Number(bytes.readBigUInt64LE(at));
  // Two-byte sizes start at 256, because one byte holds the smaller ones.
  return bytes.readUIntLE(at, sizeBytes) + (sizeBytes === 2 ? 256 : 0);
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function fault(what: string): FormatFault {
  return new FormatFault("bad-zstd", `the compressed part ${what}`);
}

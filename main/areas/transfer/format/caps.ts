// Sizes in bytes, all from docs/format.md; a reader refuses more before it reads.
const kib = 1024;
const mib = 1024 * kib;

/** Largest size of each file of a bag that is not a part. */
export const fileCapBytes = {
  "bagit.txt": 256,
  "bag-info.txt": 4 * kib,
  "tagmanifest-sha256.txt": 4 * kib,
  "tagmanifest-sha256.txt.sig": 4 * kib,
  "README.txt": 64 * kib,
  "manifest-sha256.txt": 16 * mib,
  "batch.json": 32 * mib,
} as const satisfies Record<string, number>;

export const partPlainCapBytes = 64 * mib;
export const partCipherCapBytes = 65 * mib;
/** Plaintext of the manifest part. */
export const manifestCapBytes = 16 * mib;
/** One line, before decoding, without its LF. */
export const lineCapBytes = mib;
export const cardCapBytes = 8 * kib;

export const bagsCap = 1000;
export const dataNamesCap = 110_000;
export const partsCap = 99_999;
export const badLinesCap = 10_000;
export const exceptionsPerPage = 1000;

export const depthCap = 64;
export const membersCap = 10_000;

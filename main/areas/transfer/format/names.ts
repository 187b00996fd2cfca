/**
 * The closed list of names on a medium, and the shapes of values that several files share
 * (docs/format.md). Patterns are anchored and have no nested repetition.
 */
export const mediumFolder = "sallyport";
export const dataFolder = "data";
export const batchFormat = "sallyport-batch@v1";
export const batchNamespace = "sallyport-batch@v1";

export const envelopeName = "batch.json";
export const bagitName = "bagit.txt";
export const bagInfoName = "bag-info.txt";
export const manifestName = "manifest-sha256.txt";
export const tagmanifestName = "tagmanifest-sha256.txt";
export const signatureName = "tagmanifest-sha256.txt.sig";
export const readmeName = "README.txt";

/** The files that the tagmanifest lists, in its order. */
export const tagFileNames = [readmeName, bagInfoName, bagitName, envelopeName, manifestName] as const;

/** The part in every volume; the other parts are numbered from 1. */
export const manifestPartName = "data/manifest.zst.age";
export const partNamePattern = /^data\/part-[0-9]{5}\.zst\.age$/;
export const parityNamePattern = /^data\/parity-[0-9]{5}\.bin$/;

/** What systems leave on media by themselves: reported, passed over, never opened. */
export function isLitterName(name: string): boolean {
  return name.startsWith("._") || litterNames.has(name);
}
const litterNames = new Set([".DS_Store", "Thumbs.db", "desktop.ini"]);

export const stationPattern = /^[0-9a-f]{32}$/;
export const lineagePattern = /^[0-9a-f]{16}$/;
export const sha256Pattern = /^[0-9a-f]{64}$/;
export const fingerprintPattern = /^SHA256:[A-Za-z0-9+/]{43}$/;
export const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** Ids of records, and names of users. */
export const recordIdPattern = /^[a-z0-9][a-z0-9._-]{0,63}$/;
export const kindPattern = /^[a-z][a-z0-9-]{0,31}$/;
export const stationNamePattern = /^[a-z0-9][a-z0-9-]{0,31}$/;

const batchIdPattern = /^b([0-9]{6,16})-[0-9a-f]{16}$/;
const bagNamePattern = /^(b[0-9]{6,16}-[0-9a-f]{16})\.v([1-9][0-9]{0,2})$/;

/** `b`, the sequence in at least 6 digits, `-` and 16 random hex digits. */
export function batchId(sequence: number, random16Hex: string): string {
  return `b${String(sequence).padStart(6, "0")}-${random16Hex}`;
}

/** The sequence in a batch id, or null when it isn't one (7 digits only begin at 1,000,000). */
export function sequenceOfBatchId(id: string): number | null {
  const digits = batchIdPattern.exec(id)?.[1];
  if (digits === undefined) return null;
  const sequence = Number(digits);
  const isCanonical = String(sequence).padStart(6, "0") === digits;
  return isCanonical && Number.isSafeInteger(sequence) && sequence > 0 ? sequence : null;
}

/** The bag of volume `volume` (1 to 999): `<batch id>.v<k>`. */
export function bagName(id: string, volume: number): string {
  return `${id}.v${volume}`;
}

/** Batch id and volume of a bag's directory name, or null. */
export function parseBagName(name: string): { id: string; volume: number } | null {
  const [, id, volume] = bagNamePattern.exec(name) ?? [];
  if (id === undefined || volume === undefined || sequenceOfBatchId(id) === null) return null;
  return { id, volume: Number(volume) };
}

/** `data/part-00001.zst.age` for 1. */
export function partName(number: number): string {
  return `data/part-${String(number).padStart(5, "0")}.zst.age`;
}

/** `data/parity-00001.bin` for 1. */
export function parityName(number: number): string {
  return `data/parity-${String(number).padStart(5, "0")}.bin`;
}

/** Whether a path in a bag, such as `data/part-00001.zst.age`, is that of a part, parity or the manifest. */
export function isPayloadName(path: string): boolean {
  return path === manifestPartName || partNamePattern.test(path) || parityNamePattern.test(path);
}

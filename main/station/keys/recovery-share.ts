import { readShareLines, writeShareLines, type LineFault } from "../../../shared/share-lines.ts";
import { equalBytes } from "../crypto/compare.ts";
import { sha256 } from "../crypto/hash.ts";

// One printed share, byte by byte: form (1) · place (1) · threshold (1) · count (1) · made at, seconds since 1970 (4) ·
// first bytes of the station's id (8) · set (16) · value (33) · length of the name (1) · name · sum (4). The set's id is a
// hash over its public key, so it commits to the secret that the shares give back.

const form = 1;
const stationBytes = 8;
const setBytes = 16;
/** An X25519 secret key and one byte of Shamir's. */
export const valueBytes = 33;
const sumBytes = 4;
const nameAt = 8 + stationBytes + setBytes + valueBytes;

export interface RecoveryShare {
  /** From 1 to `count`, as printed. */
  readonly place: number;
  readonly threshold: number;
  readonly count: number;
  /** Whole seconds. */
  readonly madeAt: string;
  /** First 16 hex digits of the station's id. */
  readonly station: string;
  readonly stationName: string;
  /** 32 hex digits. */
  readonly set: string;
  readonly value: Buffer;
}

export function writeRecoveryShare(share: RecoveryShare): string[] {
  const bytes = Buffer.alloc(nameAt + 1);
  bytes.set([form, share.place, share.threshold, share.count]);
  bytes.writeUInt32BE(Math.floor(Date.parse(share.madeAt) / 1000), 4);
  Buffer.from(share.station.slice(0, stationBytes * 2), "hex").copy(bytes, 8);
  Buffer.from(share.set, "hex").copy(bytes, 8 + stationBytes);
  share.value.copy(bytes, 8 + stationBytes + setBytes);
  const name = Buffer.from(share.stationName, "latin1");
  bytes[nameAt] = name.length;
  const body = Buffer.concat([bytes, name]);
  return writeShareLines(Buffer.concat([body, sumOf(body)]));
}

/** Reads one share; says in which line it was mistyped, or that the whole fits no share. */
export function readRecoveryShare(
  typed: string,
): { readonly share: RecoveryShare; readonly fault: null } | { readonly fault: LineFault | "sum" | "form" } {
  const read = readShareLines(typed);
  if (read.fault !== null) return { fault: read.fault };
  const whole = Buffer.from(read.bytes);
  if (whole.length < nameAt + 1 + sumBytes) return { fault: "form" };
  const body = whole.subarray(0, -sumBytes);
  if (!equalBytes(sumOf(body), whole.subarray(-sumBytes))) return { fault: "sum" };
  const [version, place = 0, threshold = 0, count = 0] = body;
  const name = body.subarray(nameAt + 1);
  if (version !== form || name.length !== body[nameAt]) return { fault: "form" };
  return {
    fault: null,
    share: {
      place,
      threshold,
      count,
      madeAt: new Date(body.readUInt32BE(4) * 1000).toISOString(),
      station: body.subarray(8, 8 + stationBytes).toString("hex"),
      stationName: name.toString("latin1"),
      set: body.subarray(8 + stationBytes, 8 + stationBytes + setBytes).toString("hex"),
      value: Buffer.from(body.subarray(8 + stationBytes + setBytes, nameAt)),
    },
  };
}

/** Lines whose every data letter is of the secret value, whatever the name's length: 90 bits each that no one guesses. */
export const secretLines: readonly number[] = [4, 5];

/** What a set is known by: 32 hex digits of a hash over everything that it is. */
export function recoverySetId(set: {
  readonly station: string;
  readonly number: number;
  readonly threshold: number;
  readonly count: number;
  readonly madeAt: string;
  readonly boxPublic: Buffer;
}): string {
  const { station, number, threshold, count, madeAt, boxPublic } = set;
  const line = JSON.stringify({ station, number, threshold, count, madeAt, box: boxPublic.toString("hex") });
  return sha256(`sallyport recovery set@v1\n${line}`).toString("hex", 0, setBytes);
}

/** What the station keeps of a share, to tell a right one from a wrong one: 256 random bits are behind it. */
export function shareCommitment(share: Pick<RecoveryShare, "set" | "place" | "value">): Buffer {
  return sha256(
    Buffer.concat([
      Buffer.from(`sallyport recovery share commitment@v1\n${share.set}\n${share.place}\n`),
      share.value,
    ]),
  );
}

/** What is kept of the line that is typed back, until it was. */
export function lineCommitment(set: string, place: number, letters: string): Buffer {
  return sha256(`sallyport recovery line@v1\n${set}\n${place}\n${letters}`);
}

/** The place of a set's public half under the master key. */
export function recoveryPlace(set: string): string {
  return `sallyport recovery set ${set}`;
}

function sumOf(body: Uint8Array): Buffer {
  return sha256(Buffer.concat([Buffer.from("sallyport recovery share@v1\n"), body])).subarray(0, sumBytes);
}

import type { LineReason } from "../../../shared/contract/reasons.ts";
import { sha256, sha256Hex } from "../../station/crypto/hash.ts";
import { fingerprint } from "../../station/crypto/sshsig.ts";
import { badLinesCap, lineCapBytes } from "./format/caps.ts";
import { FormatFault } from "./format/fault.ts";
import { checkLine, splitLines, type LineVerdict } from "./format/lines.ts";
import { verifyReceipt } from "./format/receipt.ts";

export const rowTypes = ["request", "response", "receipt"] as const;
export type RowType = (typeof rowTypes)[number];

/**
 * The good lines of a part as columns, so that they cross between threads as a few flat lists.
 * `first` and `second` are kind and user of a request, request and status of a response, batch and state
 * of a receipt; `text` is the exact body, or a receipt's payload.
 */
export interface GoodLines {
  readonly line: number[];
  /** Index into {@link rowTypes}. */
  readonly type: number[];
  readonly id: string[];
  readonly revision: number[];
  readonly createdAt: string[];
  readonly first: string[];
  readonly second: string[];
  readonly text: string[];
  readonly signature: string[];
  /** 32 bytes a line. */
  readonly sha256: Uint8Array<ArrayBuffer>;
}

/** A line that breaks a rule which needs no ledger. */
export interface BadLine {
  readonly line: number;
  readonly reason: LineReason;
  readonly bytes: number;
  readonly sha256: string;
  /** The first MiB. */
  readonly kept: Uint8Array<ArrayBuffer>;
  readonly type: string | null;
  readonly id: string | null;
}

export interface CheckedLines {
  readonly lines: number;
  readonly good: GoodLines;
  /** The first {@link badLinesCap} + 1; more only refuse the batch again. */
  readonly bad: readonly BadLine[];
}

const hashBytes = 32;

/**
 * Splits a part's plaintext and checks each line by itself.
 *
 * @param records what the manifest says the part holds
 * @param signers fingerprints under which receipts of this sender verify
 * @throws FormatFault `unterminated-part`, `record-count`
 */
export function checkLines(plain: Buffer, records: number, signers: readonly string[]): CheckedLines {
  const lines = countLines(plain);
  if (lines !== records)
    throw new FormatFault("record-count", `${lines} lines where ${records} are declared`);
  const columns = new Columns(lines);
  const bad: BadLine[] = [];
  let line = 0;
  for (const bytes of splitLines(plain)) {
    line += 1;
    const verdict = checkSignature(checkLine(bytes), signers);
    if (verdict.ok) columns.push(line, bytes, verdict);
    else {
      if (bad.length <= badLinesCap) bad.push(badLine(line, bytes, verdict.reason));
      if (bad.length > badLinesCap) break;
    }
  }
  return { lines, good: columns.finish(), bad };
}

/** A quarantined line; its first MiB is copied, because the part's memory does not stay. */
export function badLine(
  line: number,
  bytes: Buffer,
  reason: LineReason,
  type: string | null = null,
  id: string | null = null,
): BadLine {
  const kept = new Uint8Array(bytes.subarray(0, lineCapBytes));
  return { line, reason, bytes: bytes.byteLength, sha256: sha256Hex(bytes), kept, type, id };
}

function countLines(plain: Buffer): number {
  if (plain.at(-1) !== 0x0a) throw new FormatFault("unterminated-part", "the last line does not end in LF");
  let lines = 0;
  for (let at = plain.indexOf(0x0a); at >= 0; at = plain.indexOf(0x0a, at + 1)) lines += 1;
  return lines;
}

/** A receipt proves itself: by an unrevoked key of the station that signed the batch. */
function checkSignature(verdict: LineVerdict, signers: readonly string[]): LineVerdict {
  if (!verdict.ok || verdict.record.type !== "receipt") return verdict;
  const { payload, signature } = verdict.record;
  const proof = verifyReceipt(payload, signature);
  if (proof.ok && signers.includes(fingerprint(proof.publicKey))) return verdict;
  const detail = proof.ok ? "signed by a key that is not of this sender" : proof.detail;
  return { ok: false, reason: "receipt-mismatch", detail };
}

type GoodVerdict = Extract<LineVerdict, { ok: true }>;

class Columns {
  readonly #good: Omit<GoodLines, "sha256"> = {
    line: [],
    type: [],
    id: [],
    revision: [],
    createdAt: [],
    first: [],
    second: [],
    text: [],
    signature: [],
  };
  #hashes: Uint8Array<ArrayBuffer>;

  constructor(lines: number) {
    this.#hashes = new Uint8Array(Math.min(lines, 4096) * hashBytes);
  }

  push(line: number, bytes: Buffer, { record, bodyText, receipt }: GoodVerdict): void {
    const good = this.#good;
    const row = good.line.length;
    if ((row + 1) * hashBytes > this.#hashes.byteLength) {
      const more = new Uint8Array(this.#hashes.byteLength * 2 + hashBytes);
      more.set(this.#hashes);
      this.#hashes = more;
    }
    this.#hashes.set(sha256(bytes), row * hashBytes);
    good.line.push(line);
    good.type.push(rowTypes.indexOf(record.type));
    good.id.push(record.id);
    good.revision.push(record.revision);
    good.createdAt.push(record.createdAt);
    switch (record.type) {
      case "request":
        good.first.push(record.kind);
        good.second.push(record.user);
        good.text.push(bodyText ?? "");
        good.signature.push("");
        return;
      case "response":
        good.first.push(record.request);
        good.second.push(record.status);
        good.text.push(bodyText ?? "");
        good.signature.push("");
        return;
      case "receipt":
        good.first.push(receipt?.batch ?? "");
        good.second.push(receipt?.state ?? "");
        good.text.push(record.payload);
        good.signature.push(record.signature);
    }
  }

  finish(): GoodLines {
    return { ...this.#good, sha256: this.#hashes.slice(0, this.#good.line.length * hashBytes) };
  }
}

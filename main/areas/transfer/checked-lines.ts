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
 * The good lines of a part, as they cross between threads: places in the plaintext and short fields in
 * a few flat buffers, so that a part of a million lines is no million objects. Read with {@link GoodRows}.
 */
export interface GoodLines {
  readonly count: number;
  /** {@link cells} numbers a line. */
  readonly table: Int32Array<ArrayBuffer>;
  /** Id, time, first and second field of each line, one after the other; all of them ASCII. */
  readonly fields: Uint8Array<ArrayBuffer>;
  /** 32 bytes a line. */
  readonly sha256: Uint8Array<ArrayBuffer>;
  /** What a receipt has besides, by line. */
  readonly receipts: ReadonlyMap<number, ReceiptParts>;
}

interface ReceiptParts {
  /** 1 in every other record. */
  readonly revision: number;
  readonly payload: string;
  readonly signature: string;
}

/** One good line. `first` and `second`: kind and user, request and status, or batch and state. */
export interface GoodRow {
  readonly line: number;
  readonly type: RowType;
  readonly revision: number;
  readonly id: string;
  readonly createdAt: string;
  readonly first: string;
  readonly second: string;
  readonly sha256: Uint8Array;
  /** The exact bytes of the body, or a receipt's payload. */
  readonly text: Uint8Array;
  readonly signature: string;
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
  let at = 0;
  for (const bytes of splitLines(plain)) {
    const from = at;
    at += bytes.byteLength + 1;
    line += 1;
    const verdict = checkSignature(checkLine(bytes), signers);
    if (verdict.ok) columns.push(line, from, bytes, verdict);
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

/** Numbers of a line in the table: line, type, body from, body to, end of each short field. */
const cells = 8;
const fieldCells = 4;

class Columns {
  readonly #lines: number;
  readonly #receipts = new Map<number, ReceiptParts>();
  #count = 0;
  #table: Int32Array<ArrayBuffer>;
  #fields = Buffer.alloc(4096);
  #fieldsEnd = 0;
  #hashes: Uint8Array<ArrayBuffer>;

  constructor(lines: number) {
    this.#lines = lines;
    // Most lines of an honest part are good; of 64 MiB of line ends none is.
    const expected = Math.min(lines, 4096);
    this.#table = new Int32Array(expected * cells);
    this.#hashes = new Uint8Array(expected * hashBytes);
  }

  /** `at` is where the line begins in the plaintext. */
  push(line: number, at: number, bytes: Buffer, { record, body, receipt }: GoodVerdict): void {
    this.#makeRoom();
    this.#hashes.set(sha256(bytes), this.#count * hashBytes);
    const from = this.#count * cells;
    const table = this.#table;
    table[from] = line;
    table[from + 1] = rowTypes.indexOf(record.type);
    table[from + 2] = at + (body?.from ?? 0);
    table[from + 3] = at + (body?.to ?? 0);
    const [first, second] = shortFields(record, receipt);
    for (const [index, text] of [record.id, record.createdAt, first, second].entries()) {
      table[from + fieldCells + index] = this.#addField(text);
    }
    if (record.type === "receipt") {
      const { revision, payload, signature } = record;
      this.#receipts.set(line, { revision, payload, signature });
    }
    this.#count += 1;
  }

  finish(): GoodLines {
    return {
      count: this.#count,
      table: this.#table.slice(0, this.#count * cells),
      fields: new Uint8Array(this.#fields.subarray(0, this.#fieldsEnd)),
      sha256: this.#hashes.slice(0, this.#count * hashBytes),
      receipts: this.#receipts,
    };
  }

  #makeRoom(): void {
    const has = this.#table.length / cells;
    if (this.#count < has) return;
    const wants = Math.min(this.#lines, has * 2);
    const table = new Int32Array(wants * cells);
    table.set(this.#table);
    this.#table = table;
    const hashes = new Uint8Array(wants * hashBytes);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
  }

  /** Returns where it ends. */
  #addField(text: string): number {
    const end = this.#fieldsEnd + text.length;
    if (end > this.#fields.byteLength) {
      const fields = Buffer.alloc(Math.max(end, this.#fields.byteLength * 2));
      this.#fields.copy(fields, 0, 0, this.#fieldsEnd);
      this.#fields = fields;
    }
    this.#fields.write(text, this.#fieldsEnd, "latin1");
    this.#fieldsEnd = end;
    return end;
  }
}

function shortFields(record: GoodVerdict["record"], receipt: GoodVerdict["receipt"]): [string, string] {
  switch (record.type) {
    case "request":
      return [record.kind, record.user];
    case "response":
      return [record.request, record.status];
    case "receipt":
      return [receipt?.batch ?? "", receipt?.state ?? ""];
  }
}

/** Reads good lines back, beside the plaintext that they point into. */
export class GoodRows {
  readonly #good: GoodLines;
  readonly #plain: Buffer;
  readonly #fields: Buffer;

  constructor(good: GoodLines, plain: Buffer) {
    this.#good = good;
    this.#plain = plain;
    this.#fields = Buffer.from(good.fields.buffer, good.fields.byteOffset, good.fields.byteLength);
  }

  get count(): number {
    return this.#good.count;
  }

  /** The line's number; Infinity beyond the last. */
  line(index: number): number {
    return this.#good.table[index * cells] ?? Infinity;
  }

  /** How much of the plaintext its body takes. */
  textBytes(index: number): number {
    const { table } = this.#good;
    return (table[index * cells + 3] ?? 0) - (table[index * cells + 2] ?? 0);
  }

  row(index: number): GoodRow {
    const { table, sha256: hashes, receipts } = this.#good;
    const from = index * cells;
    const cell = (offset: number): number => table[from + offset] ?? 0;
    let start = index === 0 ? 0 : (table[from - 1] ?? 0);
    const next = (offset: number): string => {
      const end = cell(fieldCells + offset);
      const text = this.#fields.toString("latin1", start, end);
      start = end;
      return text;
    };
    const line = cell(0);
    const receipt = receipts.get(line);
    return {
      line,
      type: rowTypes[cell(1)] ?? "request",
      revision: receipt?.revision ?? 1,
      id: next(0),
      createdAt: next(1),
      first: next(2),
      second: next(3),
      sha256: hashes.subarray(index * hashBytes, (index + 1) * hashBytes),
      text: receipt === undefined ? this.#plain.subarray(cell(2), cell(3)) : Buffer.from(receipt.payload),
      signature: receipt?.signature ?? "",
    };
  }
}

import type { BatchReason, LineReason } from "../../../../shared/contract/reasons.ts";
import { batchReasons, lineReasons } from "../../../../shared/contract/reasons.ts";
import type { SigningKeyPair } from "../../../station/crypto/ed25519.ts";
import type { SshsigVerdict } from "../../../station/crypto/sshsig.ts";
import { signSshsig, verifySshsig } from "../../../station/crypto/sshsig.ts";
import { exceptionsPerPage } from "./caps.ts";
import {
  closedObject,
  integer,
  list,
  nullOr,
  oneOf,
  parseClosedJson,
  ShapeError,
  text,
  textLike,
} from "./closed.ts";
import { partNamePattern, sequenceOfBatchId, sha256Pattern } from "./names.ts";

/** The signature of a receipt is over its payload's UTF-8 bytes, so that it proves itself anywhere. */
export const receiptNamespace = "sallyport-receipt@v1";

export type ReceiptState = "verified" | "imported" | "refused";
export type ReceiptCounts = {
  readonly imported: number;
  readonly duplicate: number;
  readonly quarantined: number;
};
/** What became of one line; lines not listed were imported. */
export type ReceiptException = {
  readonly part: string;
  /** From 1, within its part. */
  readonly line: number;
  /** Null where the line could not be read so far. */
  readonly type: string | null;
  readonly id: string | null;
  readonly verdict: "duplicate" | "quarantined";
  /** Null for a duplicate. */
  readonly reason: LineReason | null;
};
export type ReceiptPayload = {
  readonly batch: string;
  readonly batchSha256: string;
  readonly sequence: number;
  readonly state: ReceiptState;
  /** Why a batch was refused; null otherwise. */
  readonly reason: BatchReason | null;
  /** Of the whole batch on every page; zeros unless imported. */
  readonly counts: ReceiptCounts;
  readonly people: "one" | "two";
  readonly page: number;
  readonly pages: number;
  readonly exceptions: readonly ReceiptException[];
};

/** The id of a receipt's record: `<batch>.<state>.<page>`. */
export function receiptId(payload: Pick<ReceiptPayload, "batch" | "state" | "page">): string {
  return `${payload.batch}.${payload.state}.${payload.page}`;
}

/** The pages of one receipt, 1,000 exceptions each; at least one page. */
export function receiptPages(receipt: Omit<ReceiptPayload, "page" | "pages">): readonly ReceiptPayload[] {
  const pages = Math.max(1, Math.ceil(receipt.exceptions.length / exceptionsPerPage));
  return Array.from({ length: pages }, (_, index) => ({
    ...receipt,
    page: index + 1,
    pages,
    exceptions: receipt.exceptions.slice(index * exceptionsPerPage, (index + 1) * exceptionsPerPage),
  }));
}

/** The JSON text of a payload, its fields in the order of the format page. */
export function writeReceiptPayload(payload: ReceiptPayload): string {
  const { counts } = payload;
  return JSON.stringify({
    batch: payload.batch,
    batchSha256: payload.batchSha256,
    sequence: payload.sequence,
    state: payload.state,
    reason: payload.reason,
    counts: {
      imported: counts.imported,
      duplicate: counts.duplicate,
      quarantined: counts.quarantined,
    },
    people: payload.people,
    page: payload.page,
    pages: payload.pages,
    exceptions: payload.exceptions.map(({ part, line, type, id, verdict, reason }) => ({
      part,
      line,
      type,
      id,
      verdict,
      reason,
    })),
  });
}

/**
 * Reads a payload. Whether it fits our ledger is the importer's question.
 *
 * @throws ShapeError with the path of the first broken rule
 */
export function parseReceiptPayload(payload: string): ReceiptPayload {
  const fields = closedObject(parseClosedJson(Buffer.from(payload)), "payload", [
    "batch",
    "batchSha256",
    "sequence",
    "state",
    "reason",
    "counts",
    "people",
    "page",
    "pages",
    "exceptions",
  ]);
  const sequence = integer(fields.sequence, "sequence", 1);
  const batch = text(fields.batch, "batch");
  // Whether it is the batch of this sequence, the ledger says.
  if (sequenceOfBatchId(batch) === null) throw new ShapeError("At batch: expected a batch id");
  const state = oneOf(fields.state, "state", ["verified", "imported", "refused"]);
  const pages = integer(fields.pages, "pages", 1);
  const page = integer(fields.page, "page", 1);
  if (page > pages) throw new ShapeError("At page: beyond pages");
  return {
    batch,
    batchSha256: textLike(fields.batchSha256, "batchSha256", sha256Pattern, "64 hex digits"),
    sequence,
    state,
    reason:
      state === "refused"
        ? oneOf(fields.reason, "reason", batchReasons)
        : nullOr(fields.reason, "reason", neverRead),
    counts: readCounts(fields.counts, state),
    people: oneOf(fields.people, "people", ["one", "two"]),
    page,
    pages,
    exceptions: list(fields.exceptions, "exceptions", readException, exceptionsPerPage),
  };
}

/** Signs a payload's text; nothing is added to it. */
export function signReceipt(payload: string, keyPair: SigningKeyPair): string {
  return signSshsig(Buffer.from(payload), receiptNamespace, keyPair);
}

/** Checks the signature over a payload's text; whose key it is, the caller decides. */
export function verifyReceipt(payload: string, signature: string): SshsigVerdict {
  return verifySshsig(Buffer.from(payload), signature, receiptNamespace);
}

function readCounts(value: unknown, state: ReceiptState): ReceiptCounts {
  const fields = closedObject(value, "counts", ["imported", "duplicate", "quarantined"]);
  const counts = {
    imported: integer(fields.imported, "counts.imported"),
    duplicate: integer(fields.duplicate, "counts.duplicate"),
    quarantined: integer(fields.quarantined, "counts.quarantined"),
  };
  const sum = counts.imported + counts.duplicate + counts.quarantined;
  if (state !== "imported" && sum > 0) {
    throw new ShapeError(`At counts: expected zeros, because the state is ${state}`);
  }
  return counts;
}

function readException(value: unknown, path: string): ReceiptException {
  const fields = closedObject(value, path, ["part", "line", "type", "id", "verdict", "reason"]);
  const verdict = oneOf(fields.verdict, `${path}.verdict`, ["duplicate", "quarantined"]);
  return {
    part: textLike(fields.part, `${path}.part`, partNamePattern, "the name of a part"),
    line: integer(fields.line, `${path}.line`, 1),
    type: nullOr(fields.type, `${path}.type`, text),
    id: nullOr(fields.id, `${path}.id`, text),
    verdict,
    reason:
      verdict === "quarantined"
        ? oneOf(fields.reason, `${path}.reason`, lineReasons)
        : nullOr(fields.reason, `${path}.reason`, neverRead),
  };
}

function neverRead(_value: unknown, path: string): never {
  throw new ShapeError(`At ${path}: expected null`);
}

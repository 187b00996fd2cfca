/**
 * The closed lists of the batch format, in their order: where several rules are broken the first
 * broken rule decides, then the order of these lists. Sentences for people: shared/strings/reasons.ts.
 */

/** Why a whole batch, or a bag that should carry one, is refused. */
export const batchReasons = [
  "not-a-regular-file",
  "unexpected-file",
  "missing-file",
  "too-many-files",
  "too-large",
  "fetch-txt",
  "name-mismatch",
  "bad-signature",
  "bad-key-type",
  "wrong-namespace",
  "untrusted-signer",
  "revoked-signer",
  "bad-manifest",
  "bad-bagit",
  "bad-bag-info",
  "bad-oxum",
  "bad-envelope",
  "unsupported-format",
  "part-not-in-envelope",
  "part-not-in-volume",
  "from-is-not-signer",
  "not-for-us",
  "not-decryptable",
  "bad-recipient",
  "bad-age",
  "bad-zstd",
  "plain-size",
  "plain-mismatch",
  "bad-manifest-record",
  "manifest-of-another-batch",
  "unterminated-part",
  "record-count",
  "too-many-bad-lines",
] as const;

/** Where a batch stands for the station that met it. */
export const batchStates = [
  "imported",
  "verified",
  "refused",
  "own",
  "interrupted",
  "damaged",
  "incomplete",
  "no-room",
  "held",
  "already-imported",
  "already-refused",
  "older-than-expected",
  "missing-before",
  "fork",
] as const;

/** Why one line of an accepted batch is quarantined. */
export const lineReasons = [
  "line-too-long",
  "bad-utf8",
  "nul",
  "bad-json",
  "duplicate-key",
  "forbidden-key",
  "lone-surrogate",
  "too-deep",
  "too-many-keys",
  "bad-number",
  "unknown-type",
  "bad-record",
  "wrong-direction",
  "unknown-request",
  "already-answered",
  "unknown-batch",
  "receipt-mismatch",
  "conflict",
] as const;

export type BatchReason = (typeof batchReasons)[number];
export type BatchState = (typeof batchStates)[number];
export type LineReason = (typeof lineReasons)[number];

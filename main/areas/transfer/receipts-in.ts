import type { LineReason } from "../../../shared/contract/reasons.ts";
import { parseReceiptPayload, type ReceiptPayload } from "./format/receipt.ts";
import type { OutgoingRow, StoreIn } from "./store-in.ts";
import type { StoreStage } from "./store-stage.ts";

/** Why a peer's receipt, whose shape and signature hold, does not fit our ledger; null when it does. */
export function receiptFault(ledger: StoreIn, peer: number, payload: string): LineReason | null {
  const receipt = parseReceiptPayload(payload);
  const row = ledger.outgoingByBatch(peer, receipt.batch);
  if (row === undefined) return "unknown-batch";
  const { imported, duplicate, quarantined } = receipt.counts;
  const fits =
    row.sha256 === receipt.batchSha256 &&
    row.sequence === receipt.sequence &&
    (receipt.state !== "imported" || imported + duplicate + quarantined === row.records);
  return fits ? null : "receipt-mismatch";
}

/** What the receipts of one batch did to our ledger. */
export interface Settled {
  readonly imported: number;
  readonly refused: number;
  /** Receipts that would take an end back: noted, not obeyed; and those of batches given up, which had arrived. */
  readonly contradicting: number;
}

/** States that a receipt may still move; `imported` and `refused` are ends. */
const movable: Readonly<Record<string, number>> = { sealed: 0, copied: 1, verified: 2 };

/**
 * What was given up although it had arrived: the peer's signature is the truth, and a void for it would be a fork for
 * ever. Its records are sealed again meanwhile, and come as duplicates.
 */
const arrivedAfterAll = (row: OutgoingRow, state: ReceiptPayload["state"]): boolean =>
  row.state === "voided" && state === "imported";

/**
 * Settles our batches by the receipts that an imported batch brought. Runs inside the transaction that
 * flips it, so that a receipt counts exactly when it is here.
 */
export function settleByReceipts(
  ledger: StoreIn,
  rows: StoreStage,
  peer: number,
  batch: number,
  at: string,
): Settled {
  const settled = { imported: 0, refused: 0, contradicting: 0 };
  let after = 0;
  for (;;) {
    const page = rows.receiptsOf(batch, after);
    for (const { seq, body } of page) {
      after = seq;
      const receipt = parseReceiptPayload(body);
      const row = ledger.outgoingByBatch(peer, receipt.batch);
      if (row === undefined) continue;
      const outcome = settle(ledger, row, receipt, at);
      if (outcome !== null) settled[outcome] += 1;
    }
    if (page.length === 0) return settled;
  }
}

function settle(
  ledger: StoreIn,
  row: OutgoingRow,
  receipt: ReceiptPayload,
  at: string,
): keyof Settled | null {
  const { state, counts, reason } = receipt;
  if (state === "imported" && (row.state === "imported" || row.state in movable)) {
    for (const exception of receipt.exceptions) ledger.addException(row.id, exception);
  }
  if (row.state === state) return null;
  if (arrivedAfterAll(row, state)) {
    ledger.settle(row.id, state, { reason, ...counts }, at);
    return "contradicting";
  }
  if (!(row.state in movable)) return state === "verified" ? null : "contradicting";
  ledger.settle(row.id, state, { reason, ...counts }, at);
  return state === "verified" ? null : state;
}

/** Makes the records of our refused or voided batches due again; the ledger keeps the row. */
export function releaseLostRecords(write: (run: () => void) => void, rows: StoreStage): void {
  for (const batch of rows.lostBatches()) write(() => rows.release(batch));
}

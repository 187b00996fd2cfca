import type { BatchReason } from "../../../shared/contract/reasons.ts";
import type { SigningKeyPair } from "../../station/crypto/ed25519.ts";
import { exceptionsPerPage } from "./format/caps.ts";
import {
  receiptId,
  signReceipt,
  writeReceiptPayload,
  type ReceiptCounts,
  type ReceiptException,
  type ReceiptState,
} from "./format/receipt.ts";
import type { ExceptionRow, StoreStage } from "./store-stage.ts";

export interface ReceiptPlan {
  /** Row of the batch that is answered. */
  readonly batchRow: number;
  readonly peer: number;
  readonly batch: string;
  readonly batchSha256: string;
  readonly sequence: number;
  readonly state: ReceiptState;
  readonly reason: BatchReason | null;
  readonly counts: ReceiptCounts;
  readonly people: "one" | "two";
  readonly createdAt: string;
  /** 1 for the first answer; higher when it is given again. */
  readonly revision: number;
}

const noExceptions: readonly ExceptionRow[] = [];

/**
 * Signs the pages of a receipt and puts them among our records that wait for the peer. Runs inside the
 * transaction of what it tells. A page at a time, so that a million exceptions stay out of memory.
 */
export function queueReceipt(rows: StoreStage, signing: SigningKeyPair, plan: ReceiptPlan): void {
  const isImported = plan.state === "imported";
  const total = isImported ? plan.counts.duplicate + plan.counts.quarantined : 0;
  const pages = Math.max(1, Math.ceil(total / exceptionsPerPage));
  const exceptions = (isImported ? rows.exceptions(plan.batchRow) : noExceptions)[Symbol.iterator]();
  for (let page = 1; page <= pages; page += 1) {
    const payload = writeReceiptPayload({
      batch: plan.batch,
      batchSha256: plan.batchSha256,
      sequence: plan.sequence,
      state: plan.state,
      reason: plan.reason,
      counts: plan.counts,
      people: plan.people,
      page,
      pages,
      exceptions: take(exceptions, exceptionsPerPage),
    });
    rows.addOwnReceipt({
      id: receiptId({ batch: plan.batch, state: plan.state, page }),
      createdAt: plan.createdAt,
      peer: plan.peer,
      payload,
      batch: plan.batch,
      state: plan.state,
      signature: signReceipt(payload, signing),
      revision: plan.revision,
    });
  }
}

function take(exceptions: Iterator<ExceptionRow>, count: number): ReceiptException[] {
  const taken: ReceiptException[] = [];
  while (taken.length < count) {
    const { value, done } = exceptions.next();
    if (done === true) break;
    taken.push(value as ExceptionRow);
  }
  return taken;
}

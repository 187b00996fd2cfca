import type { Kernel } from "../../station/kernel.ts";
import { signReceipt } from "./format/receipt.ts";

interface WaitingReceipt {
  readonly seq: number;
  readonly payload: string;
}

/**
 * Inside the transaction that revokes a signing key: signs the receipts that wait for a batch with the present one. A
 * peer that has heard of the revocation takes none by the old key any more. Those that are sealed already stay as they
 * are: their batch is given up, or the peer asks again. Returns how many there were.
 */
export function resignReceipts(kernel: Kernel): number {
  const waiting = kernel.store
    .prepare(
      `SELECT r.seq, r.body AS payload FROM waiting_lot w JOIN record r
         ON r.origin = 0 AND r.type = 'receipt' AND r.peer IS nullif(w.destination, 0)
        AND r.seq > w.from_seq AND r.seq <= w.to_seq`,
    )
    .all() as WaitingReceipt[];
  const signing = kernel.keyring.signing();
  const update = kernel.store.prepare("UPDATE record SET signature = ? WHERE seq = ?");
  for (const { seq, payload } of waiting) update.run(signReceipt(payload, signing), seq);
  return waiting.length;
}

import { Refusal } from "../../../shared/errors.ts";
import type { LedgerStore } from "./store-ledger.ts";
import type { TransferService } from "./transfer-service.ts";

type Readings = Pick<TransferService["handlers"], "ledger" | "history" | "outbox">;

/** What people read of batches: the ledger, its history, and what waits. */
export function createLedger(store: LedgerStore): Readings {
  return {
    ledger({ peer }) {
      return { batches: store.rows(peer) };
    },
    history({ limit, after, peer }) {
      const rows = store.entries(limit + 1, cursorOf(after), peer);
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return {
        batches: page.map(({ id: _, ...entry }) => entry),
        next: rows.length > limit && last !== undefined ? String(last.id) : null,
      };
    },
    outbox() {
      const peers = store.peers().map(({ id, name }) => {
        const waiting = store.waiting(id);
        return {
          peer: name,
          requests: waiting.request,
          responses: waiting.response,
          receipts: waiting.receipt,
          sealed: store.unsettled(id),
          missing: store.missing(id),
        };
      });
      return { peers };
    },
  };
}

function cursorOf(after: string | undefined): number | null {
  if (after === undefined) return null;
  if (!/^[1-9]\d{0,15}$/.test(after)) {
    throw new Refusal("bad-input", "At after: expected the `next` of the page before.", { path: "after" });
  }
  return Number(after);
}

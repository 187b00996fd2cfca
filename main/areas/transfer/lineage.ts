import { Refusal } from "../../../shared/errors.ts";
import type { StoreIn } from "./store-in.ts";
import type { StoreStage } from "./store-stage.ts";

/**
 * Takes the new lineage of a peer that was restored: its numbers begin again at 1. What was open of the
 * old one is taken back and held. Runs inside the transaction of the operation that persons agreed to.
 *
 * @throws Refusal `conflict` when the peer offered another lineage, or none
 */
export function acceptLineage(ledger: StoreIn, rows: StoreStage, peer: number, lineage: string): void {
  const row = ledger.peer(peer);
  if (row?.offered_lineage !== lineage) {
    throw new Refusal("conflict", `${row?.name ?? "This peer"} has not offered the lineage ${lineage}.`, {
      remedy: "Import the medium again and compare the lineage that is shown then.",
    });
  }
  for (const open of ledger.openRows(peer)) {
    if (open.lineage === lineage) continue;
    while (rows.removeSome(open.id)) continue;
    ledger.setState(open.id, "held", `of lineage ${open.lineage}, which was given up for ${lineage}`, null);
  }
  ledger.takeLineage(peer, lineage);
}

import { Refusal } from "../../../shared/errors.ts";
import { hasStaged, removeStaged, type OutcomeDeps } from "./outcome.ts";
import type { IncomingRow, StoreIn } from "./store-in.ts";

type LineageDeps = Pick<OutcomeDeps, "kernel" | "ledger" | "rows">;

/**
 * Takes back, some lines at a time, what was staged of a peer's old lineage. To be called before
 * {@link acceptLineage}, outside its transaction: a million rows in one would stop every window meanwhile.
 *
 * @throws Refusal `conflict` when the peer offered another lineage, or none
 */
export function clearOldLineage(deps: LineageDeps, peer: number, lineage: string): void {
  expectOffered(deps.ledger, peer, lineage);
  for (const open of openOfOthers(deps.ledger, peer, lineage)) {
    if (hasStaged(open)) removeStaged(deps, open.id);
  }
}

/**
 * Takes the new lineage of a peer that was restored: its numbers begin again at 1. What was open of the
 * old one is held. Runs inside the transaction of the operation that persons agreed to.
 *
 * @throws Refusal `conflict` when the peer offered another lineage, or none
 */
export function acceptLineage(ledger: StoreIn, peer: number, lineage: string): void {
  expectOffered(ledger, peer, lineage);
  for (const open of openOfOthers(ledger, peer, lineage)) {
    if (hasStaged(open)) throw new Error(`batch row ${open.id} still has staged lines`);
    ledger.setState(open.id, "held", `of lineage ${open.lineage}, which was given up for ${lineage}`, null);
  }
  ledger.takeLineage(peer, lineage);
}

function openOfOthers(ledger: StoreIn, peer: number, lineage: string): IncomingRow[] {
  return ledger.openRows(peer).filter((open) => open.lineage !== lineage);
}

function expectOffered(ledger: StoreIn, peer: number, lineage: string): void {
  const row = ledger.peer(peer);
  if (row?.offered_lineage === lineage) return;
  throw new Refusal("conflict", `${row?.name ?? "This peer"} has not offered the lineage ${lineage}.`, {
    remedy: "Import the medium again and compare the lineage that is shown then.",
  });
}

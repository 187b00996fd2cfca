import type { StoreIn } from "./store-in.ts";

/** What a manifest says that its sender holds of the reader's batches (batch-format, The manifest). */
export interface Have {
  readonly lineage: string | null;
  readonly through: number;
  readonly also: readonly number[];
  readonly safeThrough: number;
}

/** What our next manifest for a peer says of its batches. No backups yet, so nothing is safe beyond loss. */
export function haveFor(ledger: StoreIn, peer: number): Have {
  const lineage = ledger.peer(peer)?.lineage ?? null;
  if (lineage === null) return { lineage: null, through: 0, also: [], safeThrough: 0 };
  const through = ledger.through(peer, lineage);
  const also = ledger
    .beyond(peer, lineage, through)
    .filter(({ state }) => state === "verified")
    .map(({ sequence }) => sequence);
  return { lineage, through, also, safeThrough: 0 };
}

/**
 * Takes a peer's claim about our batches. It settles batches of receipts alone; all else waits for
 * receipts. What the peer had and holds no more it has lost by a restore: that is carried again (docs/format.md,
 * Restores); it can't be an earlier claim, because the batches that bring them are taken in order. Runs inside the transaction of the batch that brought it.
 *
 * @returns why the claim was ignored, or null
 */
export function takeHave(
  ledger: StoreIn,
  peer: number,
  have: Have,
  ownLineage: string,
  at: string,
): string | null {
  if (have.lineage === null && have.through === 0) return null;
  if (have.lineage !== ownLineage) return "have speaks of another lineage of ours";
  const last = ledger.lastOutgoing(peer, ownLineage);
  const isPossible =
    have.through <= last &&
    have.safeThrough <= have.through &&
    have.also.every(
      (sequence, index) => sequence > (have.also[index - 1] ?? have.through) && sequence <= last,
    );
  if (!isPossible) return "have speaks of batches that never were";
  ledger.keepHave(peer, {
    lineage: have.lineage,
    through: have.through,
    also: JSON.stringify(have.also),
    safeThrough: have.safeThrough,
  });
  ledger.noteLost(peer, ownLineage, have);
  ledger.settleReceiptsOnly(peer, ownLineage, have.through, at);
  return null;
}

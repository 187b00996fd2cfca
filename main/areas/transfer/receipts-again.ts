import type { OutcomeDeps } from "./outcome.ts";
import { queueReceipt } from "./receipts-out.ts";
import type { IncomingRow, PeerRow } from "./store-in.ts";
import type { SentReceipt } from "./store-stage.ts";
import type { SurveyedBatch } from "./survey.ts";

/**
 * Answers to one batch, the first among them. Whether the peer still needs one can't be read from a bag that comes
 * again: a stick that nobody clears brings it each time. Ten losses in a row are no accident; then the sender gives
 * the batch up, and its records come as duplicates.
 */
const mostAnswers = 10;

/**
 * Answers batches that came again and are done with once more, as the next revision of their receipts, where the last
 * answer may have been lost: with a batch of ours that the peer skipped, or one that only its `have` has settled.
 * Otherwise their sender would carry them for ever (docs/format.md, Records). To be called when all else of a medium
 * is taken in: a batch beside them may bring the `have` that tells.
 */
export function answerMetAgain(deps: OutcomeDeps, batches: readonly SurveyedBatch[]): void {
  for (const { bags, peer: id, sha256 } of batches) {
    const isDone = bags.some(({ verdict }) => verdict !== null && doneStates.has(verdict.state));
    const peer = deps.ledger.peer(id);
    const row = deps.ledger.bySha256(id, sha256);
    if (isDone && peer?.state === "trusted" && row !== undefined) answerAgain(deps, peer, row);
  }
}

const doneStates: ReadonlySet<string> = new Set(["already-imported", "already-refused"]);

function answerAgain(deps: OutcomeDeps, peer: PeerRow, row: IncomingRow): void {
  const { kernel, call, rows } = deps;
  const { batch, sha256, state, reason, sequence } = row;
  if (batch === null || sha256 === null || (state !== "imported" && state !== "refused")) return;
  const sent = rows.lastReceipt(batch, state);
  if (
    sent === undefined ||
    sent.revision - rows.firstRevision() >= mostAnswers - 1 ||
    !mayBeLost(sent, peer, kernel.identity().lineage)
  )
    return;
  const signing = kernel.keyring.signing();
  const { imported, duplicate, quarantined } = row;
  const isImported = state === "imported";
  const revision = sent.revision + 1;
  kernel.step("transfer.receipt-again");
  call.commit((event) => {
    queueReceipt(rows, signing, {
      batchRow: row.id,
      peer: peer.id,
      batch,
      batchSha256: sha256,
      sequence,
      state,
      reason: isImported ? null : reason,
      counts: isImported
        ? { imported, duplicate, quarantined }
        : { imported: 0, duplicate: 0, quarantined: 0 },
      people: kernel.identity().people,
      createdAt: kernel.clock().toISOString(),
      revision,
    });
    event({
      action: "transfer.receipt-again",
      object: batch,
      details: { peer: peer.name, sequence, state, revision },
    });
  });
  kernel.changes.publish("transfer");
}

/** Whether the batch that carried our last answer may be one that the peer never took in. */
function mayBeLost({ carrier }: SentReceipt, peer: PeerRow, lineage: string): boolean {
  // It still waits to be sealed.
  if (carrier === null) return false;
  switch (carrier.state) {
    // Settled by `have` alone, which a skipped number moves as well; any other batch is settled by a receipt.
    case "imported":
      return carrier.receiptsOnly === 1;
    case "sealed":
    case "copied":
    case "verified":
      // Each export carries it again, unless the peer is done with the number, or it is of a life before a restore.
      return (
        carrier.lineage !== lineage ||
        (peer.have_lineage === carrier.lineage && peer.have_through >= carrier.sequence)
      );
    default:
      return false;
  }
}

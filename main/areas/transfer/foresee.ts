import { parseEnvelope } from "./format/envelope.ts";
import { importedVerdict } from "./land.ts";
import { ForesightView, ledgerView, standingOf, type Standing } from "./standing.ts";
import type { PeerRow, StoreIn } from "./store-in.ts";
import type { Survey, SurveyedBatch } from "./survey.ts";
import { takenBackOn, takenBackVerdict } from "./taken-back.ts";
import { plainVerdict, type Verdict } from "./verdict.ts";

/**
 * The ledger's word for each batch of a medium, as an import would find it; records nothing. A batch that
 * would land counts as landed for those after it.
 */
export function foresee(store: StoreIn, survey: Survey): void {
  const view = new ForesightView(ledgerView(store));
  const takenBack = takenBackOn(survey);
  const judge = (batch: SurveyedBatch): void => {
    const peer = store.peer(batch.peer);
    if (peer === undefined) throw new Error(`peer ${batch.peer} is gone`);
    const envelope = parseEnvelope(batch.envelope());
    const standing = standingOf(view, store, peer, envelope, batch.sha256);
    const gone = takenBackVerdict(takenBack, batch, standing);
    if (gone === null) assume(view, peer, batch, standing);
    for (const bag of batch.bags) bag.verdict = gone ?? standingVerdict(standing);
  };
  for (const batch of survey.batches) judge(batch);
  // What had to wait may land behind a void that a later batch brought; by now all of them are known.
  for (const batch of survey.batches) if (waits(batch)) judge(batch);
}

function waits({ bags }: SurveyedBatch): boolean {
  return bags.some(({ verdict }) => verdict?.state === "missing-before");
}

/** Voids are obeyed even where the batch that brings them has to wait, once the lineage is known. */
function assume(view: ForesightView, peer: PeerRow, batch: SurveyedBatch, standing: Standing): void {
  const { sha256, sequence, lineage } = batch;
  if (standing.kind !== "next" && standing.kind !== "missing-before") return;
  if (standing.kind === "missing-before" && view.lineage(peer) === null) return;
  for (const voided of standing.voids) view.assume(peer.id, lineage, { ...voided, state: "voided" });
  if (standing.kind === "next") view.assume(peer.id, lineage, { sequence, sha256, state: "imported" });
}

/** What a standing alone says of a bag, before any part of it was read. */
export function standingVerdict(standing: Standing): Verdict {
  switch (standing.kind) {
    case "next":
      return plainVerdict("verified");
    case "already-imported":
      return importedVerdict(standing.row, "already-imported");
    case "missing-before":
      return plainVerdict("missing-before", {
        missing: standing.missing,
        detail: `numbers before it have not come: ${standing.missing.join(", ")}`,
      });
    case "already-refused":
      return plainVerdict("already-refused", { detail: standing.row.reason ?? "" });
    case "older-than-expected":
    case "held":
    case "fork":
      return plainVerdict(standing.kind, { detail: standing.detail });
  }
}

import type { Envelope } from "./format/envelope.ts";
import type { OutcomeDeps } from "./outcome.ts";
import type { Standing } from "./standing.ts";
import type { PeerRow, StoreIn } from "./store-in.ts";
import type { SurveyedBatch } from "./survey.ts";

/**
 * Envelopes kept of one peer as evidence, of forks and of other lineages each: 20 pairs tell whatever a thousand
 * would, and an envelope may have 32 MiB. The oldest stay; of later ones the event alone tells, with their hashes.
 */
const mostKept = { count: 40, bytes: 128 * 1024 * 1024 };

function mayKeep(ledger: StoreIn, peer: PeerRow, state: "fork" | "held", more: number): boolean {
  const { count, bytes } = ledger.keptEnvelopes(peer.id, state);
  return count < mostKept.count && bytes + more <= mostKept.bytes;
}

/** A fork is an alarm: both envelopes are kept, so that two operators can compare them. */
export function keepFork(
  deps: OutcomeDeps,
  peer: PeerRow,
  batch: SurveyedBatch,
  envelopeBytes: Buffer,
  standing: Extract<Standing, { kind: "fork" }>,
): void {
  const { kernel, call, ledger } = deps;
  const { other, detail } = standing;
  const held = other === null ? null : ledger.envelopeOf(other.id);
  const bag = batch.bags[0]?.name ?? "";
  kernel.step("transfer.fork");
  call.commit((event) => {
    const at = kernel.clock().toISOString();
    const common = { peer: peer.id, bag, state: "fork", reason: "fork", at };
    const { tagmanifest, signature, sha256 } = batch;
    const isKept = mayKeep(ledger, peer, "fork", envelopeBytes.byteLength + (held?.byteLength ?? 0));
    if (isKept) ledger.keepEnvelope({ ...common, sha256, envelope: envelopeBytes, tagmanifest, signature });
    if (isKept && held !== null && other !== null && other.sha256 !== null) {
      ledger.keepEnvelope({
        ...common,
        sha256: other.sha256,
        envelope: held,
        tagmanifest: null,
        signature: null,
      });
    }
    const details = {
      peer: peer.name,
      sequence: batch.sequence,
      sha256,
      other: other?.sha256 ?? null,
      detail,
      kept: isKept,
    };
    event({ action: "transfer.fork-seen", object: bag, outcome: "refused", details });
  });
  kernel.changes.publish("transfer");
}

/** Another lineage waits for a person. One that was given up before is not offered again. */
export function keepHeld(
  deps: OutcomeDeps,
  peer: PeerRow,
  batch: SurveyedBatch,
  envelopeBytes: Buffer,
  envelope: Envelope,
): void {
  const { kernel, call, ledger } = deps;
  const { lineage } = envelope.from;
  if (peer.offered_lineage === lineage || ledger.hadLineage(peer.id, lineage)) return;
  const bag = batch.bags[0]?.name ?? "";
  const { tagmanifest, signature, sha256 } = batch;
  kernel.step("transfer.lineage-offered");
  call.commit((event) => {
    const at = kernel.clock().toISOString();
    ledger.offerLineage(peer.id, lineage);
    const kept = { sha256, peer: peer.id, bag, state: "held", reason: "held", at };
    const isKept = mayKeep(ledger, peer, "held", envelopeBytes.byteLength);
    if (isKept) ledger.keepEnvelope({ ...kept, envelope: envelopeBytes, tagmanifest, signature });
    const details = {
      kept: isKept,
      lineage,
      taken: peer.lineage,
      batch: envelope.id,
      sequence: envelope.sequence,
    };
    event({ action: "transfer.lineage-offered", object: peer.name, details });
  });
  kernel.changes.publish("transfer", "peers");
}

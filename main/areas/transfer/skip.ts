import { Refusal } from "../../../shared/errors.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import { removeStaged } from "./outcome.ts";
import { SpoolIn } from "./spool-in.ts";
import type { StoreIn } from "./store-in.ts";
import type { StoreStage } from "./store-stage.ts";

export interface SkipDeps {
  readonly kernel: Kernel;
  readonly ledger: StoreIn;
  readonly rows: StoreStage;
}

/**
 * Gives up a number of a peer that will never come, so that those after it may land. What was staged of
 * it is removed first.
 *
 * @returns the number expected next
 * @throws Refusal `not-found` for an unknown peer, `conflict` for a number that is done with or that
 *   nothing waits for
 */
export function skipNumber(
  { kernel, ledger, rows }: SkipDeps,
  input: { peer: string; sequence: number; note: string },
  call: Call,
): { next: number } {
  const { sequence, note } = input;
  const peer = ledger.peerByName(input.peer);
  if (peer === undefined) throw new Refusal("not-found", `There is no peer ${input.peer} here.`);
  // Of a peer whose very first medium was lost only a later batch is known, which waits and brought no lineage yet.
  const lineage = peer.lineage ?? ledger.openRows(peer.id)[0]?.lineage;
  if (lineage === undefined) {
    throw new Refusal(
      "conflict",
      `Nothing has come from ${peer.name} yet, so no number of it can be missing.`,
    );
  }
  const next = ledger.through(peer.id, lineage) + 1;
  const seen = ledger.beyond(peer.id, lineage, next - 1).at(-1)?.sequence ?? 0;
  const row = ledger.at(peer.id, lineage, sequence);
  const isOpen = row === undefined || ["importing", "verified", "held"].includes(row.state);
  if (sequence < next || !isOpen || (sequence > seen && sequence !== next)) {
    throw new Refusal(
      "conflict",
      `Number ${sequence} of ${peer.name} can't be skipped: the next one expected is ${next}.`,
      { remedy: `Skip ${next}, or bring its medium.` },
    );
  }
  if (sequence > seen) {
    throw new Refusal(
      "conflict",
      `Number ${sequence} of ${peer.name} can't be skipped: nothing of it has come, and nothing waits for it.`,
      { remedy: "It may be on its way. Import what comes after it first, then skip it if it is lost." },
    );
  }
  if (row !== undefined) removeStaged({ kernel, rows }, row.id);
  kernel.step("transfer.skip");
  call.commit((event) => {
    const at = kernel.clock().toISOString();
    if (row === undefined)
      ledger.closeUnseen({ peer: peer.id, lineage, sequence, sha256: null, note }, "skipped", at);
    else ledger.setState(row.id, "skipped", note, at);
    event({
      action: "transfer.number-skipped",
      object: peer.name,
      details: { sequence, lineage, sha256: row?.sha256 ?? null, note },
    });
  });
  if (row?.sha256 !== null && row?.sha256 !== undefined)
    new SpoolIn(kernel.paths.spoolIn, row.sha256, kernel.step).remove();
  kernel.changes.publish("transfer");
  return { next: ledger.through(peer.id, lineage) + 1 };
}

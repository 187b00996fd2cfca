import { Refusal } from "../../../shared/errors.ts";
import type { AppendEvent, Call, Kernel } from "../../station/kernel.ts";
import type { OutStore, OwnBatch } from "./store-out.ts";

export interface GiveUpDeps {
  readonly kernel: Kernel;
  readonly store: OutStore;
}

export interface GiveUpInput {
  /** Name of the peer. */
  readonly peer: string;
  readonly sequence: number;
  /** The id of the batch, typed by a person: who knows the number alone may mean another one. */
  readonly confirm: string;
  readonly note: string;
}

/**
 * Gives up a sealed batch of ours that the peer has not settled: its records wait again, and the next batch to this
 * peer announces the void. Whoever does this knows that no medium with it is still on its way: a peer that has taken
 * it in sees a fork.
 *
 * @returns the batch and how many records wait again
 * @throws Refusal `not-found` for an unknown peer or number, `bad-input` when another batch was confirmed, `conflict`
 *   for a batch that is done with
 */
export function giveUpBatch(
  { kernel, store }: GiveUpDeps,
  input: GiveUpInput,
  call: Call,
): { batch: string; records: number } {
  const peer = store.recipient(input.peer);
  if (peer === undefined)
    throw new Refusal("not-found", `There is no peer ${input.peer} here.`, { path: "peer" });
  const batch = store.ownAt(peer.id, kernel.identity().lineage, input.sequence);
  if (batch === undefined) {
    throw new Refusal("not-found", `No batch ${input.sequence} to ${peer.name} was sealed here.`, {
      path: "sequence",
    });
  }
  refuseSettled(batch, peer.name);
  if (input.confirm.trim() !== batch.batch) {
    throw new Refusal(
      "bad-input",
      `Batch ${batch.sequence} to ${peer.name} has another id than the one typed.`,
      {
        path: "confirm",
        safe: "Nothing was given up.",
        remedy: `Type the id that the ledger shows for it: ${batch.batch}.`,
      },
    );
  }
  kernel.step("transfer.give-up");
  call.commit((event) => voidBatch({ kernel, store }, peer.name, batch, input.note, event));
  kernel.changes.publish("transfer", "requests");
  return { batch: batch.batch, records: batch.records };
}

/** What the peer has signed for is no longer ours to take back. */
function refuseSettled({ state, sequence, lostByPeer }: OwnBatch, peer: string): void {
  // Restored since, the peer waits for the number; where its bytes are gone, a void lets it go on.
  if (lostByPeer === 1) return;
  const cannot = `Batch ${sequence} to ${peer} can't be given up:`;
  switch (state) {
    case "sealed":
    case "copied":
    case "verified":
      return;
    case "imported":
      throw new Refusal("conflict", `${cannot} ${peer} has imported it.`);
    case "refused":
      throw new Refusal(
        "conflict",
        `${cannot} ${peer} has refused it, and its records wait to be sealed again already.`,
      );
    case "voided":
      throw new Refusal("conflict", `${cannot} it was given up before.`);
  }
}

/**
 * Inside the transaction of an emergency: gives up what was sealed for a peer and never copied to any medium. What
 * was copied may have arrived, so a person decides about it.
 *
 * @returns how many batches
 */
export function giveUpUnsent(deps: GiveUpDeps, peer: string, note: string, event: AppendEvent): number {
  const found = deps.store.recipient(peer);
  if (found === undefined) return 0;
  const unsent = deps.store.neverCopied(found.id, deps.kernel.identity().lineage);
  for (const batch of unsent) voidBatch(deps, peer, batch, note, event);
  return unsent.length;
}

function voidBatch(
  { kernel, store }: GiveUpDeps,
  peer: string,
  batch: OwnBatch,
  note: string,
  event: AppendEvent,
): void {
  store.giveUp(batch.id, note, kernel.clock().toISOString());
  event({
    action: "transfer.batch-given-up",
    object: batch.batch,
    details: {
      peer,
      sequence: batch.sequence,
      sha256: batch.sha256,
      was: batch.state,
      records: batch.records,
      note,
    },
  });
}

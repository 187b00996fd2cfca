import type { VerifierKey } from "../crypto/vkey.ts";
import { openNote, parseCheckpointText, type Checkpoint } from "./checkpoint.ts";
import { isConsistent } from "./proof.ts";

// What a station does as the witness of its peer's log (C2SP tlog-witness, with a stick as the wire). Pure: the caller
// keeps the head it is handed back, in the transaction in which it took the batch, before it cosigns.

/** The head of a log that a witness last found consistent. */
export type SeenHead = Pick<Checkpoint, "size" | "root">;

/** From the size that the proof begins at. */
export interface ConsistencyProof {
  readonly since: number;
  readonly hashes: readonly Uint8Array[];
}

/**
 * `consistent`: the log is what it was, and grew to `head`. `not-yet-verifiable`: no proof begins at the size we know; no
 * alarm. All others are alarms, evidence to be kept: `bad-note`, `wrong-origin`, `bad-signature`; `rolled-back`: the log is
 * shorter than it was (batches are taken in order, so this is no stick that came late); `fork`: it has another history.
 */
export type ConsistencyVerdict =
  | { readonly verdict: "consistent"; readonly head: SeenHead }
  | { readonly verdict: "not-yet-verifiable"; readonly head: SeenHead }
  | { readonly verdict: "bad-note" | "wrong-origin" | "bad-signature" }
  | { readonly verdict: "rolled-back" | "fork"; readonly head: SeenHead };

/**
 * Checks a log's checkpoint against the head that this witness saw last.
 *
 * @param seen null when it is the first of this log: it is taken with the trust in the peer's card
 * @param keys the log's verifier keys by its card, for every name that it signs under
 */
export function checkConsistency(input: {
  readonly origin: string;
  readonly keys: readonly VerifierKey[];
  readonly seen: SeenHead | null;
  readonly note: string;
  readonly proofs: readonly ConsistencyProof[];
}): ConsistencyVerdict {
  const opened = openNote(input.note, input.keys);
  if (!opened.ok) return { verdict: opened.fault === "not-a-note" ? "bad-note" : "bad-signature" };
  const checkpoint = parseCheckpointText(opened.text);
  if (checkpoint === null) return { verdict: "bad-note" };
  if (checkpoint.origin !== input.origin) return { verdict: "wrong-origin" };
  const head = { size: checkpoint.size, root: checkpoint.root };
  const { seen } = input;
  if (seen === null) return { verdict: "consistent", head };
  if (head.size === seen.size) return { verdict: head.root.equals(seen.root) ? "consistent" : "fork", head };
  if (head.size < seen.size) return { verdict: "rolled-back", head };
  const proof = input.proofs.find((one) => one.since === seen.size);
  // Every log begins with nothing: from there no proof is needed.
  if (proof === undefined && seen.size > 0) return { verdict: "not-yet-verifiable", head };
  return { verdict: isConsistent(seen, head, proof?.hashes ?? []) ? "consistent" : "fork", head };
}

/**
 * Checks what a peer says that it has witnessed of our own log. `not-ours`: the peer has seen a head of this log that the
 * log doesn't have, so this station was rolled back or its log rewritten.
 *
 * @param rootAt our log's root at a size that it has reached
 */
export function checkWitnessed(input: {
  readonly origin: string;
  readonly witnessKey: VerifierKey;
  readonly note: string;
  readonly size: number;
  readonly rootAt: (size: number) => Buffer;
}):
  | { readonly verdict: "ours" | "not-ours"; readonly head: SeenHead }
  | { readonly verdict: "bad-note" | "wrong-origin" | "bad-signature" } {
  const opened = openNote(input.note, [input.witnessKey]);
  if (!opened.ok) return { verdict: opened.fault === "not-a-note" ? "bad-note" : "bad-signature" };
  const checkpoint = parseCheckpointText(opened.text);
  if (checkpoint === null) return { verdict: "bad-note" };
  if (checkpoint.origin !== input.origin) return { verdict: "wrong-origin" };
  const head = { size: checkpoint.size, root: checkpoint.root };
  const ours = head.size <= input.size && (head.size === 0 || input.rootAt(head.size).equals(head.root));
  return { verdict: ours ? "ours" : "not-ours", head };
}

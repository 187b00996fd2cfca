import type { contract } from "../../../shared/contract/contract.ts";
import type { InferContractRouterOutputs } from "@orpc/contract";
import type { StepRow } from "./store.ts";

export type Step = InferContractRouterOutputs<typeof contract.requests>["show"]["steps"][number];
type Lane = Step["lane"];

/**
 * A request's life across the gap, in order. What this station did comes from its own log; what the peer
 * did is known only through what it signed: its receipt and its batch.
 */
export function requestLife(row: StepRow, side: "request" | "response"): Step[] {
  return side === "request" ? ownLife(row) : peerLife(row);
}

function ownLife(row: StepRow): Step[] {
  const steps: Step[] = [step("request", "submitted", row.createdAt, null, null, "own")];
  const out = { batch: row.outBatch, sequence: row.outSequence };
  if (row.outBatch !== null)
    steps.push(step("request", "sealed", row.outCreatedAt, out.batch, out.sequence, "own"));
  if (row.outCopiedAt !== null)
    steps.push(step("gap", "copied", row.outCopiedAt, out.batch, out.sequence, "own"));
  if (row.outState === "refused") {
    steps.push(step("response", "refused", row.outSettledAt, out.batch, out.sequence, "receipt"));
  }
  if (row.exceptionVerdict === "quarantined") {
    const note = row.exceptionReason ?? "";
    steps.push({
      ...step("response", "quarantined", row.outSettledAt, out.batch, out.sequence, "receipt"),
      note,
    });
  } else if (row.outState === "imported") {
    steps.push(step("response", "imported", row.outSettledAt, out.batch, out.sequence, "receipt"));
  }
  if (row.answerCreatedAt !== null && row.backState === "imported") {
    const back = { batch: row.backBatch, sequence: row.backSequence };
    steps.push(step("response", "answered", row.answerCreatedAt, null, null, "receipt"));
    steps.push(step("response", "answer-sealed", row.backCreatedAt, back.batch, back.sequence, "receipt"));
    steps.push(step("request", "answer-imported", row.backSettledAt, back.batch, back.sequence, "own"));
  }
  return steps;
}

function peerLife(row: StepRow): Step[] {
  const out = { batch: row.outBatch, sequence: row.outSequence };
  const steps: Step[] = [
    step("request", "submitted", row.createdAt, null, null, "receipt"),
    step("request", "sealed", row.outCreatedAt, out.batch, out.sequence, "receipt"),
    step("response", "imported", row.outSettledAt, out.batch, out.sequence, "own"),
  ];
  if (row.answerCreatedAt !== null)
    steps.push(step("response", "answered", row.answerCreatedAt, null, null, "own"));
  const back = { batch: row.backBatch, sequence: row.backSequence };
  if (row.backBatch !== null) {
    steps.push(step("response", "answer-sealed", row.backCreatedAt, back.batch, back.sequence, "own"));
  }
  if (row.backCopiedAt !== null)
    steps.push(step("gap", "copied", row.backCopiedAt, back.batch, back.sequence, "own"));
  if (row.backState === "imported") {
    steps.push(step("request", "answer-imported", row.backSettledAt, back.batch, back.sequence, "receipt"));
  }
  return steps;
}

function step(
  lane: Lane,
  what: Step["what"],
  at: string | null,
  batch: string | null,
  sequence: number | null,
  source: Step["source"],
): Step {
  return { lane, what, at, batch, sequence, source, note: "" };
}

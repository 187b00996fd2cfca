import { batchReasons, batchStates } from "../../../shared/contract/reasons.ts";
import { batchReasonTexts, batchStateTexts, type Explanation } from "../../../shared/strings/reasons.ts";
import type { SurveyedBag } from "./survey.ts";
import type { Verdict } from "./verdict.ts";

/** The row of `inspect` and `import`. */
export function bagRow(bag: SurveyedBag, verdict: Verdict) {
  return {
    bag: bag.name,
    batch: bag.batch,
    sequence: bag.sequence,
    sha256: bag.sha256,
    state: verdict.state,
    reason: verdict.reason,
    used: verdict.used,
    imported: verdict.imported,
    duplicate: verdict.duplicate,
    quarantined: verdict.quarantined,
  };
}

/** The row of `explain`: what it means here, in whole sentences. */
export function toldRow(bag: SurveyedBag, verdict: Verdict) {
  const { sentence, remedy } = wordsOf(verdict);
  return {
    ...bagRow(bag, verdict),
    peer: bag.peer,
    sentence: verdict.missing.length > 0 ? `${sentence} Missing: ${verdict.missing.join(", ")}.` : sentence,
    remedy,
    detail: verdict.detail,
    records: verdict.records,
    bytes: bag.bytes,
    createdAt: bag.createdAt,
    missing: [...verdict.missing],
  };
}

function wordsOf({ state, reason }: Verdict): Explanation {
  const refusal = batchReasons.find((word) => word === reason);
  if (state === "refused" && refusal !== undefined) return batchReasonTexts[refusal];
  return batchStateTexts[batchStates.find((word) => word === state) ?? state];
}

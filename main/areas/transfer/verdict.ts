import { batchReasons, type BatchReason, type BatchState } from "../../../shared/contract/reasons.ts";

/** Why a bag's way ended, before or after its number was known. Not an error of ours: an answer. */
export class BagStop extends Error {
  override readonly name = "BagStop";
  readonly state: BatchState;
  readonly reason: BatchReason | BatchState;

  /** `detail` says where in the bag, for people. */
  constructor(state: BatchState, reason: BatchReason | BatchState, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.state = state;
    this.reason = reason;
  }
}

export function refusedFor(reason: BatchReason, detail: string): BagStop {
  return new BagStop("refused", reason, detail);
}

export function stoppedAs(
  state: Exclude<BatchState, "refused">,
  detail: string,
  options?: ErrorOptions,
): BagStop {
  return new BagStop(state, state, detail, options);
}

/** What is known of a bag at the end: the row of the answer, and what people are told beside it. */
export interface Verdict {
  readonly state: BatchState;
  readonly reason: BatchReason | BatchState | null;
  readonly used: boolean;
  readonly detail: string;
  /** Numbers that have to come first, as `12` or `14 to 20`. */
  readonly missing: readonly string[];
  readonly imported: number;
  readonly duplicate: number;
  readonly quarantined: number;
  readonly records: number | null;
}

export const noCounts = { imported: 0, duplicate: 0, quarantined: 0, records: null } as const;

/** A verdict for a state whose reason is its own word. */
export function plainVerdict(state: BatchState, facts: Partial<Omit<Verdict, "state">> = {}): Verdict {
  const reason = state === "imported" || state === "verified" ? null : state;
  return { state, reason, used: usesNumber(state), detail: "", missing: [], ...noCounts, ...facts };
}

export function stopVerdict(stop: BagStop, used: boolean): Verdict {
  return { ...plainVerdict(stop.state), reason: stop.reason, used, detail: stop.message };
}

function usesNumber(state: BatchState): boolean {
  return state === "imported" || state === "already-imported" || state === "already-refused";
}

/**
 * An error that says what is wrong with a bag, whatever thread it comes from: a FormatFault, an AgeFault
 * or the same carried home by the pool. Null for a fault of ours.
 */
export function asBagStop(error: unknown): BagStop | null {
  if (error instanceof BagStop) return error;
  if (!(error instanceof Error)) return null;
  const carried = error as Error & { reason?: unknown; fields?: Readonly<Record<string, unknown>> };
  const reason = carried.reason ?? carried.fields?.["reason"];
  if (reason === "damaged") return new BagStop("damaged", "damaged", error.message, { cause: error });
  const known = batchReasons.find((word) => word === reason);
  return known === undefined ? null : new BagStop("refused", known, error.message, { cause: error });
}

import type { BagPlan } from "./forge/bag.ts";
import type { PartPlan, SealChanges, Sealed } from "./forge/batch.ts";
import type { Scene } from "./scene.ts";

/** One hostile bag and what the page says must become of it. */
export interface HostileCase {
  name: string;
  seal?: SealChanges;
  /** Content other than one harmless request. */
  parts?: readonly PartPlan[];
  bag?: BagPlan;
  /** Changes on the medium after the bag was written; `root` is the bag's path. */
  disk?: (place: { medium: string; root: string; sealed: Sealed }) => void;
  /** Prepares `seal` and `bag` where they need the scene: other peers, the reader's address. */
  prepare?: (scene: Scene) => Pick<HostileCase, "seal" | "bag" | "parts">;
  expect: Expectation;
  /** The peer is not expected to go on with this lane (its number stays open on purpose). */
  endsLane?: true;
}

export interface Expectation {
  state: string;
  /** Several where the page leaves the choice open. Default: what the state says. */
  reason?: string | null | readonly string[];
  used: boolean;
  /** What the row calls the bag; its directory when absent, `null` when it must have no row. */
  bag?: string | null;
  imported?: number;
  duplicate?: number;
  quarantined?: number;
}

/** Refused before the ledger knows the number: it stays open. */
export function refused(...reasons: readonly string[]): Expectation {
  return { state: "refused", reason: reasons, used: false };
}

/** Refused for what was signed: the number is used up. */
export function usedUp(...reasons: readonly string[]): Expectation {
  return { state: "refused", reason: reasons, used: true };
}

/** Imported whole. */
export function imports(records = 1): Expectation {
  return { state: "imported", reason: null, used: true, imported: records };
}

/** The reasons that an expectation allows, `null` included. */
export function allowedReasons(expectation: Expectation): readonly (string | null)[] {
  const { reason, state } = expectation;
  if (reason === undefined) return [state === "imported" || state === "verified" ? null : state];
  return Array.isArray(reason) ? (reason as readonly string[]) : [reason as string | null];
}

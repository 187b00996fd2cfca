import type { Access } from "../../../shared/contract/access.ts";
import type { AppendEvent } from "../kernel.ts";

/** What an area says about one of its operations that two persons must agree on. */
export interface TwoPersonStep {
  /**
   * The state that the operation acts on, as JSON: an approval holds only while it is the same. What is not in it may
   * change between the agreement and the act.
   */
  readonly state: (input: unknown) => unknown;
  /** True where one person may do it, because nobody else is there who could agree. */
  readonly alone?: (input: unknown) => boolean;
}

/** By `area.operation`. An operation that needs two and is not in it is refused. */
export type TwoPersonSteps = Readonly<Record<string, TwoPersonStep>>;

/** An agreement that the running operation uses up. */
export interface Agreement {
  readonly approval: string;
  readonly approver: string;
  /** Inside the operation's first commit: checks it again and marks it used. Throws when it no longer holds. */
  readonly use: (event: AppendEvent) => void;
}

/** Stands between the parsed input and the operation. */
export interface TwoPersonGate {
  /**
   * Null when one person suffices. Throws `needs-approval` with the request that waits, or returns the agreement that
   * covers these bytes and this state.
   */
  readonly pass: (name: string, access: Access, input: unknown, operator: string) => Agreement | null;
}

import type { KeyStore, OperatorRow } from "../../station/keys/store.ts";
import { creatureHours, isActive, standingOf } from "../../station/keys/standing.ts";
import { within, type About } from "../../station/pipeline/reach.ts";

export interface ApproverStanding {
  readonly operator: string;
  readonly reason: "may" | "asked" | "let-in" | "raised" | "role" | "disabled";
  /** When a day's wait is over; null where waiting does not help. */
  readonly until: string | null;
}

/** Whether this operator may agree to what the requester asks, and why not. */
export function approverStanding(
  row: OperatorRow,
  requester: string,
  about: About,
  now: Date,
): ApproverStanding {
  const say = (reason: ApproverStanding["reason"], until: string | null = null): ApproverStanding => ({
    operator: row.name,
    reason,
    until,
  });
  if (row.name === requester) return say("asked");
  if (!isActive(row)) return say("disabled");
  if (!mayAgree(row, about)) return say("role");
  const waits = (by: string | null, at: string | null): string | null => {
    if (by !== requester || at === null) return null;
    const until = new Date(Date.parse(at) + creatureHours * 3_600_000);
    return until > now ? until.toISOString() : null;
  };
  const letIn = waits(row.enrolled_by, row.created_at);
  const raised = waits(row.raised_by, row.raised_at);
  if (letIn !== null) return say("let-in", raised !== null && raised > letIn ? raised : letIn);
  if (raised !== null) return say("raised", raised);
  return say("may");
}

/** Whether an operator's roles reach what the step is about. */
export function mayAgree(row: OperatorRow, about: About): boolean {
  const { grants, operations } = standingOf(row);
  return isActive(row) && operations === null && within(grants, "approvals.decide", about);
}

/** Why this operator may not agree, as a sentence; null when they may. */
export function excluded(row: OperatorRow, requester: string, about: About, now: Date): string | null {
  switch (approverStanding(row, requester, about, now).reason) {
    case "may":
      return null;
    case "asked":
      return "Nobody agrees to what they asked for themselves.";
    case "disabled":
    case "role":
      return `${row.name} has no role that may agree to this.`;
    case "let-in":
    case "raised":
      return `${requester} let ${row.name} in, or changed their roles, less than ${creatureHours} hours ago.`;
  }
}

/** Everybody who is not removed, by name. */
export function standings(keys: KeyStore, requester: string, about: About, now: Date): ApproverStanding[] {
  return keys.operators().map((row) => approverStanding(row, requester, about, now));
}

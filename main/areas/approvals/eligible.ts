import type { KeyStore, OperatorRow } from "../../station/keys/store.ts";
import { isActive, standingOf } from "../../station/keys/standing.ts";
import { within, type About } from "../../station/pipeline/reach.ts";

/** Somebody whom the requester let in, or gave more rights, is the requester's creature for a day (trust.md, People). */
const creatureHours = 24;

/** Why this operator may not agree to what the requester asks; null when they may. */
export function excluded(row: OperatorRow, requester: string, about: About, now: Date): string | null {
  if (row.name === requester) return "Nobody agrees to what they asked for themselves.";
  if (!mayAgree(row, about)) return `${row.name} has no role that may agree to this.`;
  const since = new Date(now.getTime() - creatureHours * 3_600_000).toISOString();
  const enrolled = row.enrolled_by === requester && row.created_at > since;
  const raised = row.raised_by === requester && (row.raised_at ?? "") > since;
  return enrolled || raised
    ? `${requester} let ${row.name} in, or changed their roles, less than ${creatureHours} hours ago.`
    : null;
}

/** Whether an operator's roles reach what the step is about. */
export function mayAgree(row: OperatorRow, about: About): boolean {
  const { grants, operations } = standingOf(row);
  return isActive(row) && operations === null && within(grants, "approvals.decide", about);
}

/** Names of those who may agree, in order. */
export function eligible(keys: KeyStore, requester: string, about: About, now: Date): string[] {
  return keys
    .operators()
    .filter((row) => excluded(row, requester, about, now) === null)
    .map((row) => row.name);
}

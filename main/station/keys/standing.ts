import { leastRole, roleAllows, rolesRefused } from "../../../shared/roles.ts";
import type { OperatorRow } from "./store.ts";

export interface Standing {
  readonly roles: readonly string[];
  /** The stored roles made no sense here, and the least was taken in their place: say it in an event. */
  readonly fellBack: boolean;
}

/**
 * What an operator may do, from stored data. A role that this version does not know, a pair that nobody may hold, or
 * what is no list at all falls back to the least role: data that was tampered with, or comes from a newer version,
 * must not give anything.
 */
export function standingOf(row: Pick<OperatorRow, "roles">): Standing {
  const stored = parseRoles(row.roles);
  return rolesRefused(stored) === null
    ? { roles: stored, fellBack: false }
    : { roles: [leastRole], fellBack: true };
}

function parseRoles(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((role) => typeof role === "string") ? value : [];
  } catch {
    return [];
  }
}

/** Signs in and acts: neither removed nor disabled. */
export function isActive(row: OperatorRow): boolean {
  return row.state === "active" && row.disabled_at === null;
}

export function mayApprove(row: OperatorRow): boolean {
  return isActive(row) && roleAllows(standingOf(row).roles, "approvals.decide");
}

export function mayAdminister(row: OperatorRow): boolean {
  return isActive(row) && roleAllows(standingOf(row).roles, "people.manage");
}

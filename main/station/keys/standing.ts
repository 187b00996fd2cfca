import {
  grantsOf,
  holdsWhole,
  narrowingRefused,
  nothing,
  type Grant,
  type NarrowingByRole,
} from "../../../shared/narrowing.ts";
import { leastRole, rolesRefused } from "../../../shared/roles.ts";
import type { OperatorRow } from "./store.ts";

export interface Standing {
  readonly roles: readonly string[];
  readonly only: NarrowingByRole;
  /** The roles, each as far as it reaches. */
  readonly grants: readonly Grant[];
  /** Of a service operator: the only operations it may do. Null for a person. */
  readonly operations: readonly string[] | null;
  /** What is stored made no sense here, and the least was taken in its place: say it in an event. */
  readonly fellBack: boolean;
}

/** The least: looks at what has no name, and at nothing that has one. */
const least: Standing = {
  roles: [leastRole],
  only: { [leastRole]: nothing },
  grants: [{ role: leastRole, only: nothing }],
  operations: null,
  fellBack: true,
};

/**
 * What an operator may do, from stored data. A role or a kind of resource that this version does not know, a pair that
 * nobody may hold, or what is no list at all falls back to the least: data that was tampered with, or comes from a newer
 * version, must not give anything.
 */
export function standingOf(row: Pick<OperatorRow, "roles" | "narrowing" | "operations">): Standing {
  const roles = listOf(row.roles);
  const only = parsed(row.narrowing);
  const operations = row.operations === null ? null : listOf(row.operations);
  const refused = rolesRefused(roles ?? []) ?? narrowingRefused(roles ?? [], only);
  if (roles === null || refused !== null || (row.operations !== null && operations === null)) {
    return row.operations === null ? least : { ...least, operations: [] };
  }
  const narrowing = only as NarrowingByRole;
  return { roles, only: narrowing, grants: grantsOf(roles, narrowing), operations, fellBack: false };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function listOf(text: string): string[] | null {
  const value = parsed(text);
  return Array.isArray(value) && value.every((one) => typeof one === "string") ? value : null;
}

/** Signs in and acts: neither removed nor disabled. */
export function isActive(row: OperatorRow): boolean {
  return row.state === "active" && row.disabled_at === null;
}

/** May agree to any step: whose role is narrowed doesn't count among those whom a station for two needs. */
export function mayApprove(row: OperatorRow): boolean {
  const standing = standingOf(row);
  return isActive(row) && standing.operations === null && holdsWhole(standing.grants, "approvals.decide");
}

/** Somebody whom another let in, or gave more rights, is that one's creature for a day (trust.md, People). */
export const creatureHours = 24;

/** Why `row` can't stand for a second person beside `name`, who raised them a short while ago; null when they can. */
export function raisedBy(row: OperatorRow, name: string, now: Date): string | null {
  const since = new Date(now.getTime() - creatureHours * 3_600_000).toISOString();
  const enrolled = row.enrolled_by === name && row.created_at > since;
  const raised = row.raised_by === name && (row.raised_at ?? "") > since;
  return enrolled || raised
    ? `${name} let ${row.name} in, or changed their roles, less than ${creatureHours} hours ago.`
    : null;
}

export function mayAdminister(row: OperatorRow): boolean {
  const standing = standingOf(row);
  return isActive(row) && standing.operations === null && holdsWhole(standing.grants, "people.manage");
}

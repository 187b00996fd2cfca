import type * as z from "zod";
import type { presencePage, presenceSubject } from "../../../shared/contract/presence.ts";
import { roleAllows, type Permission } from "../../../shared/roles.ts";

export type Page = z.infer<typeof presencePage>;
export type SubjectKind = z.infer<typeof presenceSubject>;

/** Where somebody is. */
export interface Place {
  readonly page: Page;
  readonly subject?: { readonly kind: SubjectKind; readonly name: string } | undefined;
  readonly editing: boolean;
}

/** What it takes to look there oneself, and so to learn that somebody else does. */
const pagePermission: Record<Page, Permission> = {
  watch: "station.read",
  transfer: "transfer.read",
  requests: "requests.read",
  audit: "audit.read",
  people: "people.read",
  station: "station.read",
};
const subjectPermission: Record<SubjectKind, Permission> = {
  peer: "peers.read",
  alarms: "transfer.read",
  operator: "people.read",
  request: "requests.read",
  approval: "approvals.read",
};

/** Null for a page that these roles don't open. */
export function seenPage(roles: readonly string[], { page }: Place): Page | null {
  return roleAllows(roles, pagePermission[page]) ? page : null;
}

/** Null where there is none, or these roles may not read it or the page that it stands on. */
export function seenSubject(roles: readonly string[], place: Place): NonNullable<Place["subject"]> | null {
  const { subject } = place;
  if (subject === undefined || seenPage(roles, place) === null) return null;
  return roleAllows(roles, subjectPermission[subject.kind]) ? subject : null;
}

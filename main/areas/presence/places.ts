import type * as z from "zod";
import type { presencePage, presenceSubject } from "../../../shared/contract/presence.ts";
import { reaches, type Grant, type Resources } from "../../../shared/narrowing.ts";
import type { Permission } from "../../../shared/roles.ts";

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

/** What a narrowed role must reach to learn of it. A request is known by its id alone, which says nothing of its peer. */
function aboutSubject({ kind, name }: NonNullable<Place["subject"]>): Resources {
  if (kind === "peer" || kind === "alarms") return { peer: name };
  return kind === "request" ? { peer: null, kind: null } : {};
}

/** Null for a page that these roles don't open. */
export function seenPage(grants: readonly Grant[], { page }: Place): Page | null {
  return reaches(grants, pagePermission[page], {}) ? page : null;
}

/** Null where there is none, or these roles may not read it or the page that it stands on. */
export function seenSubject(grants: readonly Grant[], place: Place): NonNullable<Place["subject"]> | null {
  const { subject } = place;
  if (subject === undefined || seenPage(grants, place) === null) return null;
  return reaches(grants, subjectPermission[subject.kind], aboutSubject(subject)) ? subject : null;
}

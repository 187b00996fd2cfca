import { rolePermissions, roleAllows, type Permission, type Role } from "./roles.ts";

/** What a role can be narrowed to. */
export const resourceKinds = ["peer", "kind", "component", "path", "agent"] as const;
export type ResourceKind = (typeof resourceKinds)[number];

/** Names by kind of resource. A kind that is not in it is not narrowed; an empty list reaches nothing of that kind. */
export type Narrowing = { readonly [Kind in ResourceKind]?: readonly string[] | undefined };

/** What one operation is about: a name, or null where the caller named none and so means any. */
export type Resources = { readonly [Kind in ResourceKind]?: string | null };

/** A role of one operator, as far as it reaches. */
export interface Grant {
  readonly role: string;
  readonly only: Narrowing;
}

/** As stored and sent: the narrowing of each role that has one. */
export type NarrowingByRole = { readonly [Name in Role]?: Narrowing | undefined };

/** Reaches nothing that has a name: what stored data that makes no sense still gives. */
export const nothing: Narrowing = Object.fromEntries(resourceKinds.map((kind) => [kind, []]));

/** A role of everything, for each of the names. */
export function grantsOf(roles: readonly string[], only: NarrowingByRole = {}): Grant[] {
  return roles.map((role) => ({ role, only: (Object.hasOwn(only, role) && only[role as Role]) || {} }));
}

export function isNarrowed(only: Narrowing): boolean {
  return resourceKinds.some((kind) => only[kind] !== undefined);
}

/** True when some role with the permission is not narrowed at all. */
export function holdsWhole(grants: readonly Grant[], permission: Permission): boolean {
  return grants.some(({ role, only }) => !isNarrowed(only) && roleAllows([role], permission));
}

/** True when one role has the permission and reaches everything that the operation is about. */
export function reaches(grants: readonly Grant[], permission: Permission, about: Resources): boolean {
  return grants.some(({ role, only }) => roleAllows([role], permission) && covers(only, about));
}

function covers(only: Narrowing, about: Resources): boolean {
  return resourceKinds.every((kind) => {
    const names = only[kind];
    const name = about[kind];
    // What names no resource of this kind is not about it; null means any, and that is more than some.
    if (names === undefined || name === undefined) return true;
    return name !== null && names.includes(name);
  });
}

const name = /^[a-z0-9][a-z0-9._/-]{0,63}$/;

/** Why these can't narrow these roles; null when they can. */
export function narrowingRefused(roles: readonly string[], only: unknown): string | null {
  if (typeof only !== "object" || only === null || Array.isArray(only)) return "it is no narrowing";
  for (const [role, kinds] of Object.entries(only)) {
    if (!Object.hasOwn(rolePermissions, role)) return `${role} is no role of this version`;
    if (!roles.includes(role)) return `${role} is narrowed and not given`;
    if (typeof kinds !== "object" || kinds === null || Array.isArray(kinds)) return "it is no narrowing";
    for (const [kind, names] of Object.entries(kinds)) {
      if (!(resourceKinds as readonly string[]).includes(kind))
        return `${kind} is nothing that a role is narrowed to`;
      if (!Array.isArray(names) || names.length === 0) return `the names of ${kind} are missing`;
      const odd: unknown = names.find((one) => typeof one !== "string" || !name.test(one));
      if (odd !== undefined) return `${JSON.stringify(odd)} is no name of a ${kind}`;
    }
  }
  return null;
}

/** "operator: peer high, low; kind echo", for people. Empty where nothing is narrowed. */
export function narrowingText(
  only: Readonly<Record<string, Readonly<Record<string, readonly string[] | undefined>> | undefined>>,
): string {
  return Object.entries(only)
    .map(([role, kinds]) => {
      const parts = Object.entries(kinds ?? {}).map(([kind, names]) => `${kind} ${(names ?? []).join(", ")}`);
      return `${role}: ${parts.length === 0 ? "nothing" : parts.join("; ")}`;
    })
    .join(" | ");
}

/** "operator [peer high, low; kind echo]": one role, for whoever lays two edits beside each other. */
export function grantText({ role, only }: Grant): string {
  const text = narrowingText({ [role]: only }).slice(role.length + 2);
  return isNarrowed(only) ? `${role} [${text}]` : role;
}

/** Reads "peer high, low; kind echo" as a person types it. An empty text narrows nothing; a sentence says what is odd. */
export function parseNarrowing(text: string): Narrowing | string {
  const only: Record<string, string[]> = {};
  for (const part of text.split(";").map((piece) => piece.trim())) {
    if (part === "") continue;
    const [kind = "", ...rest] = part.split(/\s+/);
    const names = rest.join(" ").split(/[\s,]+/).filter((one) => one !== ""); // prettier-ignore
    (only[kind] ??= []).push(...names);
  }
  return narrowingRefused(["viewer"], { viewer: only }) ?? only;
}

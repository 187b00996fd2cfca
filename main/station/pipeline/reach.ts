import type { Access, ResourceFields } from "../../../shared/contract/access.ts";
import { Refusal } from "../../../shared/errors.ts";
import { holdsWhole, reaches, resourceKinds, type Grant, type Resources } from "../../../shared/narrowing.ts";
import type { Permission } from "../../../shared/roles.ts";

/** What an operation with this input is about; `whole`: all there is. */
export type About = Resources | "whole";

/** By `area.operation`: how an area finds what its input is about, where no field of the input says it. */
export type ResourceLookups = Readonly<Record<string, (input: unknown) => About>>;

/** What a call is about. Throws for an operation that promised a look-up and has none: nothing is let through. */
export function aboutOf(name: string, access: Access, input: unknown, lookups: ResourceLookups): About {
  const { reach } = access;
  if (reach === "whole") return "whole";
  if (reach === "none" || (typeof reach === "object" && "rows" in reach)) return {};
  if (reach === "looked-up") {
    const lookup = lookups[name];
    if (lookup === undefined) throw new Error(`${name} is about something, and nothing says what`);
    return lookup(input);
  }
  return resourcesIn(input, reach.input);
}

/** Whether these grants reach it. */
export function within(grants: readonly Grant[], permission: Permission, about: About): boolean {
  return about === "whole" ? holdsWhole(grants, permission) : reaches(grants, permission, about);
}

/** Throws `not-allowed` where the operator's roles with the permission are narrowed to something else. */
export function expectWithin(
  caller: { readonly operator: string; readonly grants: readonly Grant[] },
  name: string,
  permission: Permission,
  about: About,
): void {
  if (within(caller.grants, permission, about)) return;
  const what = about === "whole" ? "is about the whole station" : `is about ${aboutText(about)}`;
  throw new Refusal(
    "not-allowed",
    `${caller.operator} may not do this: ${name} ${what}, and their role is narrowed to something else.`,
    { safe: "Nothing was changed." },
  );
}

function aboutText(about: Resources): string {
  return resourceKinds
    .flatMap((kind) => {
      const name = about[kind];
      return name === undefined ? [] : [name === null ? `any ${kind}` : `${kind} ${name}`];
    })
    .join(", ");
}

/** Leaves out of an answer's lists what the caller's roles do not reach. */
export function filterRows(output: unknown, access: Access, grants: readonly Grant[]): unknown {
  const { reach, permission } = access;
  if (typeof reach !== "object" || !("rows" in reach) || permission === "public") return output;
  if (holdsWhole(grants, permission)) return output;
  const answer: Record<string, unknown> = { ...(output as Record<string, unknown>) };
  for (const [list, fields] of Object.entries(reach.rows)) {
    const rows = answer[list];
    if (!Array.isArray(rows)) throw new Error(`the answer has no list ${list}`);
    answer[list] = rows.filter((row) => reaches(grants, permission, resourcesIn(row, fields)));
  }
  return answer;
}

/** A field that is missing or null names nothing: it means any. */
function resourcesIn(fields: unknown, named: ResourceFields): Resources {
  const values = (fields ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(named).map(([kind, field]) => {
      const value = values[field];
      return [kind, typeof value === "string" ? value : null];
    }),
  );
}

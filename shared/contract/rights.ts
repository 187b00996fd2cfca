import { resourceKinds } from "../narrowing.ts";
import { roleAllows, roleNames, type Role } from "../roles.ts";
import type { Reach } from "./access.ts";
import { operations } from "./operations.ts";

/** What one operation asks of whoever calls it. */
export interface Right {
  /** `transfer.export`. */
  readonly operation: string;
  readonly summary: string;
  readonly effect: "read" | "change" | "reveal";
  /** `public`: nobody need be signed in. */
  readonly permission: string;
  /** Who holds that permission; every role where it is public. */
  readonly roles: readonly Role[];
  readonly twoPersons: boolean;
  readonly stepUp: boolean;
  /** What it is about, in words: how a narrowed role meets it. */
  readonly reach: string;
}

/** Who may do what, as the pipeline asks it: the docs' page, the console's and the command line's are made of it. */
export const rights: readonly Right[] = operations.map(({ name, access }) => {
  const { permission } = access;
  return {
    operation: name,
    summary: access.summary,
    effect: access.effect,
    permission,
    roles: permission === "public" ? roleNames : roleNames.filter((role) => roleAllows([role], permission)),
    twoPersons: access.twoPersons === true,
    stepUp: access.stepUp === true,
    reach: reachText(access.reach),
  };
});

function reachText(reach: Reach): string {
  if (reach === "none") return "nothing with a name";
  if (reach === "whole") return "the whole station";
  if (reach === "looked-up") return "what its id belongs to";
  const fields = "input" in reach ? [reach.input] : Object.values(reach.rows);
  const kinds = resourceKinds.filter((kind) => fields.some((each) => each[kind] !== undefined));
  return "input" in reach ? `the ${kinds.join(" and ")} named` : `rows by ${kinds.join(" and ")}`;
}

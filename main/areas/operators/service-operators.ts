import { accessOf } from "../../../shared/contract/operations.ts";
import { Refusal } from "../../../shared/errors.ts";
import { roleAllows, type Permission } from "../../../shared/roles.ts";

/** What a login without a person never holds (trust.md, People): people, keys, and whatever overrides a refusal. */
const neverServed: readonly Permission[] = [
  "people.manage",
  "approvals.decide",
  "keys.export",
  "peers.manage",
  "station.manage",
  "transfer.override",
];

/** Areas whose operations are a person's alone, whatever their permission. */
const personalAreas: readonly string[] = ["session", "approvals", "operators"];

/** Throws `bad-input` naming the first operation that a service operator with these roles can't hold. */
export function refuseService(roles: readonly string[], operations: readonly string[]): void {
  const odd = roles.find((role) => role !== "operator" && role !== "viewer");
  if (odd !== undefined) {
    throw new Refusal("bad-input", `At roles: a service operator is operator or viewer, never ${odd}.`, {
      path: "roles",
    });
  }
  for (const name of operations) {
    const why = notServed(roles, name);
    if (why !== null)
      throw new Refusal("bad-input", `At operations: ${name} ${why}.`, { path: "operations" });
  }
}

function notServed(roles: readonly string[], name: string): string | null {
  const access = accessOf(name);
  if (access === undefined) return "is no operation of this version";
  if (access.permission === "public") return "needs no login";
  const personal =
    personalAreas.includes(name.split(".")[0] ?? "") ||
    neverServed.includes(access.permission) ||
    access.twoPersons === true ||
    access.stepUp === true ||
    access.effect === "reveal";
  if (personal) return "is for a person alone";
  return roleAllows(roles, access.permission) ? null : `is not in the role ${roles.join(", ")}`;
}

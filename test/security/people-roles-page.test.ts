import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { operations } from "../../shared/contract/operations.ts";
import { rights } from "../../shared/contract/rights.ts";
import { roleAllows, roleNames } from "../../shared/roles.ts";
import { rolesPage, rolesPagePath } from "../../scripts/roles-page.ts";
import { openPeople } from "./people.ts";

test("docs/roles.md is what the contract says; if not: node scripts/roles-page.ts", () => {
  expect(readFileSync(rolesPagePath, "utf8")).toBe(rolesPage());
});

describe("every operation by every role", () => {
  test("is refused by the pipeline exactly where the table says so", async () => {
    const people = await openPeople();
    const others = roleNames.filter((role) => role !== "administrator");
    // The approver last: from the second who may agree on, two let people in.
    for (const role of [
      "administrator",
      ...others.filter((name) => name !== "approver"),
      "approver",
    ] as const) {
      const person = role === "administrator" ? people.ada : await people.enrol(`one-${role}`, [role]);
      for (const { name, access } of operations) {
        if (access.permission === "public") continue;
        const [area = "", verb = ""] = name.split(".");
        const calls = person.client as unknown as Record<
          string,
          Record<string, (input: unknown) => Promise<unknown>>
        >;
        // An input that no schema takes: whoever may is told so, whoever may not is told that first.
        const answer = await calls[area]?.[verb]?.({ "no such field": 1 }).catch((error: unknown) => error);
        const { code } = answer as { code?: string };
        const expected = roleAllows([role], access.permission) ? "bad-input" : "not-allowed";
        expect({ role, name, code }).toEqual({ role, name, code: expected });
        people.now += 10;
      }
    }
    await people.close();
  });
});

test("the table that is shown names every operation once, and no role that does not hold it", () => {
  expect(rights.map(({ operation }) => operation)).toEqual(operations.map(({ name }) => name));
  for (const right of rights) {
    for (const role of roleNames) {
      const { access } = operations.find(({ name }) => name === right.operation) ?? {};
      const holds =
        access?.permission === "public" || (access !== undefined && roleAllows([role], access.permission));
      expect({ ...right, holds: right.roles.includes(role) }).toEqual({ ...right, holds });
    }
  }
});

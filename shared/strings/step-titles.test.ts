import { expect, test } from "vitest";
import { contract } from "../contract/contract.ts";
import type { Access } from "../contract/access.ts";
import { stepTitle } from "./step-titles.ts";

const forTwo = Object.entries(contract).flatMap(([area, verbs]) =>
  Object.entries(verbs)
    .filter(([, verb]) => (verb["~orpc"].meta as Access).twoPersons === true)
    .map(([verb]) => `${area}.${verb}`),
);

test.each(forTwo)("the second person reads what %s would do, not its name", (operation) => {
  expect(stepTitle({ operation, input: "{}", summary: "its summary" })).not.toBe("its summary");
});

test("a title names what it is done to", () => {
  const input = JSON.stringify({ name: "bob", roles: ["approver", "operator"] });
  expect(stepTitle({ operation: "operators.roles", input, summary: "" })).toBe(
    "Give bob the roles approver, operator",
  );
});

test("a step of a newer version is told by its summary", () => {
  expect(stepTitle({ operation: "moon.land", input: "{}", summary: "Land" })).toBe("Land");
});

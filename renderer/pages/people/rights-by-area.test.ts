import { expect, test } from "vitest";
import { rights } from "../../../shared/contract/rights.ts";
import { areasOf } from "./rights-by-area.ts";

const of = (roles: readonly string[], operations: readonly string[] | null = null) =>
  Object.fromEntries(areasOf(rights, { roles, operations }).map(({ area, ...row }) => [area, row]));

test("a viewer sees and does nothing in the areas of work", () => {
  expect(of(["viewer"])).toMatchObject({
    transfer: { see: true, act: false, ask: false },
    peers: { see: true, act: false, ask: false },
    requests: { see: true, act: false, ask: false },
  });
});

test("an administrator asks a second person for what needs two, and one's own session is not listed", () => {
  const areas = of(["administrator"]);
  expect(areas).toMatchObject({ peers: { see: true, act: true, ask: true }, operators: { ask: true } });
  expect(areas).not.toHaveProperty("session");
});

test("a service operator does what is listed and nothing else", () => {
  const areas = of(["viewer"], ["transfer.export"]);
  expect(Object.entries(areas).filter(([, row]) => row.see || row.act || row.ask)).toEqual([
    ["transfer", { see: false, act: true, ask: false }],
  ]);
});

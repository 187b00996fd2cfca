import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { attackRows, factRows, type Evidence } from "./attack-rows.ts";

// Every attack of the list has a test that exists under the title that the list gives.

function expectShown([file, title]: Evidence): void {
  const path = new URL(`../../${file}`, import.meta.url);
  expect(existsSync(path), `${file} is not there`).toBe(true);
  const text = readFileSync(path, "utf8");
  // A title stands first in a call of test or of what test.each gives.
  const call = new RegExp(
    `\\(\\s*${JSON.stringify(title).replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}\\s*,`,
  );
  expect(call.test(text), `${file} has no test "${title}"`).toBe(true);
}

describe("the attacks of research/audit-ops.md", () => {
  test("are all in the table, once", () => {
    expect(attackRows.map(({ row }) => row)).toEqual(Array.from({ length: 24 }, (_, at) => at + 1));
    expect(factRows.map(({ fact }) => fact)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test.each(attackRows.map((one) => [one.row, one.attack, one] as const))(
    "row %i, %s, is run by a test that exists",
    (_row, _attack, one) => {
      expect(one.shownBy.length).toBeGreaterThan(0);
      for (const evidence of one.shownBy) expectShown(evidence);
    },
  );

  test.each(factRows.map((one) => [one.fact, one.what, one] as const))(
    "fact %i, %s, is run by a test that exists",
    (_fact, _what, one) => {
      expect(one.shownBy.length).toBeGreaterThan(0);
      for (const evidence of one.shownBy) expectShown(evidence);
    },
  );
});

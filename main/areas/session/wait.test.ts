import { expect, test } from "vitest";
import { waitAfter } from "./wait.ts";

test("three wrong passphrases cost nothing, then the wait doubles up to a quarter of an hour", () => {
  expect([1, 2, 3, 4, 5, 6].map(waitAfter)).toEqual([0, 0, 0, 1, 2, 4]);
  expect(waitAfter(13)).toBe(512);
  expect(waitAfter(14)).toBe(900);
  expect(waitAfter(100_000)).toBe(900);
});

import { expect, test } from "vitest";
import { hashCode, makeCode } from "./code.ts";

test("a code has 25 letters of base 32 in groups of five, and no two are alike", () => {
  const codes = Array.from({ length: 200 }, makeCode);
  expect(new Set(codes).size).toBe(200);
  for (const code of codes) expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{5}$/);
});

test("a code typed in small letters, without hyphens, with O for 0 and l for 1 is the same code", () => {
  const hash = hashCode("invitation", "01ABC-DEFGH-JKMNP-QRSTV-WXYZ0");
  expect(hashCode("invitation", "olabc defgh jkmnp qrstv wxyzo")).toEqual(hash);
  expect(hashCode("recovery", "01ABC-DEFGH-JKMNP-QRSTV-WXYZ0")).not.toEqual(hash);
});

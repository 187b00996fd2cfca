import { describe, expect, test } from "vitest";
import { placeOf } from "./place.ts";

describe("a fragment", () => {
  test("is a page and its filters", () => {
    expect(placeOf("#/transfer/ledger")).toEqual({ path: "/transfer/ledger", search: "" });
    expect(placeOf("#/transfer/ledger?peer=low&x=%20")).toEqual({
      path: "/transfer/ledger",
      search: "peer=low&x=%20",
    });
  });

  test("that is no path is home, also a token", () => {
    for (const hash of ["", "#", "#t=abc-DEF_123", "#t=a/b?c", "#transfer"]) {
      expect(placeOf(hash)).toEqual({ path: "/", search: "" });
    }
  });
});

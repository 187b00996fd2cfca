import { ORPCError } from "@orpc/client";
import { describe, expect, test } from "vitest";
import { errorStatus } from "../../shared/errors.ts";
import { errorStrings } from "../../shared/strings/errors.ts";
import { toFailure, waitSeconds } from "./failure.ts";

describe("an error becomes sentences", () => {
  test("the station's own words go before ours", () => {
    const error = new ORPCError("medium-failed", {
      message: "The medium refused to write part 20.",
      data: { remedy: "Use another stick.", reference: "7QK2-M9XD" },
    });
    expect(toFailure(error, "Export did not succeed.")).toEqual({
      what: "Export did not succeed.",
      why: "The medium refused to write part 20.",
      safe: errorStrings["medium-failed"].safe,
      remedy: "Use another stick.",
      reference: "7QK2-M9XD",
    });
  });

  test("every code of the closed set has what is safe and what to do", () => {
    for (const code of Object.keys(errorStatus)) {
      expect(errorStrings).toHaveProperty(code);
    }
  });

  test("what is not an answer of the station is a lost connection, not a stack trace", () => {
    const failure = toFailure(new TypeError("x is undefined"), "Could not read the ledger.");
    expect(failure.why).not.toContain("undefined");
    expect(failure.remedy).not.toBe("");
  });

  test("the wait of a refused sign-in is read from the error", () => {
    expect(waitSeconds(new ORPCError("wait", { message: "Wait.", data: { seconds: 8 } }))).toBe(8);
    expect(waitSeconds(new Error("x"))).toBe(0);
  });
});

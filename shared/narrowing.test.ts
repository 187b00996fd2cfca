import { describe, expect, test } from "vitest";
import fc from "fast-check";
import {
  grantsOf,
  holdsWhole,
  narrowingRefused,
  narrowingText,
  nothing,
  parseNarrowing,
  reaches,
  resourceKinds,
} from "./narrowing.ts";

const operator = (only: Parameters<typeof grantsOf>[1]) => grantsOf(["operator"], only);

describe("a narrowed role", () => {
  test("reaches the names it is narrowed to, and no operation that names none", () => {
    const grants = operator({ operator: { peer: ["high"] } });
    expect(reaches(grants, "requests.submit", { peer: "high" })).toBe(true);
    expect(reaches(grants, "requests.submit", { peer: "far" })).toBe(false);
    expect(reaches(grants, "requests.submit", { peer: null })).toBe(false);
  });

  test("is free in a kind that it is not narrowed in, and in what is about none", () => {
    const grants = operator({ operator: { peer: ["high"] } });
    expect(reaches(grants, "requests.submit", { kind: "echo" })).toBe(true);
    expect(reaches(grants, "requests.submit", {})).toBe(true);
    expect(holdsWhole(grants, "requests.submit")).toBe(false);
  });

  test("does not lend its reach to another role of the same person", () => {
    const grants = grantsOf(["viewer", "operator"], { operator: { peer: ["high"] } });
    expect(reaches(grants, "requests.submit", { peer: "far" })).toBe(false);
    expect(reaches(grants, "requests.read", { peer: "far" })).toBe(true);
    expect(holdsWhole(grants, "requests.read")).toBe(true);
  });

  test("narrowed to nothing reaches nothing that has a name", () => {
    const grants = grantsOf(["viewer"], { viewer: nothing });
    for (const kind of resourceKinds) expect(reaches(grants, "peers.read", { [kind]: "x" })).toBe(false);
  });
});

describe("what is no narrowing", () => {
  test.each([
    [null, "it is no narrowing"],
    [[], "it is no narrowing"],
    [{ king: {} }, "king is no role of this version"],
    [{ viewer: {} }, "viewer is narrowed and not given"],
    [{ operator: [] }, "it is no narrowing"],
    [{ operator: { planet: ["mars"] } }, "planet is nothing that a role is narrowed to"],
    [{ operator: { peer: [] } }, "the names of peer are missing"],
    [{ operator: { peer: "high" } }, "the names of peer are missing"],
    [{ operator: { peer: ["HIGH"] } }, '"HIGH" is no name of a peer'],
    [{ operator: { peer: [5] } }, "5 is no name of a peer"],
  ])("%j: %s", (only, why) => {
    expect(narrowingRefused(["operator"], only)).toBe(why);
  });

  test("whatever is stored, nothing throws and nothing unknown passes", () => {
    const refusedOrKnown = fc.property(fc.jsonValue(), (value) => {
      const why = narrowingRefused(["operator"], value);
      return why !== null || Object.keys(value as object).every((role) => role === "operator");
    });
    expect(fc.check(refusedOrKnown).failed).toBe(false);
  });
});

describe("as a person types it", () => {
  test.each([
    ["", {}],
    ["peer high", { peer: ["high"] }],
    ["peer high, far; kind echo", { peer: ["high", "far"], kind: ["echo"] }],
    ["  peer  high ;; peer far ", { peer: ["high", "far"] }],
    ["peer", "the names of peer are missing"],
    ["planet mars", "planet is nothing that a role is narrowed to"],
  ])("%j", (text, read) => expect(parseNarrowing(text)).toEqual(read));

  test("what is shown is read back", () => {
    const only = { operator: { peer: ["high", "far"], kind: ["echo"] } };
    expect(narrowingText(only)).toBe("operator: peer high, far; kind echo");
    expect(parseNarrowing("peer high, far; kind echo")).toEqual(only.operator);
  });
});

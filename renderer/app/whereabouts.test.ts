import { describe, expect, test } from "vitest";
import { whereaboutsOf } from "./whereabouts.ts";

describe("what a window tells of its place", () => {
  test.each([
    ["/", { page: "watch" }],
    ["/transfer/peers/high", { page: "transfer", subject: { kind: "peer", name: "high" } }],
    ["/transfer/peers/add", { page: "transfer" }],
    ["/transfer/alarms/high", { page: "transfer", subject: { kind: "alarms", name: "high" } }],
    ["/people/bob", { page: "people", subject: { kind: "operator", name: "bob" } }],
    ["/people/sessions", { page: "people" }],
    ["/people/approvals/a-00", { page: "people", subject: { kind: "approval", name: "a-00" } }],
    ["/requests/all/r-1", { page: "requests", subject: { kind: "request", name: "r-1" } }],
    ["/nowhere", { page: "watch" }],
  ])("%s", (path, told) => {
    expect(whereaboutsOf(path)).toEqual(told);
  });

  test("hands on nothing that was typed into an address", () => {
    for (const path of ["/people/<img>", "/transfer/peers/A%20b", `/people/${"x".repeat(65)}`]) {
      expect(whereaboutsOf(path).subject).toBeUndefined();
    }
  });
});

import { expect, test } from "vitest";
import { factsOf, groupsOf, type ApprovalRow } from "./approval-view.ts";

const row = (approval: string, more: Partial<ApprovalRow>): ApprovalRow => ({
  approval,
  operation: "peers.trust",
  summary: "",
  requester: "admin",
  digest: "",
  state: "waiting",
  reason: null,
  requestedAt: "",
  approveBy: "2026-01-02T00:00:00.000Z",
  approver: null,
  decidedAt: null,
  executeBy: null,
  input: "{}",
  ...more,
});

test("what waits comes first, and of that what lapses first", () => {
  const groups = groupsOf([
    row("late", {}),
    row("done", { state: "used" }),
    row("agreed", { state: "approved", executeBy: "2026-01-01T00:00:00.000Z" }),
    row("soon", { approveBy: "2026-01-01T00:00:00.000Z" }),
  ]);
  expect(groups.waiting.map((one) => one.approval)).toEqual(["soon", "late"]);
  expect(groups.approved.map((one) => one.approval)).toEqual(["agreed"]);
  expect(groups.settled.map((one) => one.approval)).toEqual(["done"]);
});

test("a state is read as names and values, whatever its shape", () => {
  expect(
    factsOf(
      JSON.stringify({ peer: { name: "high", offeredLineage: null }, cards: [{ serial: 1 }], none: [] }),
    ),
  ).toEqual([
    { name: "peer name", value: "high" },
    { name: "peer offered lineage", value: null },
    { name: "cards 1 serial", value: 1 },
    { name: "none", value: null },
  ]);
  expect(factsOf("null")).toEqual([]);
});

import { expect, test } from "vitest";
import type { OperatorRow } from "../../station/keys/store.ts";
import { approverStanding } from "./eligible.ts";

const now = new Date("2026-01-02T12:00:00.000Z");
const row = (more: Partial<OperatorRow>): OperatorRow => ({
  id: 2,
  name: "bob",
  roles: '["approver"]',
  narrowing: "{}",
  operations: null,
  state: "active",
  created_at: "2025-01-01T00:00:00.000Z",
  enrolled_by: "admin",
  raised_by: null,
  raised_at: null,
  disabled_at: null,
  disabled_why: null,
  signed_in_at: null,
  failures: 0,
  wait_until: null,
  ...more,
});

test.each([
  ["long here, with a role that agrees", {}, "may", null],
  ["the asker", { name: "admin" }, "asked", null],
  ["without a role that agrees", { roles: '["operator"]' }, "role", null],
  ["disabled", { disabled_at: "2026-01-01T00:00:00.000Z" }, "disabled", null],
  [
    "let in today by the asker",
    { created_at: "2026-01-02T01:00:00.000Z" },
    "let-in",
    "2026-01-03T01:00:00.000Z",
  ],
  [
    "let in and raised today by the asker",
    { created_at: "2026-01-02T01:00:00.000Z", raised_by: "admin", raised_at: "2026-01-02T03:00:00.000Z" },
    "let-in",
    "2026-01-03T03:00:00.000Z",
  ],
  [
    "raised today by the asker",
    { raised_by: "admin", raised_at: "2026-01-02T11:00:00.000Z" },
    "raised",
    "2026-01-03T11:00:00.000Z",
  ],
  ["raised today by another", { raised_by: "carol", raised_at: "2026-01-02T11:00:00.000Z" }, "may", null],
  ["let in exactly a day ago", { created_at: "2026-01-01T12:00:00.000Z" }, "may", null],
] as const)("an operator %s", (_, more, reason, until) => {
  const { name } = row(more);
  expect(approverStanding(row(more), "admin", "whole", now)).toEqual({ operator: name, reason, until });
});

import type { InferContractRouterOutputs } from "@orpc/contract";
import type { Contract } from "../../../shared/contract/contract.ts";
import type { StatusKind } from "../../ui/glyph.tsx";

type Outputs = InferContractRouterOutputs<Contract>["approvals"];

/** A row of the list, and all that one request shows. */
export type ApprovalRow = Outputs["list"]["approvals"][number];
export type ApprovalDetailView = Outputs["show"];

export const shapes: Record<ApprovalRow["state"], StatusKind> = {
  waiting: "two",
  approved: "held",
  refused: "failed",
  void: "off",
  expired: "off",
  used: "done",
};

/** The clock that a request runs against: to be agreed to, or to be done. Null once it is settled. */
export function deadlineOf(row: ApprovalRow): string | null {
  if (row.state === "waiting") return row.approveBy;
  return row.state === "approved" ? row.executeBy : null;
}

/** In the order of the page: what waits (the least time first), what was agreed, what is settled (as listed). */
export function groupsOf(
  rows: readonly ApprovalRow[],
): Record<"waiting" | "approved" | "settled", ApprovalRow[]> {
  const byDeadline = (a: ApprovalRow, b: ApprovalRow): number =>
    (deadlineOf(a) ?? "") < (deadlineOf(b) ?? "") ? -1 : 1;
  return {
    waiting: rows.filter((row) => row.state === "waiting").toSorted(byDeadline),
    approved: rows.filter((row) => row.state === "approved").toSorted(byDeadline),
    settled: rows.filter((row) => deadlineOf(row) === null),
  };
}

type Json = NamedFact["value"] | readonly Json[] | { readonly [field: string]: Json };

interface NamedFact {
  readonly name: string;
  readonly value: string | number | boolean | null;
}

/** What a step acts on as names and values, one level deep: objects within are named by their way, lists by their place. */
export function factsOf(actsOn: string): readonly NamedFact[] {
  const facts: NamedFact[] = [];
  const walk = (name: string, value: Json): void => {
    if (typeof value === "object" && value !== null) {
      const within = Object.entries(value);
      if (within.length > 0) {
        for (const [field, inner] of within) {
          walk(
            [name, Array.isArray(value) ? `${Number(field) + 1}` : words(field)].filter(Boolean).join(" "),
            inner,
          );
        }
        return;
      }
      facts.push({ name, value: null });
      return;
    }
    facts.push({ name, value });
  };
  const root = JSON.parse(actsOn) as Json;
  if (root !== null) walk("", root);
  return facts;
}

/** `offeredLineage` and `raised_at` as people read them. */
function words(field: string): string {
  return field
    .replaceAll(/[_]/g, " ")
    .replaceAll(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
}

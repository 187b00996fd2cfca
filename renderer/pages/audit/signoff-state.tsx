import { en } from "../../../shared/strings/en.ts";
import type { client } from "../../rpc.ts";
import { Status } from "../../ui/status.tsx";

const text = en.audit.signoffs;

export type Signoff = Awaited<ReturnType<typeof client.signoffs.list>>["signoffs"][number];

/** How far something is signed for; a broken signature is told before anything else. */
export function SignoffState({ row }: { row: Signoff }) {
  if (!row.first.holds || row.second?.holds === false) {
    return <Status kind="failed">{text.broken}</Status>;
  }
  return row.state === "whole" ? (
    <Status kind="proved">{row.second === null ? text.states.alone : text.states.whole}</Status>
  ) : (
    <Status kind="two">{text.states.waiting}</Status>
  );
}

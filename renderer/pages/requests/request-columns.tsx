import { useMemo } from "react";
import { en } from "../../../shared/strings/en.ts";
import { useSession } from "../../app/session.ts";
import { Id } from "../../ui/fact.tsx";
import { formatBytes, formatCount } from "../../ui/format.ts";
import type { StatusKind } from "../../ui/glyph.tsx";
import { OutsideText } from "../../ui/outside-text.tsx";
import type { Side } from "../../ui/side.tsx";
import { Status } from "../../ui/status.tsx";
import type { Column } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";

const text = en.requests;

export interface RequestRow {
  readonly id: string;
  readonly kind: string;
  readonly user: string;
  readonly state: keyof typeof text.states;
  readonly createdAt: string;
  readonly peer: string | null;
  readonly bodyBytes: number;
  readonly batchOut: number | null;
  readonly batchBack: number | null;
}

const shapes: Record<RequestRow["state"], StatusKind> = {
  waiting: "waiting",
  sealed: "running",
  imported: "running",
  answered: "done",
  refused: "failed",
};

/** A finished request is grey: what proves it is its receipt, shown in its life. */
export function RequestState({ state, side }: { state: RequestRow["state"]; side: Side }) {
  const here = side === "response" && state === "imported" ? "waiting" : shapes[state];
  return <Status kind={here}>{(side === "request" ? text.states : text.statesHere)[state]}</Status>;
}

/** `compact` leaves room for a detail beside the list: the clock alone, and no sizes. */
export function useRequestColumns(compact: boolean): readonly Column<RequestRow>[] {
  const { side } = useSession();
  return useMemo(() => {
    const all: readonly Column<RequestRow>[] = [
      {
        id: "request",
        head: text.columns.request,
        width: compact ? 148 : 168,
        strong: true,
        always: true,
        cell: (row) => <Id value={row.id} keep={20} />,
        copy: (row) => row.id,
      },
      { id: "kind", head: text.columns.kind, width: 76, cell: (row) => <OutsideText text={row.kind} /> },
      { id: "user", head: text.columns.user, cell: (row) => <OutsideText text={row.user} /> },
      {
        id: "state",
        head: text.columns.state,
        width: 132,
        cell: (row) => <RequestState state={row.state} side={side} />,
      },
      {
        id: "submitted",
        head: text.columns.submitted,
        width: compact ? 76 : 200,
        cell: (row) => (
          <Time at={row.createdAt} {...(compact ? { show: "clock" as const, zone: false } : {})} />
        ),
      },
      {
        id: "bytes",
        head: text.columns.bytes,
        width: 72,
        figures: true,
        cell: (row) => formatBytes(row.bodyBytes),
      },
      {
        id: "out",
        head: text.columns.out,
        width: 44,
        figures: true,
        cell: (row) => (row.batchOut === null ? "" : formatCount(row.batchOut)),
      },
      {
        id: "back",
        head: text.columns.back,
        width: 44,
        figures: true,
        cell: (row) => (row.batchBack === null ? "" : formatCount(row.batchBack)),
      },
    ];
    return compact ? all.filter((column) => column.id !== "bytes") : all;
  }, [side, compact]);
}

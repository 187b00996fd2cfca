import { useMemo } from "react";
import { en } from "../../../shared/strings/en.ts";
import { useSession } from "../../app/session.ts";
import { formatBytes, formatCount } from "../../ui/format.ts";
import type { StatusKind } from "../../ui/glyph.tsx";
import { OutsideText } from "../../ui/outside-text.tsx";
import { otherSide, StationTag } from "../../ui/side.tsx";
import { Status } from "../../ui/status.tsx";
import type { Column } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import styles from "./entry-columns.module.css";

const text = en.transfer.ledger;

/** A batch in the ledger, ours or a peer's. */
export interface Entry {
  readonly peer: string;
  readonly direction: "request-to-response" | "response-to-request";
  readonly sequence: number;
  /** Null for a number that was given up unseen. */
  readonly batch: string | null;
  readonly sha256: string | null;
  readonly state: keyof typeof text.states;
  readonly own: boolean;
  readonly reason: string | null;
  readonly records: number;
  readonly bytes: number;
  readonly imported: number;
  readonly duplicate: number;
  readonly quarantined: number;
  readonly readBack: "remounted" | "direct" | "none" | null;
  readonly medium: string | null;
  readonly createdAt: string;
  readonly copiedAt: string | null;
  readonly settledAt: string | null;
}

/** Names a row: the batch id where there is one, else peer, way and number. */
export function entryKey(entry: Entry): string {
  return entry.batch ?? `${entry.peer}-${entry.direction}-${entry.sequence}`;
}

const shapes: Record<Entry["state"], StatusKind> = {
  sealed: "waiting",
  copied: "running",
  verified: "held",
  imported: "proved",
  refused: "failed",
  voided: "off",
  held: "held",
  skipped: "off",
};

/** Imported is green: a receipt is signed for it, or the import itself compared every byte. */
export function EntryState({ entry }: { entry: Entry }) {
  const kind = entry.state === "imported" && entry.quarantined > 0 ? "quarantined" : shapes[entry.state];
  return <Status kind={kind}>{text.states[entry.state]}</Status>;
}

/** Request stands left, whichever way the arrow points. */
export function Way({ entry }: { entry: Entry }) {
  const { name, side } = useSession();
  const us = { name, side };
  const them = { name: entry.peer, side: otherSide(side) };
  const [left, right] = side === "request" ? [us, them] : [them, us];
  return (
    <span className={styles["way"]}>
      <StationTag name={left.name} side="request" size={9} />
      <span className="dim">{entry.direction === "request-to-response" ? "→" : "←"}</span>
      <StationTag name={right.name} side="response" size={9} />
    </span>
  );
}

/** The columns of a list of batches, in the ledger and in the outbox. `compact` leaves room for a detail. */
export function useEntryColumns(compact: boolean): readonly Column<Entry>[] {
  return useMemo(() => {
    const all: readonly Column<Entry>[] = [
      {
        id: "number",
        head: text.columns.number,
        width: 56,
        figures: true,
        strong: true,
        always: true,
        cell: (entry) => formatCount(entry.sequence),
      },
      { id: "way", head: text.columns.way, width: 148, cell: (entry) => <Way entry={entry} /> },
      { id: "state", head: text.columns.state, width: 108, cell: (entry) => <EntryState entry={entry} /> },
      {
        id: "records",
        head: text.columns.records,
        width: 76,
        figures: true,
        cell: (entry) => formatCount(entry.records),
      },
      {
        id: "bytes",
        head: text.columns.bytes,
        width: 84,
        figures: true,
        cell: (entry) => formatBytes(entry.bytes),
      },
      {
        id: "created",
        head: text.columns.created,
        width: 204,
        cell: (entry) => <Time at={entry.createdAt} />,
      },
      {
        id: "settled",
        head: text.columns.settled,
        width: 204,
        cell: (entry) =>
          entry.settledAt === null ? (
            <span className="dim">{en.ui.ledger.notYet}</span>
          ) : (
            <Time at={entry.settledAt} />
          ),
      },
      { id: "medium", head: text.columns.medium, cell: (entry) => <OutsideText text={entry.medium ?? ""} /> },
    ];
    return compact ? all.filter((column) => column.id !== "settled" && column.id !== "medium") : all;
  }, [compact]);
}

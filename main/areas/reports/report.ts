import type { PrintedBlock } from "../../../shared/contract/printed.ts";
import type { Checkpoints, StoredCheckpoint } from "../../station/audit/checkpoints.ts";
import type { AuditEvent, DetailValue } from "../../station/audit/event.ts";
import type { Kernel } from "../../station/kernel.ts";

/** What every report is made from. All of it is settled by the checkpoint: the same input gives the same bytes, later too. */
export interface ReportInput {
  readonly kernel: Kernel;
  readonly checkpoints: Checkpoints;
  readonly checkpoint: StoredCheckpoint;
  /** The events that it is about, both included; none when `to` is less than `from`. */
  readonly from: number;
  readonly to: number;
  /** Events of the log whose bytes are purged: of them the hashes were recomputed. */
  readonly purged: number;
}

export interface ReportBody {
  readonly blocks: readonly PrintedBlock[];
  /** Operators whom a review must say a word about. */
  readonly people?: readonly string[];
}

export type MakeBody = (input: ReportInput) => Promise<ReportBody>;

/** More rows than this nobody reads on paper; the table says that there are more, and how many. */
const mostRows = 2000;

/** A table of a report, cut where it would become unreadable, and saying so. */
export function table(
  texts: { readonly title: string; readonly about: string; readonly empty: string },
  columns: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): PrintedBlock {
  const cut = rows.length > mostRows ? ` The first ${mostRows} of ${rows.length} are shown.` : "";
  return {
    kind: "table",
    title: texts.title,
    about: `${texts.about}${cut}`,
    empty: texts.empty,
    columns: [...columns],
    rows: rows.slice(0, mostRows).map((row) => row.map((cell) => (cell === null ? "" : String(cell)))),
  };
}

/** Names of events, counted; order by name, so that it does not depend on who came first. */
export function tally(values: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return new Map([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The details of an event on one line; long values are cut, the event's number finds them whole. */
export function detailsLine(event: AuditEvent, longest = 300): string {
  const line = Object.entries(event.details)
    .filter(([name]) => name !== "signature" && name !== "publicKey")
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** A detail as text; an empty one where the event does not have it. */
export function text(value: DetailValue | undefined): string {
  return value === undefined || value === null ? "" : String(value);
}

import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { orpc } from "../../rpc.ts";
import { formatCount } from "../../ui/format.ts";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";

const text = en.audit.silences;

interface Noted {
  readonly sequence: number;
  readonly at: string;
  readonly what: string;
  readonly bad: boolean;
}

const columns: readonly Column<Noted>[] = [
  {
    id: "event",
    head: text.columns.event,
    width: 110,
    figures: true,
    strong: true,
    cell: (row) => (
      <Link href={`/audit/${row.sequence}`} className="under">
        {formatCount(row.sequence)}
      </Link>
    ),
  },
  { id: "at", head: text.columns.at, width: 190, cell: (row) => <Time at={row.at} /> },
  {
    id: "what",
    head: text.columns.what,
    cell: (row) => <Status kind={row.bad ? "warn" : "done"}>{row.what}</Status>,
  },
];

/** A span in the largest unit that says it without a fraction worth keeping. */
function spanOf(seconds: number): string {
  const size = Math.abs(seconds);
  if (size < 120) return text.seconds(formatCount(size));
  if (size < 7200) return text.minutes(formatCount(Math.round(size / 60)));
  return text.hours(formatCount(Math.round(size / 3600)));
}

/** When the log was silent for longer than it may be, and when the machine's clock was set. */
export function Silences() {
  const standing = useQuery(orpc.audit.standing.queryOptions({ input: {} })).data;
  if (standing === undefined) return null;
  const noted: Noted[] = [
    ...standing.silences.map((one) => ({
      sequence: one.sequence,
      at: one.at,
      what: text.silent[one.reason](spanOf(one.seconds), formatCount(one.after)),
      bad: true,
    })),
    ...standing.clockSteps.map((one) => ({
      sequence: one.sequence,
      at: one.at,
      what: (one.seconds < 0 ? text.back : text.forward)(spanOf(one.seconds)),
      bad: false,
    })),
  ].toSorted((a, b) => b.sequence - a.sequence);
  return (
    <Section title={text.title} caption={text.caption(formatCount(standing.heartbeatMinutes))} gap>
      {noted.length === 0 ? (
        <p className="second">{text.none}</p>
      ) : (
        <Table label={text.title} columns={columns} rows={noted} rowKey={(row) => String(row.sequence)} />
      )}
    </Section>
  );
}

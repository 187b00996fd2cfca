import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { client, orpc } from "../../rpc.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { formatCount } from "../../ui/format.ts";
import type { StatusKind } from "../../ui/glyph.tsx";
import { OutsideText } from "../../ui/outside-text.tsx";
import { Say } from "../../ui/say.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import { HoldButton, LiftButton } from "./holds.tsx";
import { SealButton, SegmentDetail, type Segment } from "./segment-detail.tsx";
import { Silences } from "./silences.tsx";

const text = en.audit.retention;

type Hold = Awaited<ReturnType<typeof client.audit.segments>>["holds"][number];

export const segmentStatus: Record<Segment["state"], StatusKind> = {
  sealed: "waiting",
  exported: "done",
  expired: "done",
  held: "held",
  purging: "running",
  purged: "off",
};

const rangeOf = (from: number, to: number | null): string =>
  `${formatCount(from)} \u2013 ${to === null ? text.openEnd : formatCount(to)}`;

const segmentColumns: readonly Column<Segment>[] = [
  {
    id: "segment",
    head: text.columns.segment,
    width: 84,
    figures: true,
    strong: true,
    cell: (row) => row.segment,
  },
  {
    id: "events",
    head: text.columns.events,
    cell: (row) => <span className="fact">{rangeOf(row.from, row.to)}</span>,
  },
  {
    id: "state",
    head: text.columns.state,
    width: 130,
    cell: (row) => <Status kind={segmentStatus[row.state]}>{text.states[row.state]}</Status>,
  },
  { id: "sealed", head: text.columns.sealed, width: 190, cell: (row) => <Time at={row.sealedAt} /> },
  { id: "expires", head: text.columns.expires, width: 190, cell: (row) => <Time at={row.expiresAt} /> },
];

const holdColumns: readonly Column<Hold>[] = [
  { id: "hold", head: text.columns.hold, width: 64, figures: true, strong: true, cell: (row) => row.hold },
  {
    id: "events",
    head: text.columns.events,
    width: 200,
    cell: (row) => <span className="fact">{rangeOf(row.from, row.to)}</span>,
  },
  { id: "reason", head: text.columns.reason, cell: (row) => <OutsideText text={row.reason} /> },
  { id: "by", head: text.columns.by, width: 110, cell: (row) => row.setBy },
  { id: "at", head: text.columns.setAt, width: 190, cell: (row) => <Time at={row.setAt} /> },
  { id: "lift", head: text.columns.step, width: 90, cell: (row) => <LiftButton hold={row.hold} /> },
];

/** What of the log is sealed, what holds it, what may go, and when the log was silent. */
export function RetentionPage() {
  const standing = useQuery(orpc.audit.segments.queryOptions({ input: {} }));
  const [chosen, setChosen] = useState<number>();
  return (
    <Answer query={standing} what={text.title}>
      {(data) => {
        const shown = data.segments.find((one) => one.segment === chosen);
        const left = data.events - data.sealedThrough;
        return (
          <>
            <Say
              sentence={text.say(formatCount(data.sealedThrough), formatCount(data.events))}
              actions={<SealButton left={left} />}
            >
              {text.about(formatCount(data.retentionDays), formatCount(data.floorDays))}
              {data.purgedThrough === 0 ? null : <> {text.purged(formatCount(data.purgedThrough))}</>}
            </Say>
            {data.clock === null ? null : (
              <p role="alert">
                <Status kind="warn">{data.clock}</Status>
              </p>
            )}
            {data.ahead === 0 ? null : (
              <p>
                <Status kind="warn">{text.ahead(formatCount(data.ahead))}</Status>
              </p>
            )}
            <Section title={text.segments} caption={text.segmentsCaption}>
              {data.segments.length === 0 ? (
                <EmptyState title={text.none.title} about={text.none.about} />
              ) : (
                <Table
                  label={text.segments}
                  columns={segmentColumns}
                  rows={data.segments}
                  rowKey={(row) => String(row.segment)}
                  chosen={shown === undefined ? undefined : String(shown.segment)}
                  onChoose={(row) => setChosen(row.segment)}
                />
              )}
            </Section>
            {shown === undefined ? null : <SegmentDetail segment={shown} />}
            <Section title={text.holds} caption={text.holdsCaption} aside={<HoldButton />} gap>
              {data.holds.length === 0 ? (
                <p className="second">{text.noHold}</p>
              ) : (
                <Table
                  label={text.holds}
                  columns={holdColumns}
                  rows={data.holds}
                  rowKey={(row) => String(row.hold)}
                />
              )}
            </Section>
            <Silences />
          </>
        );
      }}
    </Answer>
  );
}

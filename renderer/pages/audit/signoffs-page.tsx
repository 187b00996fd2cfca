import { useQuery } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { client, orpc } from "../../rpc.ts";
import { DetailSplit } from "../../ui/detail-split.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { formatCount } from "../../ui/format.ts";
import { OutsideText } from "../../ui/outside-text.tsx";
import { Pager, useKeyset } from "../../ui/pager.tsx";
import { Say } from "../../ui/say.tsx";
import { Section } from "../../ui/section.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { Time, ZoneName } from "../../ui/time.tsx";
import { SignForm } from "./sign-form.tsx";
import { SignoffDrawer } from "./signoff-drawer.tsx";
import { SignoffState, type Signoff } from "./signoff-state.tsx";

const text = en.audit.signoffs;
const pageRows = 50;

type List = Awaited<ReturnType<typeof client.signoffs.list>>;

const columns: readonly Column<Signoff>[] = [
  {
    id: "at",
    head: (
      <>
        {text.columns.at}, <ZoneName />
      </>
    ),
    name: text.columns.at,
    width: 172,
    cell: (row) => <Time at={row.first.at} zone={false} />,
  },
  { id: "kind", head: text.columns.kind, width: 150, strong: true, cell: (row) => text.kinds[row.kind] },
  {
    id: "events",
    head: text.columns.events,
    width: 80,
    figures: true,
    cell: (row) => formatCount(row.events),
  },
  { id: "first", head: text.columns.first, width: 108, cell: (row) => row.first.by },
  {
    id: "second",
    head: text.columns.second,
    width: 108,
    cell: (row) => row.second?.by ?? <span className="dim">{text.nobody}</span>,
  },
  { id: "state", head: text.columns.state, width: 170, cell: (row) => <SignoffState row={row} /> },
  { id: "note", head: text.columns.note, cell: (row) => <OutsideText text={row.note} /> },
];

/** Who signed for shifts and reports, and since when nobody has. */
export function SignoffsPage({ chosen }: { chosen: string | undefined }) {
  const [, navigate] = useLocation();
  const keyset = useKeyset();
  const list = useQuery(
    orpc.signoffs.list.queryOptions({
      input: { limit: pageRows, ...(keyset.after === undefined ? {} : { after: keyset.after }) },
    }),
  );
  const row = list.data?.signoffs.find((one) => one.signoff === chosen);
  return (
    <DetailSplit
      width="drawer"
      detail={
        row === undefined ? null : (
          <SignoffDrawer key={row.signoff} row={row} onClose={() => navigate("/audit/signoffs")} />
        )
      }
    >
      <Answer query={list} what={text.list}>
        {(data) => (
          <>
            <Standing list={data} />
            <SignForm />
            <Section title={text.list} caption={text.listCaption} gap>
              {data.signoffs.length === 0 && keyset.page === 0 ? (
                <EmptyState title={text.empty.title} about={text.empty.about} />
              ) : (
                <>
                  <Table
                    label={text.list}
                    columns={columns}
                    rows={data.signoffs}
                    rowKey={(one) => one.signoff}
                    chosen={row?.signoff}
                    onChoose={(one) => navigate(`/audit/signoffs/${one.signoff}`)}
                  />
                  <Pager
                    keyset={keyset}
                    next={data.next}
                    shown={en.ui.table.shown(formatCount(data.signoffs.length))}
                  />
                </>
              )}
            </Section>
          </>
        )}
      </Answer>
    </DetailSplit>
  );
}

function Standing({ list: { unsigned, shiftHours } }: { list: List }) {
  if (unsigned === null) return <Say sentence={text.say.signed} tone="proved" glyph="proved" />;
  const { events, firstEvent, overdue, since } = unsigned;
  return (
    <Say
      sentence={text.say.unsigned(formatCount(events), formatCount(firstEvent))}
      {...(overdue ? { tone: "warn" as const, glyph: "warn" as const } : {})}
    >
      {text.say.since} <Time at={since} />.{" "}
      {shiftHours === null ? text.say.notAsked : text.say.asked(String(shiftHours))}
    </Say>
  );
}

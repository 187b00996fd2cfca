import { useQuery } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { orpc } from "../../rpc.ts";
import { DetailSplit } from "../../ui/detail-split.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Id } from "../../ui/fact.tsx";
import { formatCount } from "../../ui/format.ts";
import { Pager, useKeyset } from "../../ui/pager.tsx";
import { Say } from "../../ui/say.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { QuarantineDrawer } from "./quarantine-drawer.tsx";

const text = en.transfer.quarantine;
const pageRows = 50;

interface Line {
  readonly batch: string;
  readonly part: string;
  readonly line: number;
  readonly reason: string;
}

const columns: readonly Column<Line>[] = [
  {
    id: "reason",
    head: text.columns.reason,
    width: 176,
    always: true,
    cell: (row) => <Status kind="quarantined">{row.reason}</Status>,
  },
  {
    id: "batch",
    head: text.columns.batch,
    width: 240,
    strong: true,
    cell: (row) => <Id value={row.batch} keep={32} />,
    copy: (row) => row.batch,
  },
  { id: "part", head: text.columns.part, cell: (row) => <span className="fact">{row.part}</span> },
  { id: "line", head: text.columns.line, width: 76, figures: true, cell: (row) => formatCount(row.line) },
];

const keyOf = (row: Line): string => `${row.batch}/${encodeURIComponent(row.part)}/${row.line}`;

interface QuarantinePageProps {
  readonly batch: string | undefined;
  readonly part: string | undefined;
  readonly line: string | undefined;
}

/** Refused lines: what came, why it was refused, what to do. */
export function QuarantinePage({ batch, part, line }: QuarantinePageProps) {
  const [, navigate] = useLocation();
  const keyset = useKeyset();
  const list = useQuery(
    orpc.transfer.quarantine.queryOptions({
      input: { limit: pageRows, ...(keyset.after === undefined ? {} : { after: keyset.after }) },
    }),
  );
  const chosen = list.data?.lines.find(
    (row) => row.batch === batch && row.part === decodeURIComponent(part ?? "") && String(row.line) === line,
  );
  return (
    <DetailSplit
      width="wide"
      detail={
        chosen === undefined ? null : (
          <QuarantineDrawer line={chosen} onClose={() => navigate("/transfer/quarantine")} />
        )
      }
    >
      <Answer query={list} what={en.transfer.tabs.quarantine}>
        {(data) =>
          data.lines.length === 0 && keyset.page === 0 ? (
            <>
              <Say sentence={text.say.none} />
              <Section title={en.transfer.tabs.quarantine}>
                <EmptyState title={text.empty} about={text.emptyAbout} />
              </Section>
            </>
          ) : (
            <>
              <Say sentence={text.say.some(formatCount(data.lines.length))} glyph="quarantined" tone="warn">
                {text.about}
              </Say>
              <Section title={en.transfer.tabs.quarantine}>
                <Table
                  label={en.transfer.tabs.quarantine}
                  columns={columns}
                  rows={data.lines}
                  rowKey={keyOf}
                  chosen={chosen === undefined ? undefined : keyOf(chosen)}
                  onChoose={(row) => navigate(`/transfer/quarantine/${keyOf(row)}`)}
                />
                <Pager
                  keyset={keyset}
                  next={data.next}
                  shown={en.ui.table.shown(formatCount(data.lines.length))}
                />
              </Section>
            </>
          )
        }
      </Answer>
    </DetailSplit>
  );
}

import { useMutation, useQuery } from "@tanstack/react-query";
import { Download, Printer } from "lucide-react";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { toFailure } from "../../app/failure.ts";
import { saveText } from "../../app/files.ts";
import { useRefusal } from "../../app/session.ts";
import { client, orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Hash } from "../../ui/fact.tsx";
import { formatCount } from "../../ui/format.ts";
import { Pager, useKeyset } from "../../ui/pager.tsx";
import { PrintedPage, usePrint } from "../../ui/printed-page.tsx";
import { Say } from "../../ui/say.tsx";
import { Section } from "../../ui/section.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { Time, ZoneName } from "../../ui/time.tsx";
import { ComparePaper } from "./compare-paper.tsx";

const text = en.audit.checkpoints;
const pageRows = 25;

type Row = Awaited<ReturnType<typeof client.audit.checkpoints>>["checkpoints"][number];

const columns: readonly Column<Row>[] = [
  {
    id: "events",
    head: text.columns.events,
    width: 96,
    figures: true,
    strong: true,
    cell: (row) => formatCount(row.events),
  },
  {
    id: "code",
    head: text.columns.code,
    width: 128,
    cell: (row) => <span className="fact">{codeOf(row.root)}</span>,
  },
  { id: "root", head: text.columns.root, cell: (row) => <Hash value={row.root} copy={text.columns.root} /> },
  {
    id: "signed",
    head: (
      <>
        {text.columns.signedAt}, <ZoneName />
      </>
    ),
    name: text.columns.signedAt,
    width: 190,
    cell: (row) => <Time at={row.signedAt} zone={false} />,
  },
];

/** The first 40 bits of a root, grouped as the print has them. */
function codeOf(root: string): string {
  return `${root.slice(0, 5)}-${root.slice(5, 10)}`;
}

/** The log's head on paper, paper against the log, and every head that was signed. */
export function CheckpointsPage() {
  const refusal = useRefusal("audit.read");
  const make = useMutation({ mutationFn: () => client.audit.printCheckpoint({}) });
  const printed = make.data;
  const { print, sheet } = usePrint(printed?.document);
  return (
    <>
      <Say
        sentence={printed === undefined ? text.say : text.ready(formatCount(printed.events), printed.code)}
        actions={
          printed === undefined ? (
            <Button
              look="primary"
              icon={<Printer />}
              notYet={refusal}
              disabled={make.isPending}
              onClick={() => make.mutate()}
            >
              {text.make}
            </Button>
          ) : (
            <>
              <Button look="primary" icon={<Printer />} onClick={print}>
                {text.print}
              </Button>
              <Button
                icon={<Download />}
                onClick={() => saveText(`checkpoint-${printed.events}.html`, printed.html)}
              >
                {text.save}
              </Button>
            </>
          )
        }
      >
        {text.about}
      </Say>
      {make.isError ? <ErrorState failure={toFailure(make.error, en.failed.act(text.make))} /> : null}
      {printed === undefined ? null : <PrintedPage page={printed.document} label={text.preview} />}
      {sheet}
      <ComparePaper />
      <Signed />
    </>
  );
}

function Signed() {
  const keyset = useKeyset();
  const signed = useQuery(
    orpc.audit.checkpoints.queryOptions({
      input: { limit: pageRows, ...(keyset.after === undefined ? {} : { after: keyset.after }) },
    }),
  );
  return (
    <Section title={text.signed} caption={text.signedCaption} gap>
      <Answer query={signed} what={text.signed}>
        {(data) =>
          data.checkpoints.length === 0 ? (
            <EmptyState title={text.none.title} about={text.none.about} />
          ) : (
            <>
              <Table
                label={text.signed}
                columns={columns}
                rows={data.checkpoints}
                rowKey={(row) => String(row.events)}
              />
              <Pager
                keyset={keyset}
                next={data.next}
                shown={en.ui.table.shown(formatCount(data.checkpoints.length))}
              />
            </>
          )
        }
      </Answer>
    </Section>
  );
}

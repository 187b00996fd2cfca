import { useQuery } from "@tanstack/react-query";
import { Download, FileText } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { useFilters } from "../../app/place.ts";
import { useRefusal } from "../../app/session.ts";
import { orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { DetailSplit } from "../../ui/detail-split.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { formatCount } from "../../ui/format.ts";
import { Pager, useKeyset } from "../../ui/pager.tsx";
import { Section } from "../../ui/section.tsx";
import { ColumnMenu, Table } from "../../ui/table.tsx";
import { Alarms } from "./alarms.tsx";
import { EventDrawer } from "./event-drawer.tsx";
import { useEventColumns } from "./event-columns.tsx";
import { ExportDialog } from "./export-dialog.tsx";
import { OverTime } from "./over-time.tsx";
import { SavedSearches } from "./saved-searches.tsx";
import { SearchLine } from "./search-line.tsx";
import { Standing } from "./standing.tsx";

const text = en.audit;
const pageRows = 50;

/** The log, newest first; one event with its proof; and how far all of it is as it was written. */
export function AuditPage({ event }: { event: string | undefined }) {
  const [, navigate] = useLocation();
  const filters = useFilters();
  const query = filters.get("q");
  const chosen = event !== undefined && /^[1-9]\d{0,15}$/.test(event) ? Number(event) : undefined;
  const close = (): void => navigate(filters.keep("/audit"));
  return (
    <DetailSplit
      detail={chosen === undefined ? null : <EventDrawer sequence={chosen} onClose={close} />}
      width="drawer"
    >
      <Standing start={event === "verify"} />
      <Alarms />
      <SearchLine key={query} query={query} onSearch={(next) => filters.set({ q: next })} />
      <SavedSearches query={query} onSearch={(next) => filters.set({ q: next })} />
      <OverTime query={query} onSearch={(next) => filters.set({ q: next })} />
      <Events key={`found ${query}`} query={query} chosen={event} compact={chosen !== undefined} />
    </DetailSplit>
  );
}

interface EventsProps {
  readonly query: string;
  readonly chosen: string | undefined;
  readonly compact: boolean;
}

function Events({ query, chosen, compact }: EventsProps) {
  const [, navigate] = useLocation();
  const { keep } = useFilters();
  const keyset = useKeyset();
  const columns = useEventColumns(compact);
  const [exporting, setExporting] = useState(false);
  const mayRead = useRefusal("audit.read");
  const found = useQuery(
    orpc.audit.search.queryOptions({
      input: { query, limit: pageRows, ...(keyset.after === undefined ? {} : { after: keyset.after }) },
    }),
  );
  return (
    <Section title={text.list} aside={<ColumnMenu table="audit" columns={columns} />}>
      <Answer query={found} what={en.shell.pages.audit}>
        {(data) => (
          <>
            {data.ignored.length === 0 ? null : (
              <output className="small">
                {text.ignored} <span className="fact">{data.ignored.join("  ")}</span>
              </output>
            )}
            {data.events.length === 0 && data.next === null ? (
              <EmptyState title={text.empty.title} about={text.empty.about} />
            ) : (
              <Table
                id="audit"
                label={text.list}
                columns={columns}
                rows={data.events}
                rowKey={(row) => String(row.sequence)}
                chosen={chosen}
                onChoose={(row) => navigate(keep(`/audit/${row.sequence}`))}
              />
            )}
            <Pager
              keyset={keyset}
              next={data.next}
              shown={
                data.searched === null
                  ? text.lookedThroughNothing
                  : text.lookedThrough(
                      formatCount(data.events.length),
                      formatCount(data.searched.from),
                      formatCount(data.searched.to),
                    )
              }
            >
              <Button small icon={<FileText />} onClick={() => navigate("/audit/reports/review")}>
                {text.report}
              </Button>
              <Button small icon={<Download />} notYet={mayRead} onClick={() => setExporting(true)}>
                {text.export.open}
              </Button>
            </Pager>
          </>
        )}
      </Answer>
      <ExportDialog open={exporting} query={query} onClose={() => setExporting(false)} />
    </Section>
  );
}

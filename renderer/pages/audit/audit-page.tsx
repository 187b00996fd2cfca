import { useMutation, useQuery } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { toFailure } from "../../app/failure.ts";
import { useRefusal } from "../../app/session.ts";
import { client, orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { DetailSplit } from "../../ui/detail-split.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Hash } from "../../ui/fact.tsx";
import { formatCount } from "../../ui/format.ts";
import { Pager, useKeyset } from "../../ui/pager.tsx";
import { Say } from "../../ui/say.tsx";
import { Section } from "../../ui/section.tsx";
import { ColumnMenu, Table } from "../../ui/table.tsx";
import { EventDrawer } from "./event-drawer.tsx";
import { EventFilter, type Filter } from "./event-filter.tsx";
import { useEventColumns } from "./event-columns.tsx";

const text = en.audit;
const pageRows = 50;

/** The log, newest first; one event in full; and the proof that all of it is as it was written. */
export function AuditPage({ event }: { event: string | undefined }) {
  const [, navigate] = useLocation();
  const [filter, setFilter] = useState<Filter>({});
  const keyset = useKeyset();
  const chosen = event !== undefined && /^[1-9]\d{0,15}$/.test(event) ? Number(event) : undefined;
  const columns = useEventColumns(chosen !== undefined);
  const mayRead = useRefusal("audit.read");
  const list = useQuery(
    orpc.audit.list.queryOptions({
      input: { limit: pageRows, ...filter, ...(keyset.after === undefined ? {} : { after: keyset.after }) },
    }),
  );
  return (
    <DetailSplit
      detail={
        chosen === undefined ? null : <EventDrawer sequence={chosen} onClose={() => navigate("/audit")} />
      }
      width="drawer"
    >
      <Proof start={event === "verify"} refusal={mayRead} />
      <EventFilter
        filter={filter}
        onFilter={(next) => {
          keyset.first();
          setFilter(next);
        }}
      />
      <Section title={text.list} aside={<ColumnMenu table="audit" columns={columns} />}>
        <Answer query={list} what={en.shell.pages.audit}>
          {(data) =>
            data.events.length === 0 ? (
              <EmptyState title={text.empty.title} about={text.empty.about} />
            ) : (
              <>
                <Table
                  id="audit"
                  label={text.list}
                  columns={columns}
                  rows={data.events}
                  rowKey={(row) => String(row.sequence)}
                  chosen={event}
                  onChoose={(row) => navigate(`/audit/${row.sequence}`)}
                />
                <Pager
                  keyset={keyset}
                  next={data.next}
                  shown={en.ui.table.shown(formatCount(data.events.length))}
                />
              </>
            )
          }
        </Answer>
      </Section>
    </DetailSplit>
  );
}

/** One sentence about the whole log, and the button that proves it again. */
function Proof({ start, refusal }: { start: boolean; refusal: string | undefined }) {
  const summary = useQuery(orpc.watch.summary.queryOptions({ input: {} })).data;
  const verify = useMutation({ mutationFn: () => client.audit.verify({}) });
  const { mutate } = verify;
  useEffect(() => {
    if (start) mutate();
  }, [start, mutate]);
  const result = verify.data;
  const button = (
    <Button
      look="primary"
      icon={<ShieldCheck />}
      notYet={refusal}
      disabled={verify.isPending}
      onClick={() => mutate()}
    >
      {text.verify}
    </Button>
  );
  if (verify.isError)
    return (
      <ErrorState failure={toFailure(verify.error, en.failed.act(text.verifyFailed))} actions={button} />
    );
  if (verify.isPending) return <Say sentence={text.say.checking} glyph="running" actions={button} />;
  if (result === undefined)
    return <Say sentence={text.say.unverified(formatCount(summary?.auditEvents ?? 0))} actions={button} />;
  if (!result.ok) {
    return (
      <Say
        sentence={text.say.broken(formatCount(result.firstBad ?? 0))}
        tone="bad"
        glyph="failed"
        actions={button}
      >
        {text.brokenAbout}
      </Say>
    );
  }
  return (
    <Say sentence={text.say.whole(formatCount(result.events))} tone="proved" glyph="proved" actions={button}>
      <span className="dim">{text.root}</span> <Hash value={result.root} copy={text.root} />
    </Say>
  );
}

import { useMutation, useQuery } from "@tanstack/react-query";
import { MessageSquareReply, Plus } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { toFailure } from "../../app/failure.ts";
import { useRefusal, useSession } from "../../app/session.ts";
import { useFilters } from "../../app/place.ts";
import { client, orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { DetailSplit } from "../../ui/detail-split.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { formatCount } from "../../ui/format.ts";
import { Pager, useKeyset } from "../../ui/pager.tsx";
import { Say } from "../../ui/say.tsx";
import { Section } from "../../ui/section.tsx";
import type { Side } from "../../ui/side.tsx";
import { ColumnMenu, Table, type RowSelectionState } from "../../ui/table.tsx";
import { DocumentsSection } from "./documents-section.tsx";
import { LinesDialog } from "./lines-dialog.tsx";
import { RequestFilter } from "./request-filter.tsx";
import { RequestDetail } from "./request-detail.tsx";
import { useRequestColumns } from "./request-columns.tsx";
import { StateFilter, isFilter, type StateCounts, type StateFilterValue } from "./state-filter.tsx";
import styles from "./request-filter.module.css";

const text = en.requests;
const pageRows = 50;

interface RequestsPageProps {
  /** A state, `all`, or `new` for the dialog. */
  readonly filter: string | undefined;
  readonly request: string | undefined;
}

/** Submit, follow, answer. */
export function RequestsPage({ filter, request }: RequestsPageProps) {
  const chosen: StateFilterValue = isFilter(filter) ? filter : "all";
  const { side } = useSession();
  const [, navigate] = useLocation();
  const counts = useQuery(orpc.requests.counts.queryOptions({ input: {} })).data;
  const filters = useFilters();
  const peer = filters.get("peer");
  const close = (): void => navigate(withoutPeer(filters.keep(`/requests/${chosen}`)));
  const narrow = { kind: filters.get("kind"), user: filters.get("user") };
  const narrowed = `${narrow.kind} ${narrow.user}`;
  return (
    <>
      <DetailSplit
        width="wide"
        detail={
          request === undefined ? null : (
            <RequestDetail key={`${peer} ${request}`} request={request} peer={peer} onClose={close} />
          )
        }
      >
        {side === "request" ? <AskingSay counts={counts} /> : <AnsweringSay counts={counts} />}
        <div className={styles["filters"]}>
          <StateFilter
            value={chosen}
            counts={counts}
            onChange={(next) => navigate(filters.keep(`/requests/${next}`))}
          />
          <RequestFilter key={narrowed} {...narrow} onFilter={filters.set} />
        </div>
        <List key={`${chosen} ${narrowed}`} filter={chosen} narrow={narrow} chosen={request} peer={peer} />
        {side === "response" ? <DocumentsSection /> : null}
      </DetailSplit>
      {side === "request" ? (
        <LinesDialog what="requests" open={filter === "new"} onClose={() => navigate("/requests")} />
      ) : null}
    </>
  );
}

interface ListProps {
  readonly filter: StateFilterValue;
  /** Empty where the list is not narrowed. */
  readonly narrow: { readonly kind: string; readonly user: string };
  readonly chosen: string | undefined;
  /** Whose request is chosen, where two peers may use one id; else empty. */
  readonly peer: string;
}

/** An id alone names a request on the side that asks; on the other, its peer has to be said, too. */
const keyOf = (row: { readonly id: string; readonly peer: string | null }, side: Side): string =>
  side === "response" && row.peer !== null ? `${row.id}?peer=${row.peer}` : row.id;

function withoutPeer(path: string): string {
  const [before = "", search = ""] = path.split("?");
  const filters = new URLSearchParams(search);
  filters.delete("peer");
  return filters.size === 0 ? before : `${before}?${filters.toString()}`;
}

function List({ filter, narrow, chosen, peer }: ListProps) {
  const { side } = useSession();
  const [, navigate] = useLocation();
  const { keep } = useFilters();
  const keyset = useKeyset();
  const columns = useRequestColumns(chosen !== undefined);
  const [selection, setSelection] = useState<RowSelectionState>({});
  const list = useQuery(
    orpc.requests.list.queryOptions({
      input: {
        limit: pageRows,
        ...(filter === "all" ? {} : { state: filter }),
        ...(narrow.kind === "" ? {} : { kind: narrow.kind }),
        ...(narrow.user === "" ? {} : { user: narrow.user }),
        ...(keyset.after === undefined ? {} : { after: keyset.after }),
      },
    }),
  );
  const selected = Object.keys(selection);
  return (
    <Section title={text.list} aside={<ColumnMenu table="requests" columns={columns} />}>
      <Answer query={list} what={en.shell.pages.requests}>
        {(data) =>
          data.requests.length === 0 && keyset.page === 0 ? (
            <Nothing filter={filter} narrowed={narrow.kind !== "" || narrow.user !== ""} />
          ) : (
            <>
              <Table
                id="requests"
                label={text.list}
                columns={columns}
                rows={data.requests}
                rowKey={(row) => keyOf(row, side)}
                chosen={chosen === undefined ? undefined : keyOf({ id: chosen, peer: peer || null }, side)}
                onChoose={(row) => {
                  const kept = withoutPeer(keep(`/requests/${filter}/${row.id}`));
                  const also = side === "response" && row.peer !== null ? `peer=${row.peer}` : "";
                  navigate(also === "" ? kept : `${kept}${kept.includes("?") ? "&" : "?"}${also}`);
                }}
                selection={selection}
                onSelectionChange={setSelection}
              />
              <Pager
                keyset={keyset}
                next={data.next}
                shown={en.ui.table.shown(formatCount(data.requests.length))}
              >
                {selected.length === 0 ? null : (
                  <>
                    <b>{en.ui.table.selected(formatCount(selected.length))}</b>
                    <CopyButton
                      text={selected.map((key) => key.split("?")[0]).join("\n")}
                      what={text.copyIds}
                    >
                      {text.copyIds}
                    </CopyButton>
                  </>
                )}
              </Pager>
            </>
          )
        }
      </Answer>
    </Section>
  );
}

function Nothing({ filter, narrowed }: { filter: StateFilterValue; narrowed: boolean }) {
  const { side } = useSession();
  const words = narrowed
    ? { ...text.empty.narrowed, steps: [] }
    : filter === "all"
      ? text.empty[side]
      : { ...text.empty.filtered, steps: [] };
  return <EmptyState title={words.title} about={words.about} steps={words.steps} />;
}

/** The request side: what is on its way, and the button that asks. */
function AskingSay({ counts }: { counts: StateCounts | undefined }) {
  const [, navigate] = useLocation();
  const role = useRefusal("requests.submit");
  return (
    <Say
      sentence={counts === undefined ? en.ui.loading : askingSentence(counts)}
      actions={
        <Button look="primary" icon={<Plus />} notYet={role} onClick={() => navigate("/requests/new")}>
          {text.submit}
        </Button>
      }
    />
  );
}

function askingSentence(counts: StateCounts): string {
  const all = counts.waiting + counts.sealed + counts.imported + counts.answered + counts.refused;
  if (all === 0) return text.say.empty;
  const said = [
    ...(counts.refused > 0 ? [text.say.refused(formatCount(counts.refused))] : []),
    ...(counts.waiting > 0 ? [text.say.waiting(formatCount(counts.waiting))] : []),
    ...(counts.sealed + counts.imported > 0
      ? [text.say.under(formatCount(counts.sealed + counts.imported))]
      : []),
  ];
  return said.length === 0 ? text.say.all(formatCount(all)) : said.join(" ");
}

/** The response side: what waits for an answer, and the button that answers. */
function AnsweringSay({ counts }: { counts: StateCounts | undefined }) {
  const role = useRefusal("requests.answer");
  const answer = useMutation({ mutationFn: () => client.requests.run({}) });
  const waiting = (counts?.waiting ?? 0) + (counts?.imported ?? 0);
  const done = answer.data;
  return (
    <>
      <Say
        sentence={
          counts === undefined
            ? en.ui.loading
            : waiting > 0
              ? text.say.toAnswer(formatCount(waiting))
              : counts.answered === 0
                ? text.say.empty
                : text.say.all(formatCount(counts.answered))
        }
        actions={
          <Button
            look="primary"
            icon={<MessageSquareReply />}
            notYet={role}
            disabled={answer.isPending}
            onClick={() => answer.mutate()}
          >
            {answer.isPending ? text.answering : text.answer}
          </Button>
        }
      >
        {done === undefined ? undefined : text.answered(formatCount(done.answered), formatCount(done.failed))}
      </Say>
      {answer.isError ? (
        <ErrorState failure={toFailure(answer.error, en.failed.act(text.answerFailed))} />
      ) : null}
    </>
  );
}

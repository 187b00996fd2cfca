import { useMutation } from "@tanstack/react-query";
import { en } from "../../../shared/strings/en.ts";
import { AskDialog } from "../../app/ask-dialog.tsx";
import { toFailure } from "../../app/failure.ts";
import { useRefusal } from "../../app/session.ts";
import { client } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatCount } from "../../ui/format.ts";
import { OutsideText } from "../../ui/outside-text.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";

const text = en.backup.review;

type Review = Awaited<ReturnType<typeof client.station.review>>;
type Item = Review["items"][number];

/** After a restore: everybody and every peer that the old copy brings back, and people's word on each. */
export function ReviewSection({ review: { restore, items } }: { review: Review }) {
  const role = useRefusal("people.manage");
  const decide = useMutation({
    mutationFn: ({ kind, name, decision }: Pick<Item, "kind" | "name"> & { decision: "keep" | "take" }) =>
      client.station.reviewItem({ kind, name, decision }),
  });
  const open = items.filter(({ decision }) => decision === null).length;
  if (restore === null) return null;
  const lost = restore.knownEvents - restore.abandoned.events;
  const columns: readonly Column<Item>[] = [
    { id: "kind", head: text.columns.kind, width: 76, cell: (row) => text.kinds[row.kind] },
    {
      id: "name",
      head: text.columns.name,
      width: 120,
      strong: true,
      cell: (row) => <OutsideText text={row.name} />,
    },
    { id: "was", head: text.columns.was, width: 96, cell: (row) => row.was },
    { id: "detail", head: text.columns.detail, cell: (row) => <OutsideText text={row.detail} /> },
    { id: "word", head: text.columns.word, width: 110, cell: (row) => <Word decision={row.decision} /> },
    {
      id: "act",
      head: text.columns.act,
      width: 190,
      cell: (row) =>
        row.decision !== null ? null : (
          <span>
            <Button
              small
              notYet={role}
              disabled={decide.isPending}
              onClick={() => decide.mutate({ kind: row.kind, name: row.name, decision: "keep" })}
            >
              {text.keep}
              <span className="hidden-text">
                : {row.kind} {row.name}
              </span>
            </Button>{" "}
            <AskDialog
              button={text.take}
              danger
              notYet={role}
              title={text.takeTitle(text.kinds[row.kind], row.name)}
              consequence={row.kind === "operator" ? text.takeOperator : text.takePeer}
              act={text.take}
              failed={text.failed}
              run={() => decide.mutateAsync({ kind: row.kind, name: row.name, decision: "take" })}
            />
          </span>
        ),
    },
  ];
  return (
    <Section
      title={text.title}
      label={text.title}
      caption={open === 0 ? text.captionDone : text.caption(formatCount(open), formatCount(items.length))}
      aside={
        <AskDialog
          button={text.finish}
          notYet={role ?? (open === 0 ? undefined : text.finishNotYet)}
          title={text.finishTitle}
          consequence={text.finishConsequence}
          act={text.finish}
          failed={text.finish}
          run={() => client.station.finishReview({})}
        />
      }
      gap
    >
      <Table label={text.title} columns={columns} rows={items} rowKey={(row) => `${row.kind} ${row.name}`} />
      {decide.isError ? <ErrorState failure={toFailure(decide.error, en.failed.act(text.failed))} /> : null}
      <Facts rows="wide">
        <Fact name={text.facts.backup}>
          <Time at={restore.backupAt} />
        </Fact>
        <Fact name={text.facts.restored}>
          <Time at={restore.restoredAt} /> {text.facts.by(restore.restoredBy)}
        </Fact>
        <Fact name={text.facts.lineage}>
          <span className="fact">{restore.lineage}</span>
        </Fact>
        <Fact name={text.facts.abandoned}>
          <span className="fact">{restore.abandoned.lineage}</span>
        </Fact>
        <Fact name={text.facts.log}>
          {formatCount(restore.abandoned.events)} <span className="fact">{restore.abandoned.root}</span>
        </Fact>
        <Fact name={text.facts.lost}>
          {lost > 0 ? (
            <Status kind="missing">{text.facts.lostEvents(formatCount(lost))}</Status>
          ) : (
            text.facts.lostNone
          )}
        </Fact>
        <Fact name={text.facts.manifest}>
          <span className="fact">{restore.manifestSha256}</span>
        </Fact>
      </Facts>
    </Section>
  );
}

function Word({ decision }: { decision: Item["decision"] }) {
  if (decision === null) return <Status kind="held">{text.words.open}</Status>;
  return <Status kind={decision === "kept" ? "done" : "off"}>{text.words[decision]}</Status>;
}

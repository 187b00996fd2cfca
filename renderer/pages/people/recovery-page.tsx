import { useMutation, useQuery } from "@tanstack/react-query";
import { Printer } from "lucide-react";
import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { toFailure } from "../../app/failure.ts";
import { useRefusal, useSession } from "../../app/session.ts";
import { client, orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { Columns } from "../../ui/columns.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { TextField } from "../../ui/field.tsx";
import { Say } from "../../ui/say.tsx";
import { Section } from "../../ui/section.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import { RecoveryDrill } from "./recovery-drill.tsx";
import { RecoveryMake } from "./recovery-make.tsx";
import people from "./people.module.css";
import styles from "./recovery.module.css";

const text = en.recovery;

type Shown = Awaited<ReturnType<typeof client.recovery.show>>;
type InForce = NonNullable<Shown["set"]>;
type Opening = NonNullable<Shown["opening"]>;
type Ended = Shown["ended"][number];

const columns: readonly Column<Ended>[] = [
  {
    id: "number",
    head: text.endedColumns.number,
    width: 60,
    strong: true,
    cell: (row) => String(row.number),
  },
  { id: "made", head: text.endedColumns.made, width: 176, cell: (row) => <Time at={row.madeAt} /> },
  { id: "ended", head: text.endedColumns.ended, width: 176, cell: (row) => <Time at={row.endedAt} /> },
  { id: "why", head: text.endedColumns.why, cell: (row) => text.endedWhy[row.why] },
];

/** Recovery shares: what is in force, making a set, the drill, and the review of an opening. */
export function RecoveryPage() {
  const query = useQuery(orpc.recovery.show.queryOptions({ input: {} }));
  const [making, setMaking] = useState(false);
  const role = useRefusal("people.manage");
  return (
    <Answer query={query} what={text.what}>
      {(shown) => {
        const { sentence, about, tone } = making ? handingOut : summary(shown);
        return (
          <div className={people["page"]}>
            <Say
              sentence={sentence}
              tone={tone}
              actions={
                making ? null : (
                  <Button
                    look="primary"
                    icon={<Printer aria-hidden="true" />}
                    notYet={role}
                    onClick={() => setMaking(true)}
                  >
                    {shown.set === null ? text.make.button : text.make.again}
                  </Button>
                )
              }
            >
              {about}
            </Say>
            {making ? (
              <RecoveryMake replaces={shown.set?.number ?? null} onDone={() => setMaking(false)} />
            ) : shown.set === null && shown.opening === null && shown.ended.length === 0 ? (
              <EmptyState alone {...text.empty} />
            ) : (
              <Columns kind="even">
                <div>
                  {shown.set === null ? null : <InForceSection set={shown.set} />}
                  {shown.opening === null ? null : <OpeningSection opening={shown.opening} />}
                  {shown.ended.length === 0 ? null : (
                    <Section title={text.ended} caption={text.endedCaption} gap>
                      <Table
                        label={text.ended}
                        columns={columns}
                        rows={shown.ended}
                        rowKey={(row) => String(row.number)}
                      />
                    </Section>
                  )}
                </div>
                <div>{shown.set === null || role !== undefined ? null : <RecoveryDrill />}</div>
              </Columns>
            )}
          </div>
        );
      }}
    </Answer>
  );
}

const handingOut = { sentence: text.say.making, about: text.about.making, tone: "plain" } as const;

function summary({ set, offered, opening }: Shown): {
  sentence: string;
  about: string;
  tone: "plain" | "warn" | "bad";
} {
  if (opening !== null && opening.reviewedAt === null) {
    return { sentence: text.say.recovered(opening.operator), about: text.about.recovered, tone: "bad" };
  }
  if (offered !== null) {
    return { sentence: text.say.offered(offered.number), about: text.about.offered, tone: "warn" };
  }
  if (set === null) return { sentence: text.say.none, about: text.about.none, tone: "warn" };
  if (set.drillDue) return { sentence: text.say.due, about: text.about.inForce, tone: "warn" };
  return { sentence: text.say.inForce(set.threshold, set.shares), about: text.about.inForce, tone: "plain" };
}

function InForceSection({ set }: { set: InForce }) {
  return (
    <Section title={text.state} caption={text.stateCaption}>
      <Facts>
        <Fact name={text.facts.set}>{set.number}</Fact>
        <Fact name={text.facts.id}>
          <span className="fact">{set.id}</span>
        </Fact>
        <Fact name={text.facts.opens}>{text.sheet.opens(set.threshold, set.shares)}</Fact>
        <Fact name={text.facts.made}>
          <Time at={set.madeAt} />
        </Fact>
        <Fact name={text.facts.by}>{set.madeBy}</Fact>
        <Fact name={text.facts.drill}>
          {set.lastDrill === null ? (
            text.facts.never
          ) : (
            <>
              <Time at={set.lastDrill.at} />{" "}
              {text.facts.drilled(set.lastDrill.operator, set.lastDrill.shares.join(", "))}
            </>
          )}
        </Fact>
        <Fact name={text.facts.due}>
          <Time at={set.drillDueAt} />
        </Fact>
      </Facts>
    </Section>
  );
}

function OpeningSection({ opening }: { opening: Opening }) {
  const [note, setNote] = useState("");
  const { people: founded, operator } = useSession();
  const role = useRefusal("approvals.decide");
  const own = founded === "two" && operator === opening.operator ? text.review.other : undefined;
  const review = useMutation({ mutationFn: () => client.recovery.review({ note: note.trim() }) });
  const facts = text.review.facts;
  return (
    <Section title={text.review.title} caption={text.review.caption} gap>
      <Facts>
        <Fact name={facts.at}>
          <Time at={opening.at} />
        </Fact>
        <Fact name={facts.operator}>{opening.operator}</Fact>
        {opening.second === null ? null : <Fact name={facts.second}>{opening.second}</Fact>}
        <Fact name={facts.shares}>{opening.shares.join(", ")}</Fact>
        {opening.reviewedAt === null ? null : (
          <>
            <Fact name={facts.reviewed}>
              <Time at={opening.reviewedAt} />
            </Fact>
            <Fact name={facts.by}>{opening.reviewedBy}</Fact>
            <Fact name={facts.note}>{opening.note}</Fact>
          </>
        )}
      </Facts>
      {opening.reviewedAt === null ? (
        <form
          className={styles["form"]}
          onSubmit={(event) => {
            event.preventDefault();
            if (note.trim() !== "" && (own ?? role) === undefined) review.mutate();
          }}
        >
          <TextField
            label={text.review.note}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
          <div className={styles["actions"]}>
            <Button type="submit" notYet={own ?? role} disabled={note.trim() === "" || review.isPending}>
              {text.review.act}
            </Button>
          </div>
        </form>
      ) : null}
      {review.isError ? (
        <ErrorState failure={toFailure(review.error, en.failed.act(text.review.failed))} />
      ) : null}
    </Section>
  );
}

import { useMutation, useQuery } from "@tanstack/react-query";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { toFailure } from "../../app/failure.ts";
import { useSession } from "../../app/session.ts";
import { client, orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { ExactText } from "../../ui/exact-text.tsx";
import { Digest } from "../../ui/fact.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";
import { AgreeForm } from "./agree-form.tsx";
import styles from "./people.module.css";

const text = en.people.approvals;

/** One step for two: the sentence, the exact input, the digest, and who may do what about it. */
export function ApprovalDetail({ approval }: { approval: string }) {
  const { operator } = useSession();
  const query = useQuery(orpc.approvals.show.queryOptions({ input: { approval } }));
  return (
    <Answer query={query} what={text.what}>
      {(row) => (
        <div>
          <Section title={row.summary} label={row.summary}>
            <Facts rows="wide">
              <Fact name={text.detail.facts.requester}>{row.requester}</Fact>
              <Fact name={text.detail.facts.requested}>
                <Time at={row.requestedAt} />
              </Fact>
              {row.state === "waiting" ? (
                <>
                  <Fact name={text.detail.facts.until}>
                    <Time at={row.approveBy} />
                  </Fact>
                  <Fact name={text.detail.facts.approvers}>
                    {row.approvers.length === 0 ? text.detail.nobody : row.approvers.join(", ")}
                  </Fact>
                </>
              ) : null}
              {row.approver === null ? null : <Fact name={text.detail.facts.approver}>{row.approver}</Fact>}
              {row.executeBy === null || row.state !== "approved" ? null : (
                <Fact name={text.detail.facts.execute}>
                  <Time at={row.executeBy} />
                </Fact>
              )}
              {row.reason === null ? null : <Fact name={text.detail.facts.reason}>{row.reason}</Fact>}
            </Facts>
            <Digest value={row.digest} caption={text.detail.digest} />
          </Section>
          <Section title={text.detail.input} caption={text.detail.inputCaption} gap>
            <ExactText text={JSON.stringify(JSON.parse(row.input), undefined, 2)} label={text.detail.input} />
          </Section>
          {row.state === "waiting" ? <AgreeForm row={row} own={row.requester === operator} /> : null}
          {row.state === "approved" ? <Execute row={row} own={row.requester === operator} /> : null}
        </div>
      )}
    </Answer>
  );
}

interface Agreed {
  readonly operation: string;
  readonly requester: string;
  readonly input: string;
  readonly repeatable: boolean;
}

/** Whoever asked does it, with the very input that was agreed to. */
function Execute({ row, own }: { row: Agreed; own: boolean }) {
  const run = useMutation({ mutationFn: () => repeat(row.operation, JSON.parse(row.input)) });
  if (!own) return <p className="dim small">{text.execute.others(row.requester)}</p>;
  if (!row.repeatable) return <p className="dim small">{text.execute.repeat}</p>;
  return (
    <div className={styles["actions"]}>
      <Button look="primary" disabled={run.isPending} onClick={() => run.mutate()}>
        {text.execute.act}
      </Button>
      {run.isError ? <ErrorState failure={toFailure(run.error, en.failed.act(text.execute.failed))} /> : null}
    </div>
  );
}

/** The operation by its name: the station checks name, input and agreement as it does every call. */
function repeat(operation: string, input: unknown): Promise<unknown> {
  const [area = "", verb = ""] = operation.split(".");
  const areas = client as unknown as Record<
    string,
    Record<string, (input: unknown) => Promise<unknown>> | undefined
  >;
  return areas[area]?.[verb]?.(input) ?? Promise.reject(new Error(operation));
}

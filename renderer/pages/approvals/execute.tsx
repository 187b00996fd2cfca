import { useMutation } from "@tanstack/react-query";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { client } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Section } from "../../ui/section.tsx";
import type { ApprovalDetailView } from "./approval-view.ts";
import styles from "./approvals.module.css";

const text = en.approvals.execute;

/** Whoever asked does it, with the very input that was agreed to. */
export function Execute({ row, own }: { row: ApprovalDetailView; own: boolean }) {
  const run = useMutation({ mutationFn: () => repeat(row.operation, JSON.parse(row.input)) });
  const say = own ? (row.repeatable ? text.own : text.repeat) : text.others(row.requester);
  return (
    <Section title={text.title} gap>
      <p className="dim small">{say}</p>
      {own && row.repeatable ? (
        <div className={styles["actions"]}>
          <Button look="primary" disabled={run.isPending} onClick={() => run.mutate()}>
            {text.act}
          </Button>
        </div>
      ) : null}
      {run.isError ? <ErrorState failure={toFailure(run.error, en.failed.act(text.failed))} /> : null}
    </Section>
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

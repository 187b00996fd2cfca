import { useQuery } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { useSession } from "../../app/session.ts";
import { orpc } from "../../rpc.ts";
import { Columns } from "../../ui/columns.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { formatCount } from "../../ui/format.ts";
import type { StatusKind } from "../../ui/glyph.tsx";
import { Say } from "../../ui/say.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import { ApprovalDetail } from "./approval-detail.tsx";
import styles from "./people.module.css";

const text = en.people.approvals;

interface ApprovalView {
  readonly approval: string;
  readonly operation: string;
  readonly requester: string;
  readonly state: keyof typeof text.states;
  readonly requestedAt: string;
  readonly approver: string | null;
}

export const shapes: Record<ApprovalView["state"], StatusKind> = {
  waiting: "two",
  approved: "proved",
  refused: "failed",
  void: "off",
  expired: "off",
  used: "done",
};

const columns: readonly Column<ApprovalView>[] = [
  { id: "operation", head: text.columns.operation, strong: true, cell: (row) => row.operation },
  {
    id: "state",
    head: text.columns.state,
    width: 96,
    cell: (row) => <Status kind={shapes[row.state]}>{text.states[row.state]}</Status>,
  },
  { id: "requester", head: text.columns.requester, width: 104, cell: (row) => row.requester },
  { id: "at", head: text.columns.at, width: 130, cell: (row) => <Time at={row.requestedAt} /> },
  { id: "approver", head: text.columns.approver, width: 104, cell: (row) => row.approver ?? "" },
];

/** What waits for a second person, with exactly what it would do. */
export function ApprovalsPage({ chosen }: { chosen: string | undefined }) {
  const [, navigate] = useLocation();
  const { people } = useSession();
  const list = useQuery(orpc.approvals.list.queryOptions({ input: {} }));
  return (
    <Answer query={list} what={text.what}>
      {({ approvals }) => {
        const waiting = approvals.filter((row) => row.state === "waiting");
        const shown = approvals.find((row) => row.approval === chosen) ?? waiting[0] ?? approvals[0];
        return (
          <div className={styles["page"]}>
            <Say
              sentence={
                waiting.length === 0
                  ? text.say.none
                  : waiting.length === 1
                    ? text.say.one
                    : text.say.some(formatCount(waiting.length))
              }
            >
              {text.about[people]}
            </Say>
            {shown === undefined ? (
              <EmptyState title={text.empty.title} about={text.empty.about} />
            ) : (
              <Columns kind="even">
                <Section title={text.list}>
                  <Table
                    label={text.list}
                    columns={columns}
                    rows={approvals}
                    rowKey={(row) => row.approval}
                    chosen={shown.approval}
                    onChoose={(row) => navigate(`/people/approvals/${row.approval}`)}
                  />
                </Section>
                <ApprovalDetail key={shown.approval} approval={shown.approval} />
              </Columns>
            )}
          </div>
        );
      }}
    </Answer>
  );
}

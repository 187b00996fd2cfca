import { useQuery } from "@tanstack/react-query";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { useRefusal, useSession } from "../../app/session.ts";
import { orpc } from "../../rpc.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { formatCount } from "../../ui/format.ts";
import { Say } from "../../ui/say.tsx";
import { AgreeForm, Refuse } from "./agree-form.tsx";
import { ApprovalDetail } from "./approval-detail.tsx";
import { ApprovalList } from "./approval-list.tsx";
import { groupsOf, type ApprovalRow } from "./approval-view.ts";
import { ApproverList } from "./approver-list.tsx";
import { Execute } from "./execute.tsx";
import { Signed } from "./signed.tsx";
import styles from "./approvals.module.css";

const text = en.approvals;

/** What waits for a second person: the list, exactly what one of it would do, and who may agree. */
export function ApprovalsPage({ chosen }: { chosen: string | undefined }) {
  const { people } = useSession();
  const list = useQuery(orpc.approvals.list.queryOptions({ input: {} }));
  return (
    <Answer query={list} what={text.what}>
      {({ approvals }) => {
        const { waiting, approved, settled } = groupsOf(approvals);
        const shown =
          approvals.find((row) => row.approval === chosen) ?? waiting[0] ?? approved[0] ?? settled[0];
        const head = <Say sentence={sentence(waiting.length)}>{text.about[people]}</Say>;
        if (shown === undefined) {
          return (
            <>
              {head}
              <EmptyState title={text.empty.title} about={text.empty.about} />
            </>
          );
        }
        return (
          <div className={styles["desk"]}>
            <div className={styles["left"]}>
              {head}
              <ApprovalList rows={approvals} chosen={shown.approval} />
            </div>
            <Chosen key={shown.approval} row={shown} />
          </div>
        );
      }}
    </Answer>
  );
}

function sentence(waiting: number): string {
  if (waiting === 0) return text.say.none;
  return waiting === 1 ? text.say.one : text.say.some(formatCount(waiting));
}

/** The chosen request and, beside it, what a person can do about it. */
function Chosen({ row: { approval } }: { row: ApprovalRow }) {
  const { operator, station } = useSession();
  const mayDecide = useRefusal("approvals.decide");
  const query = useQuery(orpc.approvals.show.queryOptions({ input: { approval } }));
  return (
    <Answer query={query} what={text.what}>
      {(row) => {
        const own = row.requester === operator;
        const open = row.state === "waiting" || row.state === "approved";
        return (
          <>
            <ApprovalDetail row={row} />
            <aside className={styles["beside"]} aria-label={text.who.title}>
              {row.state === "waiting" ? <AgreeForm row={row} signedIn={operator} /> : null}
              {row.state === "approved" ? <Execute row={row} own={own} /> : null}
              {open ? <Refuse row={row} own={own} notYet={mayDecide} /> : null}
              {row.state === "waiting" ? <ApproverList row={row} signedIn={operator} /> : null}
              {open || row.approver !== null ? <Signed row={row} station={station} /> : null}
            </aside>
          </>
        );
      }}
    </Answer>
  );
}

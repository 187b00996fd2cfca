import { Link } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { stepTitle } from "../../../shared/strings/step-titles.ts";
import { formatCount, formatDuration } from "../../ui/format.ts";
import { OutsideText } from "../../ui/outside-text.tsx";
import { Status } from "../../ui/status.tsx";
import { Time, useNow } from "../../ui/time.tsx";
import { deadlineOf, groupsOf, shapes, type ApprovalRow } from "./approval-view.ts";
import styles from "./approvals.module.css";

const text = en.approvals;
/** Minutes are what a person plans by here. */
const tickMs = 10_000;

/** Every request, by what is to be done about it. */
export function ApprovalList({ rows, chosen }: { rows: readonly ApprovalRow[]; chosen: string }) {
  const groups = groupsOf(rows);
  const now = useNow(tickMs);
  return (
    <nav className={styles["list"]} aria-label={text.what}>
      {(["waiting", "approved", "settled"] as const).map((group) =>
        groups[group].length === 0 ? null : (
          <section key={group}>
            <h3>
              {text.groups[group]} <span className="dim">{formatCount(groups[group].length)}</span>
            </h3>
            {groups[group].map((row) => (
              <Item key={row.approval} row={row} now={now} chosen={row.approval === chosen} />
            ))}
          </section>
        ),
      )}
    </nav>
  );
}

function Item({ row, now, chosen }: { row: ApprovalRow; now: number; chosen: boolean }) {
  const deadline = deadlineOf(row);
  return (
    <Link
      href={`/people/approvals/${row.approval}`}
      aria-current={chosen ? "page" : undefined}
      className={`${styles["item"]} ${chosen ? styles["chosen"] : ""}`}
    >
      <span className={styles["top"]}>
        <Status kind={shapes[row.state]}>{text.states[row.state]}</Status>
        <span className="dim">
          {deadline === null ? (
            <Time at={row.decidedAt ?? row.requestedAt} zone={false} />
          ) : (
            (row.state === "waiting" ? text.lapses : text.doUntil)(leftOf(deadline, now))
          )}
        </span>
      </span>
      <b>
        <OutsideText text={stepTitle(row)} />
      </b>
      <span className="dim">
        {row.approver === null ? text.askedBy(row.requester) : text.agreedBy(row.requester, row.approver)}
        {row.reason === null ? null : (
          <>
            : <OutsideText text={row.reason} />
          </>
        )}
      </span>
    </Link>
  );
}

/** `23 h 58 min`; whole minutes above one. */
export function leftOf(deadline: string, now: number): string {
  const seconds = Math.max(0, (Date.parse(deadline) - now) / 1000);
  return formatDuration(seconds > 60 ? Math.round(seconds / 60) * 60 : seconds);
}

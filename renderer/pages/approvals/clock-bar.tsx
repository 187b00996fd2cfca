import { en } from "../../../shared/strings/en.ts";
import { Section } from "../../ui/section.tsx";
import { Time, useNow } from "../../ui/time.tsx";
import { leftOf } from "./approval-list.tsx";
import { deadlineOf, type ApprovalDetailView } from "./approval-view.ts";
import styles from "./approvals.module.css";

const text = en.approvals.clocks;
const tickMs = 10_000;

/** From the asking (or the agreement) to the end of its time, with now on it. */
export function ClockBar({ row }: { row: ApprovalDetailView }) {
  const now = useNow(tickMs);
  const end = deadlineOf(row);
  const start = row.state === "approved" ? (row.decidedAt ?? row.requestedAt) : row.requestedAt;
  if (end === null) return null;
  const part = (now - Date.parse(start)) / (Date.parse(end) - Date.parse(start));
  const at = Math.min(1000, Math.max(0, Math.round(part * 1000)));
  return (
    <Section title={text.title} caption={text.caption} gap>
      <div className={styles["clocks"]}>
        <span className="dim">{row.state === "approved" ? text.agreed : text.asked}</span>
        <b>{at === 1000 ? text.over : text.left(leftOf(end, now))}</b>
        <span className="dim">{row.state === "approved" ? text.doBy : text.agreeBy}</span>
        <svg viewBox="0 0 1000 16" preserveAspectRatio="none" aria-hidden="true">
          <rect className={styles["rest"]} y="5" width="1000" height="6" />
          <rect className={styles["gone"]} y="5" width={at} height="6" />
          <rect className={styles["now"]} x={Math.min(997, at)} width="3" height="16" />
        </svg>
        <Time at={start} />
        <span />
        <Time at={end} />
      </div>
    </Section>
  );
}

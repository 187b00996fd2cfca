import { en } from "../../../shared/strings/en.ts";
import { formatCount } from "../../ui/format.ts";
import type { StatusKind } from "../../ui/glyph.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { Time } from "../../ui/time.tsx";
import type { ApprovalDetailView } from "./approval-view.ts";
import styles from "./approvals.module.css";

const text = en.approvals.who;

type Standing = ApprovalDetailView["standing"][number];
type Verdict = keyof typeof text.verdicts;

const verdicts: Record<Standing["reason"], Verdict> = {
  may: "may",
  "let-in": "wait",
  raised: "wait",
  asked: "not",
  role: "not",
  disabled: "not",
};
const shapes: Record<Verdict, StatusKind> = { may: "done", wait: "held", not: "off" };

/** Everybody of the station, with whether they may agree to this, and why not. */
export function ApproverList({ row, signedIn }: { row: ApprovalDetailView; signedIn: string }) {
  const { standing, requester } = row;
  return (
    <Section
      title={text.title}
      caption={text.count(formatCount(row.approvers.length), formatCount(standing.length))}
      gap
    >
      <ul className={styles["who"]}>
        {standing.map((one) => (
          <li key={one.operator}>
            <span>
              {one.operator}
              {one.operator === signedIn ? <span className="dim">, {text.you}</span> : null}
            </span>
            <Status kind={shapes[verdicts[one.reason]]}>{text.verdicts[verdicts[one.reason]]}</Status>
            <span className="dim">
              {reasonOf(one, requester)}
              {one.until === null ? null : (
                <>
                  , {text.until} <Time at={one.until} zone={false} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function reasonOf(one: Standing, requester: string): string {
  const said = text.reasons[one.reason];
  return typeof said === "string" ? said : said(requester);
}

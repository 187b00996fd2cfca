import { en } from "../../../shared/strings/en.ts";
import { Hash, Id } from "../../ui/fact.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";
import type { ApprovalDetailView } from "./approval-view.ts";

const text = en.approvals.signed;

/** The fields that the approver's key signs, in docs/people.md's order. */
export function Signed({ row, station }: { row: ApprovalDetailView; station: string }) {
  return (
    <Section title={text.title} caption={text.caption} gap>
      <Facts>
        <Fact name={text.station}>
          <Id value={station} />
        </Fact>
        <Fact name={text.approval}>
          <span className="fact">{row.approval}</span>
        </Fact>
        <Fact name={text.digest}>
          <Hash value={row.digest} />
        </Fact>
        <Fact name={text.approver}>
          {row.approver ?? <span className="dim">{en.approvals.agree.operator}</span>}
        </Fact>
        <Fact name={text.at}>
          {row.decidedAt === null || row.approver === null ? (
            <span className="dim">{text.atNow}</span>
          ) : (
            <Time at={row.decidedAt} />
          )}
        </Fact>
      </Facts>
      <p className="dim small fact">{text.format}</p>
    </Section>
  );
}

import { en } from "../../../shared/strings/en.ts";
import { stepTitle } from "../../../shared/strings/step-titles.ts";
import { ExactText } from "../../ui/exact-text.tsx";
import { Digest, Fingerprint } from "../../ui/fact.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { OutsideText } from "../../ui/outside-text.tsx";
import { Say } from "../../ui/say.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { Time } from "../../ui/time.tsx";
import { factsOf, type ApprovalDetailView } from "./approval-view.ts";
import { ClockBar } from "./clock-bar.tsx";
import styles from "./approvals.module.css";

const text = en.approvals;

/** One step for two: what it would do, to what, exactly, until when, and what if not. */
export function ApprovalDetail({ row }: { row: ApprovalDetailView }) {
  const open = row.state === "waiting" || row.state === "approved";
  return (
    <div className={styles["detail"]}>
      <Say sentence={<OutsideText text={stepTitle(row)} />}>{row.summary}.</Say>
      {open ? null : <Ended row={row} />}
      <Section title={text.exactly.bytes} caption={text.exactly.bytesCaption} gap>
        <ExactText text={JSON.stringify(JSON.parse(row.input), undefined, 2)} label={text.exactly.bytes} />
      </Section>
      {open ? <ActsOn row={row} /> : null}
      <Section title={text.exactly.title} caption={text.exactly.caption} gap>
        <div className={styles["digests"]}>
          <Digest value={row.inputSha256} caption={text.exactly.input} />
          {open ? <Digest value={row.actsOnSha256} caption={text.exactly.actsOn} /> : null}
          <Digest value={row.digest} caption={text.exactly.digest} />
        </div>
      </Section>
      {open ? <ClockBar row={row} /> : null}
      {open ? <Ifs waiting={row.state === "waiting"} /> : null}
    </div>
  );
}

function Ended({ row }: { row: ApprovalDetailView }) {
  return (
    <Section title={text.settled.title} gap>
      <Facts rows="wide">
        {row.reason === null ? null : (
          <Fact name={text.settled.reason}>
            <OutsideText text={row.reason} />
          </Fact>
        )}
        {row.approver === null ? null : <Fact name={text.settled.agreed}>{row.approver}</Fact>}
        {row.decidedAt === null ? null : (
          <Fact name={text.settled.decided}>
            <Time at={row.decidedAt} />
          </Fact>
        )}
      </Facts>
    </Section>
  );
}

function ActsOn({ row }: { row: ApprovalDetailView }) {
  const facts = factsOf(row.actsOn);
  return (
    <Section
      title={text.acting.title}
      caption={text.acting.caption}
      aside={
        <Status kind={row.asAsked ? "done" : "failed"}>
          {row.asAsked ? text.acting.same : text.acting.other}
        </Status>
      }
      gap
    >
      {facts.length === 0 ? (
        <p className="dim small">{text.acting.nothing}</p>
      ) : (
        <Facts rows="wide">
          {facts.map((fact) => (
            <Fact key={fact.name} name={fact.name === "" ? text.acting.now : fact.name}>
              <Value value={fact.value} />
            </Fact>
          ))}
        </Facts>
      )}
    </Section>
  );
}

function Value({ value }: { value: string | number | boolean | null }) {
  if (value === null) return <span className="dim">{text.acting.empty}</span>;
  if (typeof value === "boolean") return value ? text.acting.yes : text.acting.no;
  const written = String(value);
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(written)) return <Time at={written} />;
  if (written.startsWith("SHA256:")) return <Fingerprint value={written} />;
  return (
    <span className="fact">
      <OutsideText text={written} />
    </span>
  );
}

function Ifs({ waiting }: { waiting: boolean }) {
  const { nobody, changed, wrong, notDone } = text.ifs;
  return (
    <Section title={text.ifs.title} gap>
      <Facts rows="wide">
        {(waiting ? [nobody, changed, wrong] : [changed, notDone]).map(([what, then]) => (
          <Fact key={what} name={what}>
            {then}
          </Fact>
        ))}
      </Facts>
    </Section>
  );
}

import { useMutation } from "@tanstack/react-query";
import { Download, FileText, Printer } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { saveText } from "../../app/files.ts";
import { useRefusal } from "../../app/session.ts";
import { client } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { WholeFact } from "../../ui/fact.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { TextField } from "../../ui/field.tsx";
import { formatCount } from "../../ui/format.ts";
import { PrintedPage, usePrint } from "../../ui/printed-page.tsx";
import { Say } from "../../ui/say.tsx";
import { Section } from "../../ui/section.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import styles from "./reports-page.module.css";
import { RecomputeReport } from "./recompute-report.tsx";
import { SignReport } from "./sign-report.tsx";

const text = en.audit.reports;

export type Report = Awaited<ReturnType<typeof client.reports.make>>;
const kinds = ["integrity", "review", "media", "access", "exceptions"] as const;
type Kind = (typeof kinds)[number];

/** Reports: made from a checkpoint, read here, printed or saved, made again to compare, and signed where a review is. */
export function ReportsPage({ kind: named }: { kind: string | undefined }) {
  const [, navigate] = useLocation();
  const kind: Kind = kinds.find((one) => one === named) ?? "integrity";
  return (
    <div className={styles["page"]}>
      <Segmented
        label={text.kind}
        value={kind}
        onChange={(next) => navigate(`/audit/reports/${next}`)}
        choices={kinds.map((value) => ({ value, label: text.kinds[value] }))}
      />
      <OneKind key={kind} kind={kind} />
      <RecomputeReport />
    </div>
  );
}

/** Reports of a range; the others are about the whole log. */
const ranged: readonly Kind[] = ["review", "media", "exceptions"];

function OneKind({ kind }: { kind: Kind }) {
  const refusal = useRefusal("audit.read");
  const [from, setFrom] = useState("");
  const make = useMutation({
    mutationFn: () => client.reports.make({ kind, ...(from === "" ? {} : { from: Number(from) }) }),
  });
  const report = make.data;
  const { print, sheet } = usePrint(report?.document);
  const name = report === undefined ? "" : `${kind}-${report.events}.html`;
  const bad = from !== "" && !/^[1-9]\d{0,14}$/.test(from);
  return (
    <>
      <Say
        sentence={
          report === undefined ? text.kinds[kind] : text.ready(text.kinds[kind], formatCount(report.events))
        }
        actions={
          <>
            <Button
              look={report === undefined ? "primary" : "normal"}
              icon={<FileText />}
              notYet={refusal}
              disabled={make.isPending || bad}
              onClick={() => make.mutate()}
            >
              {report === undefined ? text.make : text.makeAgain}
            </Button>
            {report === undefined ? null : (
              <>
                <Button look="primary" icon={<Printer />} onClick={print}>
                  {text.print}
                </Button>
                <Button icon={<Download />} onClick={() => saveText(name, report.html)}>
                  {text.save}
                </Button>
              </>
            )}
          </>
        }
      >
        {text.about[kind]}
      </Say>
      {ranged.includes(kind) ? (
        <div className={styles["range"]}>
          <TextField
            label={text.from}
            note={kind === "review" ? text.fromReview : text.fromStart}
            fact
            inputMode="numeric"
            maxLength={15}
            value={from}
            error={bad ? text.fromBad : undefined}
            onChange={(event) => setFrom(event.target.value.trim())}
          />
        </div>
      ) : null}
      {make.isPending ? <p className="dim small">{text.making}</p> : null}
      {make.isError ? <ErrorState failure={toFailure(make.error, en.failed.act(text.make))} /> : null}
      {report === undefined ? null : (
        <>
          <Facts rows="wide">
            <Fact name={text.range}>
              {report.to < report.from
                ? text.nothing
                : text.events(formatCount(report.from), formatCount(report.to))}
            </Fact>
            <Fact name={text.sha256}>
              <WholeFact value={report.sha256} copy={text.sha256} />
            </Fact>
          </Facts>
          <PrintedPage page={report.document} label={text.preview} />
          {kind === "review" || kind === "access" ? <SignReport key={report.sha256} report={report} /> : null}
        </>
      )}
      {sheet}
      <Section title={text.how.title} gap>
        <p className="second">{text.how.about}</p>
      </Section>
    </>
  );
}

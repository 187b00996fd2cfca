import { Link } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { pageOf, sentenceOf } from "../../app/job-sentence.ts";
import type { Job } from "../../app/live.ts";
import { formatCount, formatPercent } from "../../ui/format.ts";
import { Progress } from "../../ui/progress.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import styles from "./happening.module.css";

const text = en.watch;

/** Running exports and imports, with progress by synced bytes. */
export function Happening({ jobs }: { jobs: readonly Job[] }) {
  const running = jobs.filter((job) => job.state === "running");
  return (
    <Section
      title={text.happening}
      caption={
        running.length === 0 ? text.happeningNone : `${formatCount(running.length)}; ${text.happeningCaption}`
      }
    >
      <ul className={styles["happening"]}>
        {running.map((job) => (
          <Row key={job.job} job={job} />
        ))}
      </ul>
    </Section>
  );
}

function Row({ job }: { job: Job }) {
  const step = job.steps.find((candidate) => candidate.state === "running");
  return (
    <li>
      <Status kind="running">{en.transfer.gate.kinds[job.kind]}</Status>
      <Link href={pageOf(job)} className={`under ${styles["what"]}`}>
        {sentenceOf(job)}
      </Link>
      {step === undefined ? (
        <span />
      ) : (
        <Progress done={step.doneBytes} total={step.totalBytes} label={sentenceOf(job)} />
      )}
      <span className="figure">
        {step === undefined ? "" : formatPercent(step.doneBytes, step.totalBytes)}
      </span>
      <span>{job.operator}</span>
    </li>
  );
}

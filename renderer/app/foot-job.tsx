import { en } from "../../shared/strings/en.ts";
import { formatPercent } from "../ui/format.ts";
import { Glyph } from "../ui/glyph.tsx";
import { Progress } from "../ui/progress.tsx";
import { Link } from "wouter";
import { pageOf, sentenceOf } from "./job-sentence.ts";
import { useConnection, type Job } from "./live.ts";
import styles from "./foot-job.module.css";

/** What runs now, in the foot: it goes on when the page is left. */
export function FootJob({ running }: { running: readonly Job[] }) {
  const connected = useConnection((state) => state.connected);
  if (!connected) return <span className={styles["lost"]}>{en.ui.foot.offline}</span>;
  const [job] = running;
  if (job === undefined) return <span className="dim">{en.ui.foot.idle}</span>;
  const step = job.steps.find((candidate) => candidate.state === "running");
  return (
    <Link href={pageOf(job)} className={styles["job"]}>
      <Glyph shape="running" size={12} className={styles["own"]} />
      <span>{sentenceOf(job)}</span>
      {step === undefined || step.totalBytes === 0 ? null : (
        <>
          <span className={styles["meter"]}>
            <Progress done={step.doneBytes} total={step.totalBytes} label={sentenceOf(job)} />
          </span>
          {formatPercent(step.doneBytes, step.totalBytes)}
        </>
      )}
    </Link>
  );
}

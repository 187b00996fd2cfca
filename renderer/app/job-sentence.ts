import { en } from "../../shared/strings/en.ts";
import { formatCount } from "../ui/format.ts";
import { isCrossing } from "./finished.ts";
import type { Job } from "./live.ts";

const text = en.transfer.gate;

/** What is true of a job now: the station's own last sentence, or what its running step is doing. */
export function sentenceOf(job: Job): string {
  if (job.sentence !== "") return job.sentence;
  const step = job.steps.find((candidate) => candidate.state === "running");
  if (step === undefined) return text.under.none;
  if (!isCrossing(job)) return en.backup.under[step.name];
  const what =
    job.sequence === null || step.name === "seal"
      ? text.underWaiting
      : text.underBatch(formatCount(job.sequence));
  const medium = job.medium.split(/[\\/]/).findLast((name) => name !== "") ?? job.medium;
  return text.under[step.name](what, job.peer ?? text.underPeer, medium);
}

/** Where a job is looked at. */
export function pageOf(job: Job): string {
  return isCrossing(job) ? `/transfer/job/${job.job}` : "/station/backup";
}

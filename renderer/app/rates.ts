import type { RatePoint } from "../ui/rate-chart.tsx";

interface Progress {
  readonly job: string;
  readonly steps: readonly { readonly name: string; readonly state: string; readonly doneBytes: number }[];
}

interface Track {
  step: string;
  lastBytes: number;
  lastMs: number;
  points: readonly RatePoint[];
}

/** Two points a second over a little more than two minutes. */
const pointLimit = 300;
/** Shorter gaps than this say more about the clock than about the medium. */
const shortestGapMs = 200;

const tracks = new Map<string, Track>();

/** Adds what running jobs have done since their last snapshot. `nowMs` is the page's clock. */
export function noteRates(jobs: readonly Progress[], nowMs: number): void {
  for (const job of jobs) {
    const step = job.steps.find((candidate) => candidate.state === "running");
    if (step === undefined) continue;
    const track = tracks.get(job.job);
    if (track === undefined || track.step !== step.name) {
      tracks.set(job.job, {
        step: step.name,
        lastBytes: step.doneBytes,
        lastMs: nowMs,
        points: track?.points ?? [],
      });
      continue;
    }
    const gapMs = nowMs - track.lastMs;
    if (gapMs < shortestGapMs) continue;
    const mebibytesPerSecond = Math.max(0, step.doneBytes - track.lastBytes) / 1_048_576 / (gapMs / 1000);
    track.points = [...track.points, { atSeconds: nowMs / 1000, mebibytesPerSecond }].slice(-pointLimit);
    track.lastBytes = step.doneBytes;
    track.lastMs = nowMs;
  }
}

const none: readonly RatePoint[] = [];

/** The rate of a job as this page saw it; empty for one that ran before the page was open. */
export function ratePoints(job: string): readonly RatePoint[] {
  return tracks.get(job)?.points ?? none;
}

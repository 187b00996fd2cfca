import { join } from "node:path";
import type { Figure } from "./figure.ts";
import { work } from "./process.ts";

interface Seen {
  /** Milliseconds from the call on one page to the new row on the other, each in its turn. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly edits: number;
}

const rounds = 3;

/** From a click on one page to the changed row on another: hint, fetch and all, over two real WebSockets. */
export async function benchChanges(scratch: string): Promise<Figure[]> {
  const runs: Seen[] = [];
  for (let round = 0; round < rounds; round += 1) {
    runs.push(await work<Seen>("./work-changes.ts", [join(scratch, `changes-${round}`)]));
  }
  const common = {
    bench: "change to another window",
    unit: "ms",
    peer: "none: no peer has two windows",
    theirs: [],
    goal: "100 ms",
    note: `${runs[0]?.edits ?? 0} edits a run, at random moments`,
  };
  return [
    { ...common, work: "half of them seen within (p50)", ours: runs.map((run) => run.p50Ms) },
    { ...common, work: "99 of 100 seen within (p99)", ours: runs.map((run) => run.p99Ms) },
  ];
}

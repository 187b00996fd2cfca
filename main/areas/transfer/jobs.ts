import { Refusal } from "../../../shared/errors.ts";
import type { Job } from "../../station/changes.ts";
import { randomHex } from "../../station/crypto/random.ts";
import { JobRun, type JobPlan, type JobsDeps } from "./job-run.ts";

/** Kinds that move nothing, so that they stand in nobody's way. */
const onlyLooks: ReadonlySet<Job["kind"]> = new Set(["inspect", "check"]);

/** Finished jobs that stay listed, so that a page which was left finds its answer. */
const keptJobs = 20;

/** The exports, imports and inspections of this station since it was opened, newest last. */
export class Jobs {
  readonly #deps: JobsDeps;
  readonly #runs = new Map<string, JobRun>();

  constructor(deps: JobsDeps) {
    this.#deps = deps;
  }

  /**
   * Begins a job, hands it to `work` and ends it with what came of it: done, cancelled or failed.
   *
   * @throws Refusal `conflict` while another export or import runs: both move the ledger.
   */
  async run<T>(plan: JobPlan, work: (run: JobRun) => Promise<T>): Promise<T> {
    this.#refuseSecond(plan);
    const run = new JobRun(randomHex(8), plan, this.#deps);
    this.#runs.set(run.id, run);
    this.#forgetOldest();
    try {
      const answer = await work(run);
      run.end("done");
      return answer;
    } catch (error) {
      run.endWith(error);
      throw error;
    }
  }

  /** Snapshots, oldest first. */
  list(): Job[] {
    return [...this.#runs.values()].map((run) => run.snapshot());
  }

  /** What a job is now. @throws Refusal `not-found` */
  find(id: string): Job {
    return this.#expect(id).snapshot();
  }

  /**
   * Asks a running job to stop at its next safe point. One that has ended stays as it is.
   *
   * @throws Refusal `not-found`
   */
  cancel(id: string): void {
    this.#expect(id).cancel();
  }

  #expect(id: string): JobRun {
    const run = this.#runs.get(id);
    if (run !== undefined) return run;
    throw new Refusal("not-found", `No job ${id} is known since the station was opened.`);
  }

  /**
   * For what moves the ledger and is no job: halfway through an import it would pull rows away from under it.
   *
   * @throws Refusal `conflict` while an export or import runs
   */
  expectIdle(): void {
    const busy = this.list().find((job) => job.state === "running" && !onlyLooks.has(job.kind));
    if (busy === undefined) return;
    throw new Refusal(
      "conflict",
      `${busy.kind === "backup" ? "A backup" : `An ${busy.kind}`} with ${busy.medium} is still running, begun by ${busy.operator}.`,
      { remedy: "Wait until it ends or cancel it, then try again." },
    );
  }

  #refuseSecond(plan: JobPlan): void {
    if (!onlyLooks.has(plan.kind)) this.expectIdle();
  }

  #forgetOldest(): void {
    for (const [id, run] of this.#runs) {
      if (this.#runs.size <= keptJobs) return;
      if (run.ended) this.#runs.delete(id);
    }
  }
}

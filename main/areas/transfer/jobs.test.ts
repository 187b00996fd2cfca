import { describe, expect, test } from "vitest";
import { Refusal } from "../../../shared/errors.ts";
import { job as jobShape } from "../../../shared/contract/transfer.ts";
import type { Job } from "../../station/changes.ts";
import type { JobPlan } from "./job-run.ts";
import { Jobs } from "./jobs.ts";

const plan: JobPlan = { kind: "export", medium: "/media/a", operator: "ada", steps: ["seal", "copy"] };

function registry(): { jobs: Jobs; told: Job[]; stop: AbortController } {
  const told: Job[] = [];
  const stop = new AbortController();
  const jobs = new Jobs({
    clock: () => new Date("2026-11-21T08:00:00.000Z"),
    stopping: stop.signal,
    progress: (job) => told.push(job),
  });
  return { jobs, told, stop };
}

describe("jobs", () => {
  test("a job that ends stays listed with its steps, parts and last sentence", async () => {
    const { jobs, told } = registry();
    await jobs.run(plan, async (run) => {
      run.begin("seal", 100);
      run.advance("seal", 100, 3);
      run.finish("seal");
      run.showParts([
        { name: "data/part-00001.zst.age", bytes: 9, sha256: "0".repeat(64), state: "waiting" },
      ]);
      run.part("data/part-00001.zst.age", "synced");
      run.describe({ sentence: "Sealed.", verdict: "done" });
    });
    const [job] = jobs.list();
    expect(jobShape.parse(job)).toMatchObject({
      state: "done",
      sentence: "Sealed.",
      steps: [
        { name: "seal", state: "done", doneBytes: 100, doneRecords: 3 },
        { name: "copy", state: "skipped", note: "Not reached." },
      ],
      parts: [{ state: "synced" }],
    });
    expect(told.at(-1)?.state).toBe("done");
  });

  test("a second export is refused while one runs, an inspection is not", async () => {
    const { jobs } = registry();
    await jobs.run(plan, async () => {
      await expect(jobs.run(plan, async () => {})).rejects.toMatchObject({ code: "conflict" });
      await jobs.run({ ...plan, kind: "inspect" }, async () => {});
    });
    await expect(jobs.run(plan, async () => 7)).resolves.toBe(7);
  });

  test("a cancelled job stops at its next safe point and says that it can be resumed", async () => {
    const { jobs } = registry();
    const work = jobs.run(plan, async (run) => {
      run.begin("copy", 10);
      run.safePoint();
      jobs.cancel(run.id);
      run.safePoint();
    });
    await expect(work).rejects.toMatchObject({ code: "cancelled" });
    expect(jobs.list()[0]).toMatchObject({ state: "cancelled", verdict: "warn" });
    expect(jobs.list()[0]?.steps[1]?.state).toBe("skipped");
  });

  test("a station that closes stops its jobs the same way", async () => {
    const { jobs, stop } = registry();
    stop.abort();
    await expect(jobs.run(plan, async (run) => run.safePoint())).rejects.toMatchObject({ code: "cancelled" });
  });

  test("a failed job shows the refusal as its sentence, and what is safe", async () => {
    const { jobs } = registry();
    const fault = new Refusal("medium-failed", "The stick is gone.", {
      safe: "Nothing is lost.",
      remedy: "Put it back.",
    });
    await expect(jobs.run(plan, () => Promise.reject(fault))).rejects.toBe(fault);
    expect(jobs.list()[0]).toMatchObject({
      state: "failed",
      sentence: "The stick is gone.",
      remedy: "Nothing is lost. Put it back.",
      verdict: "bad",
    });
  });

  test("a job that ends says of every step what became of it: none runs or waits any more", async () => {
    const { jobs } = registry();
    await jobs.run(plan, async (run) => run.begin("seal", 100));
    expect(jobs.list()[0]?.steps.map(({ state }) => state)).toEqual(["failed", "skipped"]);
  });

  test("the second batch of a medium does not show the steps and parts of the first", async () => {
    const { jobs } = registry();
    const part = {
      name: "data/part-00001.zst.age",
      bytes: 9,
      sha256: "0".repeat(64),
      state: "waiting",
    } as const;
    await jobs.run(plan, async (run) => {
      for (const name of ["seal", "copy"] as const) {
        run.begin(name, 9);
        run.finish(name, "proved");
      }
      run.startOver([part]);
      run.begin("seal", 9);
      run.finish("seal", "failed");
    });
    expect(jobs.list()[0]).toMatchObject({
      steps: [{ state: "failed" }, { state: "skipped", doneBytes: 0 }],
      parts: [part],
    });
  });

  test("what was proved of one batch is not shown of the next, while it is written", async () => {
    const { jobs } = registry();
    await jobs.run(plan, async (run) => {
      run.begin("copy", 9);
      run.finish("copy", "proved");
      run.waitAgain("copy");
      expect(jobs.list()[0]?.steps[1]).toMatchObject({ state: "waiting", endedAt: null });
    });
  });

  test("twenty finished jobs are kept, a running one always", async () => {
    const { jobs } = registry();
    await jobs.run({ ...plan, medium: "/first" }, async () => {
      for (let count = 0; count < 30; count += 1)
        await jobs.run({ ...plan, kind: "inspect" }, async () => {});
      expect(jobs.list()).toHaveLength(20);
      expect(jobs.list()[0]?.medium).toBe("/first");
    });
  });

  test("cancelling a job that nobody knows is an answer", () => {
    expect(() => registry().jobs.cancel("ffff")).toThrow(Refusal);
  });
});

import { describe, expect, test } from "vitest";
import { unreadJob } from "./finished.ts";
import { sentenceOf } from "./job-sentence.ts";
import type { Job } from "./live.ts";

const job = (id: string, endedAt: string | null, kind: Job["kind"] = "export"): Job => ({
  job: id,
  kind,
  state: endedAt === null ? "running" : "done",
  peer: "high",
  batch: null,
  sequence: 41,
  medium: "/media/SP-11",
  operator: "admin",
  startedAt: "2026-11-21T08:00:00.000Z",
  endedAt,
  steps: [
    {
      name: "copy",
      state: "running",
      doneBytes: 1,
      totalBytes: 2,
      doneRecords: 0,
      startedAt: null,
      endedAt: null,
      note: "",
    },
  ],
  parts: [],
  records: 0,
  bytes: 0,
  readBack: null,
  sentence: "",
  remedy: "",
  verdict: "none",
});

describe("a crossing that has ended", () => {
  test("stays in sight until somebody goes on, the newest first", () => {
    const jobs = [job("a", "2026-11-21T08:00:01.000Z"), job("b", "2026-11-21T08:00:03.000Z"), job("c", null)];
    expect(unreadJob(jobs, "2026-11-21T08:00:00.000Z")?.job).toBe("b");
    expect(unreadJob(jobs, "2026-11-21T08:00:03.000Z")).toBeUndefined();
  });

  test("is not a mere look at a medium", () => {
    expect(
      unreadJob([job("a", "2026-11-21T08:00:01.000Z", "inspect")], "2026-11-21T08:00:00.000Z"),
    ).toBeUndefined();
  });
});

test("running work says what it does, to what, and on which medium", () => {
  expect(sentenceOf(job("a", null))).toBe("Copying batch 41 to SP-11. Leave it in.");
  expect(sentenceOf({ ...job("a", null), sentence: "Safe to carry." })).toBe("Safe to carry.");
});

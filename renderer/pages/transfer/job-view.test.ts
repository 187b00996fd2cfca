import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Job } from "../../app/live.ts";
import { doorsOf, gateSteps, partCells, planSteps, progressOf, splitSentence } from "./job-view.ts";

type Step = Job["steps"][number];

const step = (name: Step["name"], state: Step["state"]): Step => ({
  name,
  state,
  doneBytes: 0,
  totalBytes: 0,
  doneRecords: 0,
  startedAt: null,
  endedAt: null,
  note: "",
});

const job = (steps: readonly Step[], state: Job["state"] = "running"): Job => ({
  job: "j",
  kind: "export",
  state,
  peer: "high",
  batch: null,
  sequence: null,
  medium: "/media/stick",
  operator: "admin",
  startedAt: "2026-11-21T08:00:00.000Z",
  endedAt: null,
  steps: [...steps],
  parts: [],
  records: 0,
  bytes: 0,
  readBack: null,
  sentence: "",
  remedy: "",
  verdict: "none",
});

const names: Step["name"][] = [
  "seal",
  "copy",
  "flush",
  "read-back",
  "eject",
  "check",
  "decrypt",
  "validate",
  "approve",
  "import",
];
const anyStep = fc.record({
  name: fc.constantFrom(...names),
  state: fc.constantFrom<Step["state"]>("waiting", "running", "done", "proved", "failed", "skipped"),
});

describe("the doors of the gate", () => {
  test("are never both open, whatever runs", () => {
    fc.assert(
      fc.property(
        fc.array(anyStep),
        fc.constantFrom<"request" | "response">("request", "response"),
        (steps, own) => {
          const { states } = doorsOf(job(steps.map(({ name, state }) => step(name, state))), own);
          expect(
            [states.request, states.response].filter((state) => state === "open").length,
          ).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  test("open while bytes pass, and then the far door is held", () => {
    expect(doorsOf(job([step("copy", "running")]), "request")).toEqual({
      states: { request: "open", response: "held" },
      flow: "to-medium",
    });
    expect(doorsOf(job([step("read-back", "running")]), "request").flow).toBe("from-medium");
    expect(doorsOf(job([step("check", "running")]), "response").states).toEqual({
      request: "held",
      response: "open",
    });
  });

  test("are shut while nothing passes, and after the end", () => {
    expect(doorsOf(job([step("seal", "running")]), "request").states).toEqual({
      request: "shut",
      response: "shut",
    });
    expect(doorsOf(job([step("copy", "running")], "failed"), "request").states).toEqual({
      request: "shut",
      response: "shut",
    });
    expect(doorsOf(undefined, "response").states).toEqual({ request: "shut", response: "shut" });
  });
});

describe("the steps of a crossing", () => {
  test("carry the same numbers on the plan and below it", () => {
    const present = job([step("seal", "done"), step("copy", "running"), step("flush", "waiting")]);
    expect(planSteps(present, "request").map((one) => one.number)).toEqual(
      gateSteps(present, 0).map((one) => one.number),
    );
  });

  test("say rate and time left from synced bytes", () => {
    const copying = {
      ...step("copy", "running"),
      doneBytes: 1_048_576,
      totalBytes: 3_145_728,
      startedAt: "2026-11-21T08:00:00.000Z",
    };
    const [shown] = gateSteps(job([copying]), Date.parse("2026-11-21T08:00:01.000Z"));
    expect(shown?.lines[1]).toBe("1.00 MiB/s, 2 s left");
    expect(shown?.status.word).toBe("33 %");
  });

  test("a part that is missing or damaged never counts as done", () => {
    const parts = (["synced", "missing", "damaged", "read-back"] as const).map((state, place) => ({
      name: `p${place}`,
      bytes: 10,
      sha256: "",
      state,
    }));
    expect(progressOf({ ...job([]), parts })).toEqual({ doneBytes: 20, totalBytes: 40, doneParts: 2 });
  });
});

describe("what is green", () => {
  const part = { name: "data/part-00001.zst.age", bytes: 1, sha256: "", state: "read-back" } as const;

  test("is a part that came back from the medium, and not one that came back from this disk", () => {
    expect(partCells({ ...job([]), parts: [part], readBack: "remounted" })).toEqual(["proved"]);
    expect(partCells({ ...job([]), parts: [part], readBack: "none" })).toEqual(["synced"]);
    expect(partCells({ ...job([]), parts: [{ ...part, state: "synced" }], readBack: null })).toEqual([
      "synced",
    ]);
  });
});

describe("the station's sentence", () => {
  test("is split after its first sentence, and not at the dot of a name", () => {
    expect(splitSentence("Written, not proved. Batch 2 is in /media/a.b/c. Take care.")).toEqual({
      head: "Written, not proved.",
      rest: "Batch 2 is in /media/a.b/c. Take care.",
    });
    expect(splitSentence("Copying 1.5 GiB to stick.v1")).toEqual({
      head: "Copying 1.5 GiB to stick.v1",
      rest: "",
    });
  });
});

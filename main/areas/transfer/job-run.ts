import { Refusal } from "../../../shared/errors.ts";
import type { Job } from "../../station/changes.ts";
import { isFullDisk } from "../../station/pipeline/faults.ts";

type Step = Job["steps"][number];
type Part = Job["parts"][number];
export type StepName = Step["name"];
export type StepState = Step["state"];
export type PartState = Part["state"];

/** What jobs need of the kernel. */
export interface JobsDeps {
  readonly clock: () => Date;
  readonly stopping: AbortSignal;
  readonly progress: (job: Job) => void;
}

/** What is known when a job begins. `steps` in the order in which a person sees them. */
export interface JobPlan {
  readonly kind: Job["kind"];
  readonly medium: string;
  readonly operator: string;
  readonly peer?: string;
  readonly steps: readonly StepName[];
}

/** Bytes alone are told a few times a second; states at once. */
const progressEveryMs = 200;

/** One running job: what it has done so far, and whether it was asked to stop. */
export class JobRun {
  readonly id: string;
  readonly #deps: JobsDeps;
  readonly #cancelled = new AbortController();
  readonly #steps: Step[];
  #parts: Part[] = [];
  #partIndex = new Map<string, number>();
  #facts: Omit<Job, "steps" | "parts">;
  #toldAtMs = 0;

  constructor(id: string, plan: JobPlan, deps: JobsDeps) {
    this.id = id;
    this.#deps = deps;
    this.#facts = {
      job: id,
      kind: plan.kind,
      state: "running",
      peer: plan.peer ?? null,
      batch: null,
      sequence: null,
      medium: plan.medium,
      operator: plan.operator,
      startedAt: this.#now(),
      endedAt: null,
      records: 0,
      bytes: 0,
      readBack: null,
      sentence: "",
      remedy: "",
      verdict: "none",
    };
    this.#steps = plan.steps.map(waitingStep);
    this.#tell();
  }

  get ended(): boolean {
    return this.#facts.state !== "running";
  }

  cancel(): void {
    this.#cancelled.abort();
  }

  /**
   * To be called where the work may stop and be resumed later.
   *
   * @throws Refusal `cancelled` when a person or the station's shutdown asked for it
   */
  safePoint(): void {
    if (this.#cancelled.signal.aborted) {
      throw new Refusal(
        "cancelled",
        "Stopped at a safe point, as asked. Nothing is lost; start it again to resume.",
      );
    }
    if (this.#deps.stopping.aborted) {
      throw new Refusal(
        "cancelled",
        "Stopped at a safe point, because the station is closing. Start it again to resume.",
      );
    }
  }

  /** Sets what the job is about, or its last sentence. Anything but steps, parts and the state. */
  describe(
    facts: Partial<
      Pick<
        Job,
        "peer" | "batch" | "sequence" | "records" | "bytes" | "readBack" | "sentence" | "remedy" | "verdict"
      >
    >,
  ): void {
    this.#facts = { ...this.#facts, ...facts };
    this.#tell();
  }

  /** The next batch of the same medium: its steps and parts are told, not those of the one before. */
  startOver(parts: readonly Part[]): void {
    for (const step of this.#steps) Object.assign(step, waitingStep(step.name));
    this.showParts(parts);
  }

  /** Steps that come again for another batch: what was proved of the one before is not true of this one. */
  waitAgain(...names: readonly StepName[]): void {
    for (const name of names) Object.assign(this.#step(name), waitingStep(name));
    this.#tell();
  }

  /** Starts a step, or starts it over, with the bytes that it has before it (0: not known). */
  begin(name: StepName, totalBytes = 0, note = ""): void {
    this.#change(name, {
      ...waitingStep(name),
      state: "running",
      totalBytes,
      note,
      startedAt: this.#now(),
    });
  }

  /** Counts bytes (synced, where they are written) and records of a running step. */
  advance(name: StepName, bytes: number, records = 0): void {
    const step = this.#step(name);
    step.doneBytes += bytes;
    step.doneRecords += records;
    step.totalBytes = Math.max(step.totalBytes, step.doneBytes);
    this.#tellSometimes();
  }

  finish(name: StepName, state: StepState = "done", note?: string): void {
    const step = this.#step(name);
    this.#change(name, { ...step, state, note: note ?? step.note, endedAt: this.#now() });
  }

  /** Shows the parts of the batch at hand; replaces those shown before. */
  showParts(parts: readonly Part[]): void {
    this.#parts = parts.map((part) => ({ ...part }));
    this.#partIndex = new Map(parts.map((part, index) => [part.name, index]));
    this.#tell();
  }

  part(name: string, state: PartState): void {
    const index = this.#partIndex.get(name);
    const part = index === undefined ? undefined : this.#parts[index];
    if (part === undefined) return;
    part.state = state;
    this.#tellSometimes();
  }

  /** Ends the job. What began and never finished has failed; what was not reached no longer waits. */
  end(state: Exclude<Job["state"], "running">): void {
    for (const step of this.#steps) {
      if (step.state === "running") Object.assign(step, { state: "failed", endedAt: this.#now() });
      else if (step.state === "waiting") Object.assign(step, { state: "skipped", note: "Not reached." });
    }
    this.#facts = { ...this.#facts, state, endedAt: this.#now() };
    this.#tell();
  }

  /** Ends the job with what was thrown: the sentence is the error's. */
  endWith(error: unknown): void {
    const refusal = error instanceof Refusal ? error : undefined;
    const cancelled = refusal?.code === "cancelled";
    for (const step of this.#steps) {
      if (step.state !== "running" || !cancelled) continue;
      step.state = "skipped";
      step.endedAt = this.#now();
    }
    this.#facts = {
      ...this.#facts,
      sentence:
        refusal?.message ??
        (isFullDisk(error)
          ? "The station's own disk is full. What was committed before is safe."
          : "It failed inside; the station's log has the details."),
      remedy: [refusal?.facts.safe, refusal?.facts.remedy].filter((text) => text !== undefined).join(" "),
      verdict: cancelled ? "warn" : "bad",
    };
    this.end(cancelled ? "cancelled" : "failed");
  }

  snapshot(): Job {
    return {
      ...this.#facts,
      steps: this.#steps.map((step) => ({ ...step })),
      parts: this.#parts.map((part) => ({ ...part })),
    };
  }

  #step(name: StepName): Step {
    const step = this.#steps.find((candidate) => candidate.name === name);
    if (step === undefined) throw new Error(`job ${this.#facts.kind} has no step ${name}`);
    return step;
  }

  #change(name: StepName, to: Step): void {
    Object.assign(this.#step(name), to);
    this.#tell();
  }

  #tellSometimes(): void {
    if (this.#deps.clock().getTime() - this.#toldAtMs >= progressEveryMs) this.#tell();
  }

  #tell(): void {
    this.#toldAtMs = this.#deps.clock().getTime();
    this.#deps.progress(this.snapshot());
  }

  #now(): string {
    return this.#deps.clock().toISOString();
  }
}

function waitingStep(name: StepName): Step {
  return {
    name,
    state: "waiting",
    doneBytes: 0,
    totalBytes: 0,
    doneRecords: 0,
    startedAt: null,
    endedAt: null,
    note: "",
  };
}

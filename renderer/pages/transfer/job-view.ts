import { en } from "../../../shared/strings/en.ts";
import type { Job } from "../../app/live.ts";
import { formatBytes, formatCount, formatDuration, formatPercent } from "../../ui/format.ts";
import type { DoorState, PlanStep, StepPlace } from "../../ui/gate-plan.tsx";
import type { StatusKind } from "../../ui/glyph.tsx";
import type { PartLook } from "../../ui/part-cells.tsx";
import { otherSide, type Side } from "../../ui/side.tsx";
import type { GateStep, StepLook } from "../../ui/steps.tsx";

type JobStep = Job["steps"][number];

const text = en.transfer;

const looks: Record<JobStep["state"], StepLook> = {
  waiting: "waiting",
  running: "running",
  done: "done",
  proved: "proved",
  failed: "missing",
  skipped: "waiting",
};

const kinds: Record<JobStep["state"], StatusKind> = {
  waiting: "waiting",
  running: "running",
  done: "done",
  proved: "proved",
  failed: "failed",
  skipped: "off",
};

/** While one of these runs, bytes pass through our door: out onto the medium, or in from it. */
const passing: Partial<Record<JobStep["name"], "to-medium" | "from-medium">> = {
  copy: "to-medium",
  flush: "to-medium",
  "read-back": "from-medium",
  check: "from-medium",
};

export interface Doors {
  readonly states: Record<Side, DoorState>;
  readonly flow: "to-medium" | "from-medium";
}

/** Our door is open only while bytes pass it, and then the other is held shut. Both are never open. */
export function doorsOf(job: Job | undefined, own: Side): Doors {
  const running = job?.state === "running" ? job.steps.find((step) => step.state === "running") : undefined;
  const flow = running === undefined ? undefined : passing[running.name];
  const far = otherSide(own);
  const states: Record<Side, DoorState> = { request: "shut", response: "shut" };
  if (flow !== undefined) {
    states[own] = "open";
    states[far] = "held";
  }
  return { states, flow: flow ?? "to-medium" };
}

/** Where on the plan a step happens: in our room, in our door, on the medium. */
function placeOf(name: JobStep["name"], own: Side): StepPlace {
  const room: StepPlace = own === "request" ? "request-room" : "response-room";
  const door: StepPlace = own === "request" ? "request-door" : "response-door";
  switch (name) {
    case "seal":
      return room;
    case "copy":
      return door;
    case "flush":
    case "read-back":
      return "medium";
    case "eject":
      return "medium-end";
    case "check":
      return "medium";
    case "decrypt":
      return "medium-end";
    case "validate":
    case "approve":
    case "import":
      return room;
  }
}

/** The chips of the plan, in the numbers of the steps below it. */
export function planSteps(job: Job, own: Side): PlanStep[] {
  return job.steps.map((step, place) => ({
    number: place + 1,
    label: text.steps[step.name].title.toLowerCase(),
    look: looks[step.state],
    place: placeOf(step.name, own),
  }));
}

/** The steps in full: bytes, rate, time left and a plain sentence. `nowMs` is the page's clock. */
export function gateSteps(job: Job, nowMs: number): GateStep[] {
  return job.steps.map((step, place) => ({
    number: place + 1,
    title: text.steps[step.name].title,
    look: looks[step.state],
    status: {
      kind: kinds[step.state],
      word:
        step.state === "running" && step.totalBytes > 0
          ? formatPercent(step.doneBytes, step.totalBytes)
          : text.stepStates[step.state],
    },
    progress:
      step.state === "running" && step.totalBytes > 0
        ? { done: step.doneBytes, total: step.totalBytes }
        : undefined,
    lines: linesOf(step, nowMs),
  }));
}

function linesOf(step: JobStep, nowMs: number): string[] {
  const words = step.note === "" ? text.steps[step.name].what : step.note;
  if (step.state === "waiting" || step.state === "skipped" || step.startedAt === null) return [words];
  const seconds =
    ((step.endedAt === null ? nowMs : Date.parse(step.endedAt)) - Date.parse(step.startedAt)) / 1000;
  const amounts = [
    ...(step.doneBytes > 0
      ? [step.state === "running" ? `${formatCount(step.doneBytes)} B` : formatBytes(step.doneBytes)]
      : []),
    ...(step.doneRecords > 0 ? [text.gate.records(formatCount(step.doneRecords))] : []),
  ];
  const rate = seconds > 0.5 && step.doneBytes > 0 ? step.doneBytes / seconds : undefined;
  const left =
    step.state === "running" && rate !== undefined && step.totalBytes > step.doneBytes
      ? (step.totalBytes - step.doneBytes) / rate
      : undefined;
  const pace = [
    ...(rate === undefined ? [] : [text.gate.perSecond(formatBytes(Math.round(rate)))]),
    ...(left === undefined
      ? step.endedAt === null
        ? []
        : [text.gate.took(seconds < 1 ? "under 1 s" : formatDuration(seconds))]
      : [text.gate.left(formatDuration(left))]),
  ];
  return [
    ...(amounts.length === 0 ? [] : [amounts.join(", ")]),
    ...(pace.length === 0 ? [] : [pace.join(", ")]),
    words,
  ];
}

type Part = Job["parts"][number];

/** Green only where the bytes came back from the medium itself; a folder of this disk proves nothing. */
function isProved(part: Part, job: Job): boolean {
  return part.state === "checked" || (part.state === "read-back" && job.readBack !== "none");
}

const plainLooks: Record<Part["state"], PartLook> = {
  waiting: "waiting",
  copying: "half",
  synced: "synced",
  "read-back": "synced",
  checked: "proved",
  missing: "missing",
  damaged: "missing",
};

export function partCells(job: Job): PartLook[] {
  return job.parts.map((part) => (isProved(part, job) ? "proved" : plainLooks[part.state]));
}

const plainKinds: Record<Part["state"], StatusKind> = {
  waiting: "waiting",
  copying: "running",
  synced: "done",
  "read-back": "done",
  checked: "proved",
  missing: "missing",
  damaged: "failed",
};

/** Shape and word of a part's state. */
export function partStatus(part: Part, job: Job): { readonly kind: StatusKind; readonly word: string } {
  if (isProved(part, job)) return { kind: "proved", word: text.gate.partStates[part.state] };
  const readAgain = job.readBack === "none" && (part.state === "synced" || part.state === "read-back");
  return {
    kind: plainKinds[part.state],
    word: readAgain ? text.gate.readAgain : text.gate.partStates[part.state],
  };
}

/** Bytes and parts that are past the medium: synced while writing, compared while reading. */
export function progressOf(job: Job): { doneBytes: number; totalBytes: number; doneParts: number } {
  const done = job.parts.filter(
    (part) =>
      part.state !== "waiting" &&
      part.state !== "copying" &&
      part.state !== "missing" &&
      part.state !== "damaged",
  );
  const running = job.steps.find(
    (step) => step.state === "running" && (step.name === "copy" || step.name === "check"),
  );
  const doneBytes = done.reduce((sum, part) => sum + part.bytes, 0);
  return {
    doneBytes: running === undefined ? doneBytes : Math.max(doneBytes, running.doneBytes),
    totalBytes: job.parts.reduce((sum, part) => sum + part.bytes, 0),
    doneParts: done.length,
  };
}

/** The first sentence stands large; the others explain it below. A dot inside a path or a number ends nothing. */
export function splitSentence(sentence: string): { readonly head: string; readonly rest: string } {
  const end = /\.\s+(?=[A-Z])/.exec(sentence);
  if (end === null) return { head: sentence, rest: "" };
  return { head: sentence.slice(0, end.index + 1), rest: sentence.slice(end.index + end[0].length) };
}

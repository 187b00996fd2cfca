import { en } from "../../../shared/strings/en.ts";
import { useSession } from "../../app/session.ts";
import { formatCount, formatDuration } from "../../ui/format.ts";
import { OutsideText } from "../../ui/outside-text.tsx";
import { Time } from "../../ui/time.tsx";
import { Timeline, type TimelineStep } from "../../ui/timeline.tsx";

const text = en.requests.detail;

interface LifeStep {
  readonly lane: "request" | "gap" | "response";
  readonly what: keyof typeof text.steps;
  readonly at: string | null;
  readonly batch: string | null;
  readonly sequence: number | null;
  readonly source: "own" | "receipt";
  readonly note: string;
}

/** A request's life: our lane by our own log, the far lane by what the peer signed for. */
export function RequestLife({ steps, peer }: { steps: readonly LifeStep[]; peer: string | null }) {
  const { name, side } = useSession();
  const far = peer ?? en.ui.sides[side === "request" ? "response" : "request"];
  const names = side === "request" ? { request: name, response: far } : { request: far, response: name };
  const sources =
    side === "request"
      ? { request: text.ownLog, response: text.receipt }
      : { request: text.receipt, response: text.ownLog };
  return (
    <Timeline
      label={text.life}
      gap={text.gap}
      request={{ name: names.request, source: sources.request }}
      response={{ name: names.response, source: sources.response }}
      steps={steps.map((step, place) => drawn(step, place, steps))}
    />
  );
}

function drawn(step: LifeStep, place: number, steps: readonly LifeStep[]): TimelineStep {
  const batch = step.sequence === null ? "" : `${text.batch(formatCount(step.sequence))}, `;
  const last = place === steps.length - 1;
  return {
    key: `${place} ${step.what}`,
    lane: step.lane,
    title: text.steps[step.what],
    time: step.at === null || step.lane === "gap" ? "" : <Time at={step.at} show="clock" zone={false} />,
    note: step.lane === "gap" ? gapNote(place, steps) : <Note step={step} batch={batch} />,
    proved: last && step.what === "answer-imported",
    bad: step.what === "refused" || step.what === "quarantined",
  };
}

/** Batch and day, or what the station noted. */
function Note({ step, batch }: { step: LifeStep; batch: string }) {
  return (
    <>
      {batch}
      {step.note !== "" ? (
        <OutsideText text={step.note} />
      ) : step.at === null ? (
        text.unknownTime
      ) : (
        <Time at={step.at} show="day" />
      )}
    </>
  );
}

/** How long the stick was under way, where both ends are known. */
function gapNote(place: number, steps: readonly LifeStep[]): string {
  const before = steps.slice(0, place + 1).findLast((step) => step.at !== null)?.at;
  const after = steps.slice(place + 1).find((step) => step.at !== null)?.at;
  if (before === undefined || before === null || after === undefined || after === null)
    return steps[place]?.note ?? "";
  return formatDuration((Date.parse(after) - Date.parse(before)) / 1000);
}

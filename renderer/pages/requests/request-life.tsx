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
  const clock =
    step.at === null || step.lane === "gap" || isLearned(step) ? (
      ""
    ) : (
      <Time at={step.at} show="clock" zone={false} />
    );
  return {
    key: `${place} ${step.what}`,
    lane: step.lane,
    title: text.steps[step.what],
    time: clock,
    note: step.lane === "gap" ? gapNote(place, steps) : <Note step={step} batch={batch} />,
    proved: last && step.what === "answer-imported",
    bad: step.what === "refused" || step.what === "quarantined",
  };
}

/**
 * What a receipt settled carries the time at which the receipt came to us, not the time at which it happened
 * over there; so no clock may stand beside it.
 */
function isLearned(step: LifeStep): boolean {
  return (
    step.source === "receipt" && ["imported", "refused", "quarantined", "answer-imported"].includes(step.what)
  );
}

/** Batch and day, or what the station noted. */
function Note({ step, batch }: { step: LifeStep; batch: string }) {
  if (step.note !== "") {
    return (
      <>
        {batch}
        <OutsideText text={step.note} />
      </>
    );
  }
  if (step.at === null) return `${batch}${text.unknownTime}`;
  return (
    <>
      {batch}
      {isLearned(step) ? (
        <>
          {text.receiptSeen} <Time at={step.at} show="clock" zone={false} />
        </>
      ) : (
        <Time at={step.at} show="day" />
      )}
    </>
  );
}

/** How long the stick was under way, where both ends are known. */
function gapNote(place: number, steps: readonly LifeStep[]): string {
  const before = steps.slice(0, place + 1).findLast((step) => step.at !== null)?.at;
  const after = steps.slice(place + 1).find((step) => step.at !== null);
  if (
    before === undefined ||
    before === null ||
    after === undefined ||
    after.at === null ||
    isLearned(after)
  ) {
    return steps[place]?.note ?? "";
  }
  return formatDuration((Date.parse(after.at) - Date.parse(before)) / 1000);
}

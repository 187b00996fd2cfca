import type { ReactNode } from "react";
import type { Side } from "./side.tsx";
import { Wall } from "./wall.tsx";
import { StepNumber, type StepLook } from "./steps.tsx";
import styles from "./gate-plan.module.css";

export type DoorState = "open" | "shut" | "held";

/** Where a step stands on the plan. */
export type StepPlace =
  | "request-room"
  | "request-door"
  | "medium"
  | "medium-end"
  | "response-door"
  | "response-room";

export interface PlanStep {
  readonly number: number;
  readonly label: string;
  readonly look: StepLook;
  readonly place: StepPlace;
}

interface GatePlanProps {
  readonly own: Side;
  /** Which way bytes go while a door is open. */
  readonly flow: "to-medium" | "from-medium";
  readonly doors: Readonly<
    Record<Side, { readonly state: DoorState; readonly owner: string; readonly word: string }>
  >;
  readonly rooms: Readonly<Record<Side, ReactNode>>;
  readonly medium: ReactNode;
  readonly steps: readonly PlanStep[];
  readonly label: string;
}

/**
 * The gate as a floor plan: request left, response right, two walls with a door each, never in line. A leaf
 * swings open only while bytes pass, and the other door is then held shut.
 */
export function GatePlan({ own, flow, doors, rooms, medium, steps, label }: GatePlanProps) {
  const at = (place: StepPlace): ReactNode => <Calls steps={steps.filter((step) => step.place === place)} />;
  return (
    <section
      className={`${styles["plan"]} ${own === "request" ? styles["ownRequest"] : styles["ownResponse"]}`}
      aria-label={label}
    >
      <div className={styles["outer"]}>
        <Wall side="request" width={12} />
      </div>
      <div className={`${styles["room"]} ${styles["first"]}`}>
        {rooms.request}
        {at("request-room")}
      </div>
      <Door side="request" door={doors.request} own={own === "request"} flow={flow}>
        {at("request-door")}
      </Door>
      <div className={`${styles["room"]} ${styles["medium"]}`}>
        {medium}
        <div className={styles["calls"]}>
          {steps
            .filter((step) => step.place === "medium")
            .map((step) => (
              <Call key={step.number} step={step} />
            ))}
          <span className={styles["end"]}>
            {steps
              .filter((step) => step.place === "medium-end")
              .map((step) => (
                <Call key={step.number} step={step} />
              ))}
          </span>
        </div>
      </div>
      <Door side="response" door={doors.response} own={own === "response"} flow={flow}>
        {at("response-door")}
      </Door>
      <div className={`${styles["room"]} ${styles["last"]}`}>
        {rooms.response}
        {at("response-room")}
      </div>
      <div className={styles["outer"]}>
        <Wall side="response" width={12} />
      </div>
    </section>
  );
}

function Calls({ steps }: { steps: readonly PlanStep[] }) {
  return steps.length === 0 ? null : (
    <div className={styles["calls"]}>
      {steps.map((step) => (
        <Call key={step.number} step={step} />
      ))}
    </div>
  );
}

function Call({ step }: { step: PlanStep }) {
  return (
    <span className={`${styles["call"]} ${step.look === "running" ? styles["now"] : ""}`} aria-hidden="true">
      <StepNumber number={step.number} look={step.look} />
      <span>{step.label}</span>
    </span>
  );
}

const walls: Record<
  Side,
  {
    readonly shut: string;
    readonly leafShut: string;
    readonly bolt: string;
    readonly leafOpen: string;
    readonly arc: string;
  }
> = {
  request: {
    shut: "M61 0h6v96h-6Z M61 152h6v28h-6Z M54 92h20v4h-20Z M54 152h20v4h-20Z",
    leafShut: "M62 96h4v56h-4Z",
    bolt: "M52 122h24v4h-24Z",
    leafOpen: "M8 148h56v4h-56Z",
    arc: "M8 152 A56 56 0 0 1 64 96",
  },
  response: {
    shut: "M61 0h6v24h-6Z M61 80h6v100h-6Z M54 20h20v4h-20Z M54 80h20v4h-20Z",
    leafShut: "M62 24h4v56h-4Z",
    bolt: "M52 50h24v4h-24Z",
    leafOpen: "M64 24h56v4h-56Z",
    arc: "M120 24 A56 56 0 0 1 64 80",
  },
};

interface DoorProps {
  readonly side: Side;
  readonly door: { readonly state: DoorState; readonly owner: string; readonly word: string };
  readonly own: boolean;
  readonly flow: "to-medium" | "from-medium";
  readonly children: ReactNode;
}

function Door({ side, door, own, flow, children }: DoorProps) {
  const shapes = walls[side];
  // Bytes go right when the request side writes or the response side reads.
  const rightwards = (side === "request") === (flow === "to-medium");
  const middle = side === "request" ? 122 : 52;
  return (
    <div
      className={`${styles["door"]} ${styles[side === "request" ? "doorLeft" : "doorRight"]}`}
      data-door={side}
      data-state={door.state}
    >
      <svg viewBox="0 0 128 180" width="128" height="180" aria-hidden="true">
        <path className={styles["wall"]} d={shapes.shut} />
        {door.state === "open" ? (
          <>
            <path className={styles["arc"]} d={shapes.arc} />
            <path className={own ? styles["leafOwn"] : styles["leaf"]} d={shapes.leafOpen} />
            <Flow middle={middle} rightwards={rightwards} />
          </>
        ) : (
          <path className={styles["leaf"]} d={shapes.leafShut} />
        )}
        {door.state === "held" ? <path className={styles["bolt"]} d={shapes.bolt} /> : null}
      </svg>
      <div className={styles["doorName"]}>
        {door.owner}
        <b>{door.word}</b>
      </div>
      {children}
    </div>
  );
}

function Flow({ middle, rightwards }: { middle: number; rightwards: boolean }) {
  const squares = [6, 18, 30, 42, 54, 66, 78, 90, 102]
    .map((x) => `M${rightwards ? x : 122 - x} ${middle - 3}h6v6h-6Z`)
    .join(" ");
  const head = rightwards ? `M108 ${middle - 7}l10 7-10 7Z` : `M20 ${middle - 7}l-10 7 10 7Z`;
  return <path className={styles["flow"]} d={`${squares} ${head}`} />;
}

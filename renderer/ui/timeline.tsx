import type { ReactNode } from "react";
import { StationTag } from "./side.tsx";
import styles from "./timeline.module.css";

export interface TimelineStep {
  readonly key: string;
  readonly lane: "request" | "gap" | "response";
  readonly title: ReactNode;
  readonly time: ReactNode;
  readonly note: ReactNode;
  /** Drawn as a proof at the end of the line. */
  readonly proved?: boolean | undefined;
  readonly bad?: boolean | undefined;
}

interface TimelineProps {
  readonly request: { readonly name: string; readonly source: string };
  readonly response: { readonly name: string; readonly source: string };
  readonly gap: string;
  readonly steps: readonly TimelineStep[];
  readonly label: string;
}

const rowPixels = 42;
const leftX = 184;
const rightX = 324;
const width = 508;

/** A life across the gap: lane, gap, lane. Squares are events, dashes are sticks; the far lane is what the peer signed for. */
export function Timeline({ request, response, gap, steps, label }: TimelineProps) {
  const height = Math.max(1, steps.length) * rowPixels;
  const y = (row: number): number => row * rowPixels + 18;
  const x = (lane: TimelineStep["lane"]): number => (lane === "request" ? leftX : rightX);
  const fixed = steps.map((step, row) => ({ step, row })).filter(({ step }) => step.lane !== "gap");
  const links = fixed.slice(1).map(({ step, row }, index) => {
    const before = fixed[index];
    if (before === undefined) return null;
    const crosses = before.step.lane !== step.lane;
    return (
      <path
        key={step.key}
        className={`${crosses ? styles["cross"] : styles["lane"]} ${styles[before.step.lane]}`}
        d={`M${x(before.step.lane)} ${y(before.row)}L${x(step.lane)} ${y(row)}`}
      />
    );
  });
  return (
    <div className={styles["timeline"]}>
      <div className={styles["heads"]}>
        <span className={styles["left"]}>
          <span className="dim">{request.source}</span> <StationTag name={request.name} side="request" />
        </span>
        <span className={styles["middle"]}>{gap}</span>
        <span>
          <StationTag name={response.name} side="response" /> <span className="dim">{response.source}</span>
        </span>
      </div>
      <div className={styles["life"]}>
        <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
          <rect className={styles["gap"]} x="204" width="100" height={height} />
          <path className={styles["idle"]} d={`M${leftX} 0V${height} M${rightX} 0V${height}`} />
          {links}
          {fixed.map(({ step, row }) =>
            step.proved ? (
              <Proof key={step.key} x={x(step.lane)} y={y(row)} />
            ) : (
              <rect
                key={step.key}
                className={`${styles["event"]} ${step.bad ? styles["bad"] : styles[step.lane]}`}
                x={x(step.lane) - 5}
                y={y(row) - 5}
                width="10"
                height="10"
              />
            ),
          )}
        </svg>
        <ol aria-label={label}>
          {steps.map((step) => (
            <li key={step.key} className={styles[`at-${step.lane}`]}>
              <b>
                {step.title} {step.time}
              </b>
              <span>{step.note}</span>
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}

function Proof({ x, y }: { x: number; y: number }) {
  return (
    <g className={styles["proof"]} transform={`translate(${x} ${y})`}>
      <circle r="7" />
      <path d="m-3.4 .2 2.4 2.4 4.4-4.8" />
    </g>
  );
}

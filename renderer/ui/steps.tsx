import type { ReactNode } from "react";
import { Progress } from "./progress.tsx";
import { Status } from "./status.tsx";
import type { StatusKind } from "./glyph.tsx";
import styles from "./steps.module.css";

export type StepLook = "waiting" | "running" | "done" | "proved" | "missing" | "held";

/** The numbered chip that ties the plan to the steps below it. */
export function StepNumber({ number, look }: { number: number; look: StepLook }) {
  return <span className={`${styles["number"]} ${styles[look]}`}>{number}</span>;
}

export interface GateStep {
  readonly number: number;
  readonly title: string;
  readonly look: StepLook;
  readonly status: { readonly kind: StatusKind; readonly word: string };
  readonly progress?: { readonly done: number; readonly total: number } | undefined;
  /** Lines from the most exact to the plainest. */
  readonly lines: readonly ReactNode[];
}

/** The five steps of a crossing, each lighting in its place. */
export function Steps({ steps, label }: { steps: readonly GateStep[]; label: string }) {
  return (
    <ol className={styles["steps"]} aria-label={label}>
      {steps.map((step) => (
        <li
          key={step.number}
          className={step.look === "waiting" ? styles["later"] : undefined}
          aria-current={step.look === "running" ? "step" : undefined}
        >
          <div className={styles["head"]}>
            <StepNumber number={step.number} look={step.look} />
            <b>{step.title}</b>
            <span className={styles["status"]}>
              <Status kind={step.status.kind}>{step.status.word}</Status>
            </span>
          </div>
          {step.progress === undefined ? null : (
            <div className={styles["meter"]}>
              <Progress done={step.progress.done} total={step.progress.total} label={step.title} thin />
            </div>
          )}
          {step.lines.map((line, place) => (
            <p key={place} className={place === 0 && step.look !== "waiting" ? styles["exact"] : undefined}>
              {line}
            </p>
          ))}
        </li>
      ))}
    </ol>
  );
}

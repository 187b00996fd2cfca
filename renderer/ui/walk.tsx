import type { ReactNode } from "react";
import { StepNumber, type StepLook } from "./steps.tsx";
import styles from "./walk.module.css";

interface WalkStep {
  readonly look: StepLook;
  readonly title: string;
  readonly caption: ReactNode;
  /** How long, or `now`. */
  readonly aside?: string;
  readonly body?: ReactNode;
}

/** A guided path, one step under the other, the present one lit. */
export function Walk({ steps }: { steps: readonly WalkStep[] }) {
  return (
    <ol className={styles["walk"]}>
      {steps.map((step, place) => (
        <li
          key={step.title}
          className={styles[step.look]}
          aria-current={step.look === "running" ? "step" : undefined}
        >
          <StepNumber number={place + 1} look={step.look} />
          <div>
            <b>{step.title}</b>
            <span className={styles["caption"]}>{step.caption}</span>
          </div>
          <span className={styles["aside"]}>{step.aside}</span>
          {step.body === undefined ? null : <div className={styles["body"]}>{step.body}</div>}
        </li>
      ))}
    </ol>
  );
}

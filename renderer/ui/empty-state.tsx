import type { ReactNode } from "react";
import styles from "./empty-state.module.css";

interface EmptyStateProps {
  readonly title: string;
  /** What this is. */
  readonly about: ReactNode;
  /** The first steps, in order. */
  readonly steps?: readonly string[];
  readonly action?: ReactNode;
  /** Set where no section stands above it: headings go down one step at a time. */
  readonly alone?: boolean;
}

/** An empty list that teaches: what this is, the first step, one button. */
export function EmptyState({ title, about, steps = [], action, alone = false }: EmptyStateProps) {
  return (
    <div className={styles["empty"]}>
      <svg viewBox="0 0 120 64" width="120" height="64" aria-hidden="true">
        <path className={styles["stone"]} d="M0 0h120v4H0z M0 60h120v4H0z M38 4h4v26h-4z M78 34h4v26h-4z" />
        <path className={styles["leaf"]} d="M39 30h2v30h-2z M79 4h2v30h-2z" />
      </svg>
      <div>
        {alone ? <h2>{title}</h2> : <h3>{title}</h3>}
        <p>{about}</p>
        {steps.length === 0 ? null : (
          <ol>
            {steps.map((step, index) => (
              <li key={step}>
                <span className="dim">{index + 1}</span>
                {step}
              </li>
            ))}
          </ol>
        )}
        {action === undefined ? null : <div className={styles["action"]}>{action}</div>}
      </div>
    </div>
  );
}

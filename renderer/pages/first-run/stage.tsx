import type { FormEvent, ReactNode } from "react";
import styles from "./stage.module.css";

interface StageProps {
  readonly title: string;
  readonly about: string;
  readonly children: ReactNode;
  /** Left end of the foot: back, or a note. */
  readonly back?: ReactNode;
  /** Right end of the foot; the primary one last. */
  readonly actions: ReactNode;
  readonly onSubmit?: (event: FormEvent) => void;
}

/** One step of the first run: a sentence, what is asked, and the foot with one primary action. */
export function Stage({ title, about, children, back, actions, onSubmit }: StageProps) {
  return (
    <form
      className={styles["stage"]}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit?.(event);
      }}
    >
      <div className={styles["body"]}>
        <header className={styles["say"]}>
          <h2>{title}</h2>
          <p>{about}</p>
        </header>
        {children}
      </div>
      <footer className={styles["foot"]}>
        {back}
        <span className={styles["gap"]} />
        {actions}
      </footer>
    </form>
  );
}

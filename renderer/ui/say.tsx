import type { ReactNode } from "react";
import { Glyph, type StatusKind } from "./glyph.tsx";
import styles from "./say.module.css";

type Tone = "plain" | "proved" | "warn" | "bad";

interface SayProps {
  /** The plain sentence: what is true now. */
  readonly sentence: ReactNode;
  readonly tone?: Tone;
  /** The last sentence only: Safe to carry, Imported. */
  readonly last?: boolean;
  readonly glyph?: StatusKind | undefined;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

/** The head of a page: one plain sentence, one line more, and what can be done about it. */
export function Say({ sentence, tone = "plain", last = false, glyph, children, actions }: SayProps) {
  return (
    <div className={`${styles["say"]} ${last ? styles["last"] : ""}`}>
      <h2 className={styles[tone]}>
        {glyph === undefined ? null : <Glyph shape={glyph} size={last ? 26 : 18} />}
        <span aria-live="polite">{sentence}</span>
      </h2>
      {children === undefined ? null : <p>{children}</p>}
      {actions === undefined ? null : <div className={styles["actions"]}>{actions}</div>}
    </div>
  );
}

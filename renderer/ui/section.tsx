import type { ReactNode } from "react";
import styles from "./section.module.css";

interface SectionProps {
  readonly title: ReactNode;
  readonly caption?: ReactNode;
  /** Links and small actions at the right end of the head. */
  readonly aside?: ReactNode;
  readonly gap?: boolean;
  readonly label?: string;
  readonly children: ReactNode;
}

/** A rule, a 32 px head, what follows. Never a box. */
export function Section({ title, caption, aside, gap = false, label, children }: SectionProps) {
  return (
    <section className={`${styles["section"]} ${gap ? styles["gap"] : ""}`} aria-label={label}>
      <div className={styles["head"]}>
        <h2>{title}</h2>
        {caption === undefined ? null : <span className={styles["caption"]}>{caption}</span>}
        {aside === undefined ? null : <div className={styles["aside"]}>{aside}</div>}
      </div>
      {children}
    </section>
  );
}

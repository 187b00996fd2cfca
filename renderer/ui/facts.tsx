import type { ReactNode } from "react";
import styles from "./facts.module.css";

/** A list of named facts: name in caption ink, value beside it. */
export function Facts({ children, rows = "close" }: { children: ReactNode; rows?: "close" | "wide" }) {
  return <dl className={`${styles["facts"]} ${styles[rows]}`}>{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

import type { ReactNode } from "react";
import styles from "./columns.module.css";

/** Two columns that become one on a narrow window. `aside` 372 px right, `detail` 508 px right, `even` halves. */
export function Columns({ kind, children }: { kind: "aside" | "even" | "detail"; children: ReactNode }) {
  return <div className={styles[kind]}>{children}</div>;
}

/** Sections under each other. */
export function Stack({ children }: { children: ReactNode }) {
  return <div className={styles["stack"]}>{children}</div>;
}

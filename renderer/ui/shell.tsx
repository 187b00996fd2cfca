import type { ReactNode } from "react";
import type { Side } from "./side.tsx";
import styles from "./shell.module.css";

interface ShellProps {
  readonly side: Side;
  readonly edge: ReactNode;
  readonly rail: ReactNode;
  readonly bar: ReactNode;
  readonly foot: ReactNode;
  readonly children: ReactNode;
}

/** The room: the edge on its side, rail, bar, page, status line. Request stands left, response right. */
export function Shell({ side, edge, rail, bar, foot, children }: ShellProps) {
  return (
    <div className={`${styles["shell"]} ${styles[side]}`} data-side={side}>
      {edge}
      {rail}
      {bar}
      <main className={styles["page"]} id="page" tabIndex={-1}>
        {children}
      </main>
      {foot}
    </div>
  );
}

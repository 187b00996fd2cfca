import type { ReactNode } from "react";
import { Glyph, type StatusKind } from "./glyph.tsx";
import styles from "./status.module.css";

const tones: Record<StatusKind, string | undefined> = {
  proved: styles["proved"],
  done: styles["calm"],
  running: styles["own"],
  waiting: styles["calm"],
  held: styles["warn"],
  two: styles["warn"],
  warn: styles["warn"],
  quarantined: styles["warn"],
  missing: styles["bad"],
  failed: styles["bad"],
  off: styles["calm"],
};

/** Shape, word and colour of a state. Green (`proved`) means compared with bytes, a signature or a receipt. */
export function Status({ kind, children, size }: { kind: StatusKind; children: ReactNode; size?: number }) {
  return (
    <span className={`${styles["status"]} ${tones[kind]}`}>
      <Glyph shape={kind} {...(size === undefined ? {} : { size })} />
      <span>{children}</span>
    </span>
  );
}

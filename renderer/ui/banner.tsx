import type { ReactNode } from "react";
import { Glyph } from "./glyph.tsx";
import styles from "./banner.module.css";

/** What every page says until somebody has settled it. */
export function Banner({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <aside className={styles["banner"]} aria-live="polite">
      <Glyph shape="failed" size={16} />
      <span>{children}</span>
      {action}
    </aside>
  );
}

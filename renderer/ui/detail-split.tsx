import type { ReactNode } from "react";
import styles from "./detail-split.module.css";

/** A list with its detail beside it; the detail lies over the list on a narrow window. */
export function DetailSplit({
  children,
  detail,
  width,
}: {
  children: ReactNode;
  detail: ReactNode;
  width: "drawer" | "wide";
}) {
  return (
    <div className={`${styles["split"]} ${detail === null ? "" : styles[width]}`}>
      <div className={styles["list"]}>{children}</div>
      {detail === null ? null : <div className={styles["detail"]}>{detail}</div>}
    </div>
  );
}

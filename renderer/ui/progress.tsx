import styles from "./progress.module.css";

interface ProgressProps {
  readonly done: number;
  readonly total: number;
  readonly label: string;
  readonly thin?: boolean;
  readonly parked?: boolean;
}

/** Progress by synced bytes or records. */
export function Progress({ done, total, label, thin = false, parked = false }: ProgressProps) {
  return (
    <progress
      aria-label={label}
      max={Math.max(1, total)}
      value={Math.min(done, Math.max(1, total))}
      className={[styles["meter"], thin ? styles["thin"] : "", parked ? styles["parked"] : ""].join(" ")}
    />
  );
}

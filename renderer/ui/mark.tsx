import styles from "./mark.module.css";

export type OpenDoor = "request" | "response" | "none";

/**
 * The mark: a gatehouse in plan, which is an S. At rest both mouths are barred; the bar of the side whose
 * door is open is gone.
 */
export function Mark({ open, size = 16 }: { open: OpenDoor; size?: number }) {
  return (
    <svg viewBox="0 0 16 16" width={size} height={size} aria-hidden="true" className={styles["mark"]}>
      <path className={styles["stone"]} d="M0 0H16V4H4V6H16V16H0V12H12V10H0Z" />
      {open === "response" ? null : <path className={styles["right"]} d="M12 4h4v2h-4Z" />}
      {open === "request" ? null : <path className={styles["left"]} d="M0 10h4v2H0Z" />}
    </svg>
  );
}

import type { InputHTMLAttributes, ReactNode } from "react";
import styles from "./checkbox.module.css";

type CheckboxProps = { readonly label: ReactNode; readonly hideLabel?: boolean } & Omit<
  InputHTMLAttributes<HTMLInputElement>,
  "type" | "className"
>;

/** A native checkbox with our box; the pointer's target is 24 px. */
export function Checkbox({ label, hideLabel = false, ...input }: CheckboxProps) {
  return (
    <label className={styles["checkbox"]}>
      <input type="checkbox" {...input} />
      <span className={styles["box"]} aria-hidden="true" />
      <span className={hideLabel ? "hidden-text" : undefined}>{label}</span>
    </label>
  );
}

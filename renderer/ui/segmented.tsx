import { useId, type ReactNode } from "react";
import styles from "./segmented.module.css";

interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: ReactNode;
}

interface SegmentedProps<Value extends string> {
  readonly label: string;
  readonly choices: readonly Choice<Value>[];
  readonly value: NoInfer<Value>;
  readonly onChange: (value: NoInfer<Value>) => void;
}

/** A few choices side by side, one of them chosen; arrows move, as in any radio group. */
export function Segmented<Value extends string>({ label, choices, value, onChange }: SegmentedProps<Value>) {
  const name = useId();
  return (
    <div role="radiogroup" aria-label={label} className={styles["segmented"]}>
      {choices.map((choice) => (
        <label key={choice.value} className={choice.value === value ? styles["on"] : undefined}>
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          {choice.label}
        </label>
      ))}
    </div>
  );
}

import { useId } from "react";
import { en } from "../../shared/strings/en.ts";
import { OutsideText } from "../ui/outside-text.tsx";
import type { Choice, MergeField } from "./merge.ts";
import styles from "./merge-view.module.css";

const text = en.together.merge;

interface MergeViewProps {
  readonly fields: readonly MergeField[];
  readonly labels: Readonly<Record<string, string>>;
  readonly choices: Readonly<Record<string, Choice>>;
  readonly onChoose: (field: string, choice: Choice) => void;
}

const words: Record<MergeField["changed"], string> = {
  nobody: text.nobody,
  theirs: text.onlyTheirs,
  mine: text.onlyMine,
  alike: text.alike,
  both: text.both,
};

/** Two edits of one row, field by field: as it was, theirs, mine; one of the last two is chosen. */
export function MergeView({ fields, labels, choices, onChoose }: MergeViewProps) {
  return (
    <div className={styles["merge"]}>
      {fields.map((field) => (
        <Field
          key={field.id}
          field={field}
          label={labels[field.id] ?? field.id}
          choice={choices[field.id]}
          onChoose={(choice) => onChoose(field.id, choice)}
        />
      ))}
    </div>
  );
}

interface FieldProps {
  readonly field: MergeField;
  readonly label: string;
  readonly choice: Choice | undefined;
  readonly onChoose: (choice: Choice) => void;
}

function Field({ field, label, choice, onChoose }: FieldProps) {
  const name = useId();
  const open = field.changed !== "nobody" && field.changed !== "alike";
  return (
    <fieldset className={styles["field"]} aria-label={text.choose(label)}>
      <div className={styles["head"]}>
        <b>{label}</b>
        <span className={field.changed === "both" ? styles["both"] : "dim"}>{words[field.changed]}</span>
      </div>
      <div className={styles["three"]}>
        <div className={styles["version"]}>
          <span className={styles["name"]}>{text.base}</span>
          <Words value={field.base} />
        </div>
        {(["theirs", "mine"] as const).map((side) => (
          <div key={side} className={styles["version"]}>
            <label className={styles["name"]}>
              {open ? (
                <input type="radio" name={name} checked={choice === side} onChange={() => onChoose(side)} />
              ) : null}
              {text[side]}
            </label>
            <Words value={field[side]} />
          </div>
        ))}
      </div>
    </fieldset>
  );
}

function Words({ value }: { value: string }) {
  return (
    <div className={styles["words"]}>
      {value === "" ? <span className="dim">{text.empty}</span> : <OutsideText text={value} keep={"\n"} />}
    </div>
  );
}

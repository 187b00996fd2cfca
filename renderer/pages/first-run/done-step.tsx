import { en } from "../../../shared/strings/en.ts";
import { useFirstRun } from "../../app/first-run.ts";
import { Button } from "../../ui/button.tsx";
import { Stage } from "./stage.tsx";
import styles from "./stage.module.css";

const text = en.firstRun.finished;

/** Step 5: what to know on the first day. */
export function DoneStep({ name }: { name: string }) {
  return (
    <Stage
      title={text.title(name)}
      about={text.about}
      actions={
        <Button look="primary" onClick={() => useFirstRun.setState({ step: null })}>
          {text.open}
        </Button>
      }
    >
      <ul className={styles["facts"]}>
        {text.rows.map(([what, how]) => (
          <li key={what}>
            <b>{what}</b>
            <span>{how}</span>
          </li>
        ))}
      </ul>
    </Stage>
  );
}

import { visibleRuns } from "../../shared/visible-text.ts";
import styles from "./outside-text.module.css";

/** Text from outside, shown as text: never a link, never HTML, its control and direction marks boxed. */
export function OutsideText({ text, keep = "" }: { text: string; keep?: string }) {
  return (
    <bdi className={styles["outside"]}>
      {visibleRuns(text, keep).map((run, place) =>
        run.kind === "text" ? run.text : <em key={place}>{run.name}</em>,
      )}
    </bdi>
  );
}

import type { Side } from "./side.tsx";
import { Wall } from "./wall.tsx";
import styles from "./edge.module.css";

export interface EdgeText {
  /** `request side`, and `one person` where the station was founded for one. */
  readonly side: string;
  /** The whole sentence for a screen reader. */
  readonly label: string;
  readonly note?: string | undefined;
}

/** The side you are on: a wall over the full height with name and side three times, so that it is always in sight. */
export function Edge({ side, name, text }: { side: Side; name: string; text: EdgeText }) {
  return (
    <aside className={`${styles["edge"]} ${styles[side]}`} aria-label={text.label}>
      <Wall side={side} width={40} />
      {[0, 1, 2].map((place) => (
        <span key={place} className={styles["text"]} aria-hidden={place === 0 ? undefined : "true"}>
          <b>{name}</b>
          {text.side}
          {text.note === undefined ? null : <i>{text.note}</i>}
        </span>
      ))}
    </aside>
  );
}

/** Before a side is chosen: a dashed line and the words. */
export function BareEdge({ text }: { text: string }) {
  return (
    <aside className={`${styles["edge"]} ${styles["bare"]}`}>
      <span className={styles["text"]}>{text}</span>
    </aside>
  );
}

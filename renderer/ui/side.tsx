import { Glyph } from "./glyph.tsx";
import styles from "./side.module.css";

export type Side = "request" | "response";

/** The other side of the gap. */
export function otherSide(side: Side): Side {
  return side === "request" ? "response" : "request";
}

/** A station's name in its side's colour, with its side's shape. */
export function StationTag({ name, side, size = 11 }: { name: string; side: Side; size?: number }) {
  return (
    <span className={`${styles["tag"]} ${styles[side]}`}>
      <Glyph shape={side} size={size} />
      {name}
    </span>
  );
}

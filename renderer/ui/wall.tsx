import { useId } from "react";
import type { Side } from "./side.tsx";
import styles from "./wall.module.css";

interface Tile {
  readonly heightPixels: number;
  readonly path: string;
}

/** One tile of each side's outline for each width in use: the window's edge, a dialog's, the gate's outer walls. */
const tiles: Record<Side, Record<40 | 16 | 12, Tile>> = {
  request: {
    40: { heightPixels: 30, path: "M0 0H28L40 15 28 30H0Z" },
    16: { heightPixels: 16, path: "M0 0H8L16 8 8 16H0Z" },
    12: { heightPixels: 12, path: "M0 0H5L12 6 5 12H0Z" },
  },
  response: {
    40: { heightPixels: 40, path: "M40 0H12V10H0V30H12V40H40Z" },
    16: { heightPixels: 24, path: "M16 0H7V6H0V18H7V24H16Z" },
    12: { heightPixels: 24, path: "M12 0H5V6H0V18H5V24H12Z" },
  },
};

/**
 * The outer wall of a side, filling its positioned parent: teeth for request, drawn on the left, a battlement
 * for response, drawn on the right. A pattern in the page, so that no image is fetched and forced colours keep it.
 */
export function Wall({ side, width }: { side: Side; width: 40 | 16 | 12 }) {
  const id = useId();
  const tile = tiles[side][width];
  return (
    <svg width={width} className={`${styles["wall"]} ${styles[side]}`} aria-hidden="true">
      <pattern id={id} width={width} height={tile.heightPixels} patternUnits="userSpaceOnUse">
        <path d={tile.path} />
      </pattern>
      <rect width={width} height="100%" fill={`url(#${id})`} />
    </svg>
  );
}

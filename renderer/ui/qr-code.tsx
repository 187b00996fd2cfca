import { useMemo } from "react";
import { drawQr } from "../../shared/qr.ts";
import styles from "./qr-code.module.css";

/** A text as a code for a camera: black on white in every theme, since readers want it so. `what` names it for a listener. */
export function QrCode({ text, what }: { text: string; what: string }) {
  const { size, path } = useMemo(() => drawQr(text), [text]);
  return (
    <svg
      className={styles["code"]}
      viewBox={`0 0 ${size} ${size}`}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- drawn in place: an <img> would need an address
      role="img"
      aria-label={what}
      shapeRendering="crispEdges"
      style={{ inlineSize: `${size * pixelsPerModule}px` }}
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

/** At 96 dots an inch half a millimetre a module, which a phone's camera resolves at arm's length. */
const pixelsPerModule = 2;

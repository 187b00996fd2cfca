import { en } from "../../../shared/strings/en.ts";
import type { Side } from "../../ui/side.tsx";
import { Wall } from "../../ui/wall.tsx";
import styles from "./side-option.module.css";

const text = en.firstRun.side;

/** One of the two sides as a card with its wall, its meaning and its place on the map. */
export function SideOption({
  side,
  chosen,
  onChoose,
}: {
  side: Side;
  chosen: boolean;
  onChoose: () => void;
}) {
  const words = text[side];
  return (
    <label className={`${styles["option"]} ${styles[side]} ${chosen ? styles["on"] : ""}`}>
      <span className={styles["wall"]}>
        <Wall side={side} width={40} />
      </span>
      <span className={styles["body"]}>
        <span className={styles["head"]}>
          <input type="radio" name="side" checked={chosen} onChange={onChoose} />
          <b>{words.title}</b>
        </span>
        {words.lines.map((line) => (
          <span key={line} className={styles["line"]}>
            {line}
          </span>
        ))}
        <MiniPlan side={side} />
      </span>
    </label>
  );
}

/** The map rule in small: request left, the gap, response right; the own room is tinted. */
function MiniPlan({ side }: { side: Side }) {
  return (
    <svg viewBox="0 0 380 84" className={styles["plan"]} aria-hidden="true">
      <path className={styles["ground"]} d="M0 0h380v64H0Z" />
      {side === "request" ? (
        <path className={styles["requestRoom"]} d="M6 4h118v56H6Z" />
      ) : (
        <path className={styles["responseRoom"]} d="M256 4h118v56H256Z" />
      )}
      <path
        className={styles["stone"]}
        d="M0 0h380v4H0Z M0 60h380v4H0Z M122 4h4v24h-4Z M122 52h4v8h-4Z M254 4h4v8h-4Z M254 36h4v24h-4Z"
      />
      <path className={styles["leaf"]} d="M123 28h2v24h-2Z M255 12h2v24h-2Z" />
      <path className={styles["requestEdge"]} d="M0 4h5l7 7-7 7 7 7-7 7 7 7-7 7 7 7-7 7H0Z" />
      <path className={styles["responseEdge"]} d="M380 4h-5v7h-7v14h7v7h-7v14h7v7h-7v7h12Z" />
      <text x="62" y="80" textAnchor="middle" className={side === "request" ? styles["own"] : undefined}>
        {en.ui.sides.request}
      </text>
      <text x="190" y="80" textAnchor="middle">
        {text.gap}
      </text>
      <text x="318" y="80" textAnchor="middle" className={side === "response" ? styles["own"] : undefined}>
        {en.ui.sides.response}
      </text>
    </svg>
  );
}

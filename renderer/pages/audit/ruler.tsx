import { en } from "../../../shared/strings/en.ts";
import { formatCount } from "../../ui/format.ts";
import styles from "./ruler.module.css";

const text = en.audit.ruler;
const width = 1200;

interface RulerProps {
  readonly events: number;
  readonly verified: number;
  readonly signed: number;
}

/** The log as a line: how far somebody recomputed it, how far its head is signed, and where it ends. */
export function Ruler({ events, verified, signed }: RulerProps) {
  const at = (count: number): number => (events === 0 ? 0 : (Math.min(count, events) / events) * width);
  return (
    <div className={styles["ruler"]}>
      <svg viewBox={`0 0 ${width} 6`} preserveAspectRatio="none" aria-hidden="true">
        <rect className={styles["head"]} width={width} height={6} />
        <rect className={styles["signed"]} width={at(signed)} height={6} />
        <rect className={styles["verified"]} width={at(verified)} height={6} />
      </svg>
      <p>
        <span>
          <i className={styles["verified"]} />
          {verified === 0 ? (
            text.neverVerified
          ) : (
            <>
              {text.verified} <b>{formatCount(verified)}</b>
            </>
          )}
        </span>
        <span>
          <i className={styles["signed"]} />
          {signed === 0 ? (
            text.neverSigned
          ) : (
            <>
              {text.signed} <b>{formatCount(signed)}</b>
            </>
          )}
        </span>
        <span>
          <i className={styles["head"]} />
          {text.head} <b>{formatCount(events)}</b>
        </span>
      </p>
    </div>
  );
}

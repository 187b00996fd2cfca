import { createPortal } from "react-dom";
import { sheetCode, sheetFacts, type RecoverySheet } from "../../../shared/recovery-sheet.ts";
import { en } from "../../../shared/strings/en.ts";
import { QrCode } from "../../ui/qr-code.tsx";
import styles from "./recovery.module.css";

const text = en.recovery.sheet;

/** One sheet as it will be printed: the same words and lines that the command line writes into a file. */
export function SheetPreview({ sheet }: { sheet: RecoverySheet }) {
  return (
    <>
      <div className={styles["preview"]}>
        <Sheet sheet={sheet} />
      </div>
      {/* Beside everything else in the page, so that a printer gets this one thing. */}
      {createPortal(
        <div data-printed className={styles["printed"]} aria-hidden="true">
          <Sheet sheet={sheet} />
        </div>,
        document.body,
      )}
    </>
  );
}

function Sheet({ sheet }: { sheet: RecoverySheet }) {
  const { station, set, share, lines } = sheet;
  return (
    <article className={styles["sheet"]}>
      <h3>{text.title(share, set.shares)}</h3>
      <p>{text.station(station.name, station.side)}</p>
      <p>{text.what(set.threshold, set.shares)}</p>
      <dl>
        {sheetFacts(sheet).map(([name, value]) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <h4>{text.lines}</h4>
      <div className={styles["share"]}>
        <ol className={styles["lines"]}>
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ol>
        <QrCode text={sheetCode(lines)} what={text.code} />
      </div>
      <p>{text.linesNote}</p>
      <h4>{text.doTitle}</h4>
      <ul>
        {text.do.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <h4>{text.useTitle}</h4>
      <ol>
        {text.use.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ol>
      <div className={styles["hand"]}>
        <span>{text.keeper}</span>
        <span>{text.date}</span>
        <span>{text.place}</span>
      </div>
    </article>
  );
}

import { ArrowLeft, ArrowRight } from "lucide-react";
import { en } from "../../shared/strings/en.ts";
import { formatCount } from "./format.ts";
import { Glyph } from "./glyph.tsx";
import { StationTag, type Side } from "./side.tsx";
import { Status } from "./status.tsx";
import styles from "./ledger-strip.module.css";

export interface LedgerCell {
  readonly sequence: number;
  readonly sent: boolean;
  readonly carried: boolean;
  readonly received: boolean;
  readonly state:
    | "yes"
    | "imported"
    | "running"
    | "not-yet"
    | "missing"
    | "quarantine"
    | "refused"
    | "voided";
}

interface LedgerStripProps {
  readonly from: { readonly name: string; readonly side: Side };
  readonly to: { readonly name: string; readonly side: Side };
  readonly cells: readonly LedgerCell[];
  readonly totals: {
    readonly sent: number;
    readonly carried: number;
    readonly received: number;
    readonly imported: number;
    readonly missing: number;
  };
}

/**
 * One way between two stations: a column is a batch, a row is how far it got. The request side stands left
 * whichever way the arrow points.
 */
export function LedgerStrip({ from, to, cells, totals }: LedgerStripProps) {
  const left = from.side === "request" ? from : to;
  const right = from.side === "request" ? to : from;
  const words = en.ui.ledger;
  const now = cells.at(-1)?.sequence;
  const row = (name: string, total: number, draw: (cell: LedgerCell) => React.ReactNode, lacks = false) => (
    <tr className={lacks ? styles["lacks"] : undefined}>
      <th scope="row">{name}</th>
      {cells.map((cell) => (
        <td key={cell.sequence} className={cell.sequence === now ? styles["now"] : undefined}>
          {draw(cell)}
        </td>
      ))}
      <td className={styles["total"]}>{formatCount(total)}</td>
    </tr>
  );
  return (
    <table className={styles["strip"]} aria-label={words.label(from.name, to.name)}>
      <thead>
        <tr>
          <th scope="col">
            <StationTag name={left.name} side={left.side} size={9} />
            {from.side === "request" ? <ArrowRight aria-hidden="true" /> : <ArrowLeft aria-hidden="true" />}
            <StationTag name={right.name} side={right.side} size={9} />
          </th>
          {cells.map((cell) => (
            <th key={cell.sequence} scope="col" className={cell.sequence === now ? styles["now"] : undefined}>
              {cell.sequence}
            </th>
          ))}
          <th scope="col" className={styles["total"]}>
            {words.all}
          </th>
        </tr>
      </thead>
      <tbody>
        {row(words.sent, totals.sent, (cell) =>
          cell.state === "running" ? <Mark cell={cell} /> : <Box on={cell.sent} word={words.sent} />,
        )}
        {row(words.carried, totals.carried, (cell) => (
          <Box on={cell.carried} word={words.carried} />
        ))}
        {row(words.received, totals.received, (cell) => (
          <Box on={cell.received} word={words.received} />
        ))}
        {row(words.imported, totals.imported, (cell) => (
          <Mark cell={cell} />
        ))}
        {row(
          words.missing,
          totals.missing,
          (cell) => (cell.state === "missing" ? <Mark cell={cell} /> : null),
          totals.missing > 0,
        )}
      </tbody>
    </table>
  );
}

function Box({ on, word }: { on: boolean; word: string }) {
  return (
    <i className={on ? styles["yes"] : styles["no"]}>
      <span className="hidden-text">{on ? word : en.ui.ledger.notYet}</span>
    </i>
  );
}

function Mark({ cell }: { cell: LedgerCell }) {
  const words = en.ui.ledger;
  const shaped = {
    running: "running",
    missing: "missing",
    quarantine: "quarantined",
    refused: "failed",
    voided: "off",
  } as const;
  if (cell.state === "imported")
    return (
      <i className={styles["proved"]}>
        <span className="hidden-text">{words.imported}</span>
      </i>
    );
  if (cell.state === "yes" || cell.state === "not-yet")
    return (
      <i className={styles["no"]}>
        <span className="hidden-text">{words.notYet}</span>
      </i>
    );
  return (
    <span className={styles[cell.state]} title={words.states[cell.state]}>
      <Glyph shape={shaped[cell.state]} size={12} />
      <span className="hidden-text">{words.states[cell.state]}</span>
    </span>
  );
}

/** What the squares mean, in the order of the rows. */
export function LedgerLegend() {
  const words = en.ui.ledger;
  return (
    <span className={styles["legend"]}>
      <span>
        <i className={styles["yes"]} />
        {words.yes}
      </span>
      <span className={styles["green"]}>
        <i className={styles["proved"]} />
        {words.importedSigned}
      </span>
      <Status kind="running" size={11}>
        {words.underWay}
      </Status>
      <span>
        <i className={styles["no"]} />
        {words.notYet}
      </span>
      <Status kind="missing" size={11}>
        {words.missing}
      </Status>
      <Status kind="quarantined" size={11}>
        {words.quarantine}
      </Status>
    </span>
  );
}

import { useQuery } from "@tanstack/react-query";
import { en } from "../../../shared/strings/en.ts";
import { useSession } from "../../app/session.ts";
import { orpc } from "../../rpc.ts";
import type { LedgerCell } from "../../ui/ledger-strip.tsx";
import { Section } from "../../ui/section.tsx";
import { otherSide, StationTag } from "../../ui/side.tsx";
import { Time } from "../../ui/time.tsx";
import type { Alarm, PeerAlarms } from "./alarm.ts";
import styles from "./alarm-line.module.css";

const text = en.alarms.line;
/** What fits beside the label on a small window, with room for the words behind a branch. */
const mostCells = 10;
/** As many strokes as the style sheet has lengths. */
const mostBranches = 4;

type Cell = Pick<LedgerCell, "sequence" | "state">;

/** The peer's batches as one line, and where another history leaves it. */
export function AlarmLine({ found }: { found: PeerAlarms }) {
  const { side } = useSession();
  const { peer, forks, lineage } = found;
  const strips = useQuery(orpc.watch.summary.queryOptions({ input: {} })).data?.strips ?? [];
  const known = useQuery(orpc.peers.list.queryOptions({ input: {} })).data?.peers ?? [];
  const strip = strips.find((each) => each.peer === peer && each.way === "in");
  const cells = cellsOf(strip?.cells ?? [], forks);
  const own = known.find(({ name }) => name === peer)?.lineage;
  if (cells.length === 0 || (forks.length === 0 && lineage === undefined)) return null;
  return (
    <Section
      title={text.title(peer)}
      caption={
        <>
          <StationTag name={peer} side={otherSide(side)} /> {text.caption}
        </>
      }
      aside={<Legend />}
    >
      <table className={styles["line"]} aria-label={text.label(peer)}>
        <thead>
          <tr>
            <th scope="col">
              <span className="hidden-text">{text.lineage}</span>
            </th>
            {cells.map(({ sequence }) => (
              <th key={sequence} scope="col">
                {sequence}
              </th>
            ))}
            <th aria-hidden="true" />
          </tr>
        </thead>
        <tbody>
          <tr className={styles["main"]}>
            <th scope="row">
              <b>{text.lineage}</b>
              <span className="fact">{own ?? ""}</span>
            </th>
            {cells.map((cell) => (
              <td key={cell.sequence} aria-label={text.states[cell.state]}>
                <i className={styles[shapeOf(cell)]} />
              </td>
            ))}
          </tr>
          {branchesOf(found).map((alarm, depth) => (
            <Branch
              key={alarm.envelopes.at(-1)?.sha256 ?? alarm.since}
              cells={cells}
              alarm={alarm}
              depth={depth}
            />
          ))}
        </tbody>
      </table>
    </Section>
  );
}

/** The one that leaves furthest right comes first, so that no stroke crosses the words of another. */
function branchesOf({ forks, lineage }: PeerAlarms): readonly Alarm[] {
  const fromRight = forks.toSorted((one, other) => (other.sequence ?? 0) - (one.sequence ?? 0));
  return [...(lineage === undefined ? [] : [lineage]), ...fromRight].slice(0, mostBranches);
}

interface BranchProps {
  readonly cells: readonly Cell[];
  readonly alarm: Alarm;
  /** Rows between it and the line. */
  readonly depth: number;
}

/** A row below the line: the label, the branch under the number where it leaves, and what it is. */
function Branch({ cells, alarm, depth }: BranchProps) {
  const isFork = alarm.kind === "fork";
  const place = isFork ? cells.findIndex(({ sequence }) => sequence === alarm.sequence) : cells.length - 1;
  const before = Math.max(0, place);
  const number = String(alarm.sequence ?? "");
  return (
    <tr className={isFork ? styles["fork"] : styles["restore"]}>
      <th scope="row" colSpan={before + 1}>
        <b>{isFork ? text.fork : text.restore}</b>
        <span>{isFork ? text.forkNote : text.restoreNote}</span>
      </th>
      <td>
        <i className={`${styles["branch"]} ${styles[`depth-${depth}`]}`}>{number}</i>
      </td>
      <td colSpan={cells.length - before} className={styles["words"]}>
        <b>{isFork ? text.other(number) : text.newLineage}</b>{" "}
        {isFork ? null : <span className="fact">{alarm.detail}</span>}
        <span className={styles["note"]}>
          {isFork ? text.otherNote : text.newNote} <Time at={alarm.since} />
        </span>
      </td>
    </tr>
  );
}

/** The newest numbers, and before them the ones where a fork leaves. */
function cellsOf(cells: readonly Cell[], forks: readonly Alarm[]): readonly Cell[] {
  const newest = cells.slice(-mostCells);
  const first = newest[0]?.sequence ?? Number.POSITIVE_INFINITY;
  const older = [...new Set(forks.flatMap(({ sequence }) => sequence ?? []))]
    .filter((sequence) => sequence < first)
    .toSorted((one, other) => one - other)
    .map((sequence) => ({ sequence, state: "imported" as const }));
  const beyond = forks.flatMap(({ sequence }) =>
    sequence !== null && sequence >= first && !newest.some((cell) => cell.sequence === sequence)
      ? [{ sequence, state: "not-yet" as const }]
      : [],
  );
  return [...older, ...newest, ...beyond];
}

function shapeOf({ state }: Cell): "imported" | "missing" | "here" {
  if (state === "imported" || state === "quarantine") return "imported";
  return state === "missing" || state === "not-yet" ? "missing" : "here";
}

function Legend() {
  return (
    <span className={styles["legend"]}>
      {(["imported", "fork", "held", "missing"] as const).map((name) => (
        <span key={name}>
          <i className={styles[`legend-${name}`]} />
          {text.legend[name]}
        </span>
      ))}
    </span>
  );
}

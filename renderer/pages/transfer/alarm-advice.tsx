import { en } from "../../../shared/strings/en.ts";
import { Stack } from "../../ui/columns.tsx";
import { formatCount } from "../../ui/format.ts";
import type { StatusKind } from "../../ui/glyph.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { Time } from "../../ui/time.tsx";
import { leadOf, type PeerAlarms } from "./alarm.ts";
import styles from "./alarm-advice.module.css";

const { meaning, stopped, todo } = en.alarms;

interface Meaning {
  readonly kind: StatusKind;
  readonly word: string;
  readonly what: string;
  readonly why: string;
}

/** What an alarm can mean, what is stopped by it, and what people do, in this order. */
export function AlarmAdvice({ found }: { found: PeerAlarms }) {
  const { forks, lineage, refused, unsigned } = found;
  const [since] = [...forks, ...(lineage === undefined ? [] : [lineage]), ...refused, ...unsigned];
  return (
    <Stack>
      <Section title={meaning.title}>
        <ul className={styles["pairs"]}>
          {meaningsOf(found).map(({ kind, word, what, why }) => (
            <li key={what}>
              <Status kind={kind}>{word}</Status>
              <div>
                <b>{what}</b>
                {why}
              </div>
            </li>
          ))}
        </ul>
      </Section>
      <Section
        title={stopped.title}
        caption={
          since === undefined ? undefined : (
            <>
              {stopped.since} <Time at={since.since} />
            </>
          )
        }
      >
        <ul className={styles["pairs"]}>
          {stopsOf(found).map(([kind, word, what]) => (
            <li key={what}>
              <Status kind={kind}>{word}</Status>
              <div>{what}</div>
            </li>
          ))}
        </ul>
      </Section>
      <Section title={todo.title} caption={todo.caption}>
        <ol className={styles["todo"]}>
          {todo[leadOf(found)](found.peer).map(([what, how]) => (
            <li key={what}>
              <span>
                <b>{what}</b> {how}
              </span>
            </li>
          ))}
        </ol>
      </Section>
    </Stack>
  );
}

function meaningsOf(found: PeerAlarms): readonly Meaning[] {
  const { peer, lineage } = found;
  const likely = { kind: "warn", word: meaning.likely } as const;
  const possible = { kind: "waiting", word: meaning.possible } as const;
  const open = { kind: "waiting", word: meaning.open } as const;
  const copied = { what: meaning.copied(peer) };
  const twice = { ...possible, what: meaning.twice(peer), why: meaning.twiceText };
  const stolen = { ...open, what: meaning.stolen(peer), why: meaning.stolenText };
  switch (leadOf(found)) {
    case "fork":
      return [
        lineage === undefined
          ? { ...possible, ...copied, why: meaning.copiedText }
          : { ...likely, ...copied, why: meaning.copiedFits },
        twice,
        stolen,
      ];
    case "lineage":
      return [{ ...likely, what: meaning.restored(peer), why: meaning.restoredText }, twice];
    case "refused":
      return [{ ...likely, what: meaning.mixed, why: meaning.mixedText }, stolen];
    case "missing-receipt":
      return [
        { ...likely, what: meaning.lost, why: meaning.lostText },
        { ...possible, what: meaning.skipped(peer), why: meaning.skippedText },
        { ...open, what: meaning.hidden, why: meaning.hiddenText },
      ];
  }
}

type Stop = readonly [kind: StatusKind, word: string, what: string];

function stopsOf(found: PeerAlarms): readonly Stop[] {
  const { peer, forks, lineage } = found;
  const { words } = stopped;
  if (leadOf(found) === "missing-receipt") {
    return [
      ["done", words.goes, stopped.unsigned],
      ["done", words.kept, stopped.keptOurs],
    ];
  }
  return [
    ...forks.map((fork): Stop => ["held", words.stopped, stopped.fork(formatCount(fork.sequence ?? 0))]),
    ...(lineage === undefined ? [] : [["held", words.stopped, stopped.lineage] as const]),
    ["done", words.goes, stopped.goes(peer)],
    ["done", words.kept, forks.length > 0 ? stopped.kept : stopped.keptOne],
  ];
}

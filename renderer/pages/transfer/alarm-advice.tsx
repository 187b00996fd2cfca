import { en } from "../../../shared/strings/en.ts";
import { Stack } from "../../ui/columns.tsx";
import { formatCount } from "../../ui/format.ts";
import type { StatusKind } from "../../ui/glyph.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { Time } from "../../ui/time.tsx";
import type { PeerAlarms } from "./alarm.ts";
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
  const [since] = [...found.forks, ...(found.lineage === undefined ? [] : [found.lineage]), ...found.refused];
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
          {stepsOf(found).map(([what, how]) => (
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

function meaningsOf({ peer, forks, lineage, refused }: PeerAlarms): readonly Meaning[] {
  const possible = { kind: "waiting", word: meaning.possible } as const;
  const stolen = {
    kind: "waiting",
    word: meaning.open,
    what: meaning.stolen(peer),
    why: meaning.stolenText,
  } as const;
  if (forks.length > 0) {
    return [
      lineage === undefined
        ? { ...possible, what: meaning.copied(peer), why: meaning.copiedText }
        : { kind: "warn", word: meaning.likely, what: meaning.copied(peer), why: meaning.copiedFits },
      { ...possible, what: meaning.twice(peer), why: meaning.twiceText },
      stolen,
    ];
  }
  if (lineage !== undefined) {
    return [
      { kind: "warn", word: meaning.likely, what: meaning.restored(peer), why: meaning.restoredText },
      { ...possible, what: meaning.twice(peer), why: meaning.twiceText },
    ];
  }
  return refused.length === 0
    ? []
    : [{ kind: "warn", word: meaning.likely, what: meaning.mixed, why: meaning.mixedText }, stolen];
}

type Stop = readonly [kind: StatusKind, word: string, what: string];

function stopsOf({ peer, forks, lineage }: PeerAlarms): readonly Stop[] {
  const { words } = stopped;
  return [
    ...forks.map((fork): Stop => ["held", words.stopped, stopped.fork(formatCount(fork.sequence ?? 0))]),
    ...(lineage === undefined ? [] : [["held", words.stopped, stopped.lineage] as const]),
    ["done", words.goes, stopped.goes(peer)],
    ["done", words.kept, forks.length > 0 ? stopped.kept : stopped.keptOne],
  ];
}

function stepsOf({ peer, forks, lineage }: PeerAlarms) {
  if (forks.length > 0) return todo.fork(peer);
  return lineage === undefined ? todo.refused(peer) : todo.lineage(peer);
}

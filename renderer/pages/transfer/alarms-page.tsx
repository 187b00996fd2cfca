import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useLocation } from "wouter";
import { batchReasonTexts } from "../../../shared/strings/reasons.ts";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { saveText } from "../../app/files.ts";
import { NoteSection } from "../../app/note-section.tsx";
import { orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { Columns, Stack } from "../../ui/columns.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Hash } from "../../ui/fact.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatCount } from "../../ui/format.ts";
import { OutsideText } from "../../ui/outside-text.tsx";
import { Say } from "../../ui/say.tsx";
import { Section } from "../../ui/section.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { AlarmAdvice } from "./alarm-advice.tsx";
import { AlarmEnvelopes } from "./alarm-envelopes.tsx";
import { AlarmLine } from "./alarm-line.tsx";
import { AlarmLineage } from "./alarm-lineage.tsx";
import { alarmsOf, leadOf, type Alarm, type PeerAlarms } from "./alarm.ts";
import styles from "./gate-page.module.css";

const text = en.alarms;

/** What a peer signed that contradicts itself: found, kept, and for people to settle. */
export function AlarmsPage({ peer }: { peer: string | undefined }) {
  const [, navigate] = useLocation();
  const list = useQuery(orpc.transfer.alarms.queryOptions({ input: {} }));
  return (
    <Answer query={list} what={en.transfer.tabs.alarms}>
      {({ alarms }) => {
        const names = [...new Set(alarms.map((alarm) => alarm.peer))];
        const shown = names.find((name) => name === peer) ?? names[0];
        if (shown === undefined) {
          return (
            <>
              <Say sentence={text.none} />
              <Section title={en.transfer.tabs.alarms}>
                <EmptyState title={text.emptyTitle} about={text.noneAbout} />
              </Section>
            </>
          );
        }
        return (
          <div className={styles["gate"]}>
            {names.length < 2 ? null : (
              <Segmented
                label={text.peer}
                value={shown}
                onChange={(name) => navigate(`/transfer/alarms/${name}`)}
                choices={names.map((name) => ({ value: name, label: name }))}
              />
            )}
            <Peer key={shown} found={alarmsOf(alarms, shown)} />
          </div>
        );
      }}
    </Answer>
  );
}

const looks = {
  fork: { tone: "bad", glyph: "failed" },
  lineage: { tone: "warn", glyph: "held" },
  refused: { tone: "bad", glyph: "failed" },
  "missing-receipt": { tone: "warn", glyph: "missing" },
} as const;

function Peer({ found }: { found: PeerAlarms }) {
  const [, navigate] = useLocation();
  const { peer, forks, lineage, refused, unsigned } = found;
  const evidence = {
    station: peer,
    alarms: [...forks, ...(lineage === undefined ? [] : [lineage]), ...refused, ...unsigned],
  };
  const { sentence, about } = sayOf(found);
  return (
    <>
      <Say
        sentence={sentence}
        {...looks[leadOf(found)]}
        actions={
          <>
            <Button
              icon={<Download />}
              onClick={() => saveText(`alarm-${peer}.json`, `${JSON.stringify(evidence, null, 2)}\n`)}
            >
              {text.save}
            </Button>
            <Button look="primary" onClick={() => navigate(`/transfer/peers/${peer}`)}>
              {text.open(peer)}
            </Button>
          </>
        }
      >
        {about}
      </Say>
      <AlarmLine found={found} />
      <Columns kind="aside">
        <Stack>
          {forks.map((fork) => (
            <AlarmEnvelopes key={fork.envelopes.at(-1)?.sha256} alarm={fork} />
          ))}
          {lineage === undefined ? null : <AlarmLineage alarm={lineage} />}
          {refused.map((alarm) => (
            <Refused key={alarm.envelopes[0]?.sha256 ?? alarm.since} alarm={alarm} />
          ))}
          {unsigned.map((alarm) => (
            <Unsigned key={alarm.detail} alarm={alarm} />
          ))}
          <NoteSection about="alarms" peer={peer} />
        </Stack>
        <AlarmAdvice found={found} />
      </Columns>
    </>
  );
}

function sayOf(found: PeerAlarms): { sentence: string; about: string } {
  const { peer, forks, refused, unsigned } = found;
  const [fork] = forks;
  const [first] = refused;
  const [owed] = unsigned;
  switch (leadOf(found)) {
    case "fork": {
      const isTwin = fork?.envelopes.every(({ sequence }) => sequence === fork.sequence) === true;
      const number = formatCount(fork?.sequence ?? 0);
      return {
        sentence: isTwin && fork?.sequence !== null ? text.say.fork(number, peer) : text.say.chain(peer),
        about: text.say.forkAbout,
      };
    }
    case "lineage":
      return { sentence: text.say.lineage(peer), about: text.say.lineageAbout };
    case "refused":
      return {
        sentence: text.say.refused(formatCount(first?.sequence ?? 0), peer),
        about: first?.reason === null || first === undefined ? "" : batchReasonTexts[first.reason].sentence,
      };
    case "missing-receipt":
      return {
        sentence: text.say.unsigned(formatCount(owed?.sequence ?? 0), peer),
        about: text.say.unsignedAbout,
      };
  }
}

function Refused({ alarm }: { alarm: Alarm }) {
  const words = alarm.reason === null ? undefined : batchReasonTexts[alarm.reason];
  return (
    <Section title={text.refused.title(formatCount(alarm.sequence ?? 0))} caption={alarm.envelopes[0]?.batch}>
      <Facts rows="wide">
        <Fact name={text.refused.what}>{words?.sentence}</Fact>
        {alarm.detail === "" ? null : (
          <Fact name={text.refused.where}>
            <OutsideText text={alarm.detail} />
          </Fact>
        )}
        <Fact name={text.refused.todo}>{words?.remedy}</Fact>
      </Facts>
    </Section>
  );
}

function Unsigned({ alarm }: { alarm: Alarm }) {
  const [ours, teller] = alarm.envelopes;
  const words = text.unsigned;
  return (
    <Section title={words.title(formatCount(alarm.sequence ?? 0))} caption={ours?.batch}>
      <Facts rows="wide">
        {ours === undefined ? null : (
          <>
            <Fact name={words.records}>
              <Hash value={ours.sha256} copy={words.records} />
            </Fact>
            <Fact name={words.here}>{text.envelopes.states[ours.state]}</Fact>
          </>
        )}
        {teller === undefined ? null : (
          <Fact name={words.told}>
            <span className="fact">{teller.batch}</span>
          </Fact>
        )}
        <Fact name={words.owes}>{words.owesText}</Fact>
      </Facts>
    </Section>
  );
}

import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { Fact, Facts } from "../../ui/facts.tsx";
import { GatePlan } from "../../ui/gate-plan.tsx";
import { LedgerLegend, LedgerStrip } from "../../ui/ledger-strip.tsx";
import { PartCells, type PartLook } from "../../ui/part-cells.tsx";
import { PhraseWords, TickedWords } from "../../ui/phrase-words.tsx";
import { RateChart } from "../../ui/rate-chart.tsx";
import { Section } from "../../ui/section.tsx";
import { StationTag, type Side } from "../../ui/side.tsx";
import { Steps, type GateStep } from "../../ui/steps.tsx";
import { Timeline } from "../../ui/timeline.tsx";
import { sampleCells, sampleRate, sampleWords } from "./samples.ts";
import styles from "./samples.module.css";

const text = en.components;
const low = { name: "low", side: "request" } as const;
const high = { name: "high", side: "response" } as const;
const parts: readonly PartLook[] = [
  ...Array.from({ length: 12 }, (): PartLook => "synced"),
  "half",
  ...Array.from({ length: 9 }, (): PartLook => "waiting"),
];

const steps: readonly GateStep[] = [
  {
    number: 1,
    title: "Seal",
    look: "done",
    status: { kind: "done", word: text.words.done },
    lines: ["81 parts, 4.67 GiB"],
  },
  {
    number: 2,
    title: "Copy",
    look: "running",
    status: { kind: "running", word: "61 %" },
    progress: { done: 61, total: 100 },
    lines: ["1 290 831 399 bytes synced"],
  },
  {
    number: 3,
    title: "Flush",
    look: "waiting",
    status: { kind: "waiting", word: text.words.waiting },
    lines: [],
  },
  {
    number: 4,
    title: "Read back",
    look: "proved",
    status: { kind: "proved", word: text.words.proved },
    lines: [],
  },
  {
    number: 5,
    title: "Eject",
    look: "missing",
    status: { kind: "missing", word: text.words.missing },
    lines: [],
  },
];

export function GateSample({ side }: { side: Side }) {
  const open = { state: "open", word: "open" } as const;
  const held = { state: "held", word: "held shut" } as const;
  return (
    <div className={styles["wide"]}>
      <Section title={text.gate.title} caption={text.gate.caption}>
        <GatePlan
          own={side}
          flow={side === "request" ? "to-medium" : "from-medium"}
          label={text.gate.title}
          doors={{
            request: { owner: "low", ...(side === "request" ? open : held) },
            response: { owner: "high", ...(side === "request" ? held : open) },
          }}
          rooms={{
            request: <Room station={low} />,
            response: <Room station={high} />,
          }}
          medium={
            <>
              <h3>{text.fields.cap}</h3>
              <PartCells parts={parts} label={text.progress} />
            </>
          }
          steps={steps.map((step, place) => ({
            number: step.number,
            label: step.title,
            look: step.look,
            place:
              (["request-room", "request-door", "medium", "medium", "medium-end"] as const)[place] ??
              "medium",
          }))}
        />
        <Steps steps={steps} label={text.gate.title} />
      </Section>
    </div>
  );
}

function Room({ station }: { station: { readonly name: string; readonly side: Side } }) {
  return (
    <>
      <h3>
        <StationTag name={station.name} side={station.side} />
        <small>{en.ui.sides[station.side]}</small>
      </h3>
      <Facts>
        <Fact name="batch">41</Fact>
      </Facts>
    </>
  );
}

export function LedgerSample() {
  const totals = { sent: 9, carried: 8, received: 7, imported: 6, missing: 1 };
  return (
    <div className={styles["wide"]}>
      <Section title={text.ledger.title} caption={text.ledger.caption} aside={<LedgerLegend />}>
        <LedgerStrip from={low} to={high} cells={sampleCells} totals={totals} />
      </Section>
    </div>
  );
}

export function TimelineSample() {
  return (
    <Section title={text.timeline.title} caption={text.timeline.caption}>
      <Timeline
        label={text.timeline.title}
        gap="the gap"
        request={{ name: "low", source: "by its own log" }}
        response={{ name: "high", source: "by signed receipt" }}
        steps={[
          {
            key: "1",
            lane: "request",
            title: "submitted",
            time: <span className="fact">13:58:41</span>,
            note: "alice",
          },
          {
            key: "2",
            lane: "request",
            title: "sealed, batch 41",
            time: <span className="fact">14:21:50</span>,
            note: "",
          },
          { key: "3", lane: "gap", title: "carried", time: "", note: "2 h 5 min" },
          {
            key: "4",
            lane: "response",
            title: "imported",
            time: <span className="fact">16:41:03</span>,
            note: "",
          },
          {
            key: "5",
            lane: "request",
            title: "answer",
            time: <span className="fact">18:32:11</span>,
            note: "",
            proved: true,
          },
        ]}
      />
    </Section>
  );
}

export function RateSample() {
  return (
    <Section title={text.rate.title} caption={text.rate.caption}>
      <RateChart points={sampleRate} label={text.rate.caption} />
    </Section>
  );
}

export function PhraseSample() {
  const [ticked, setTicked] = useState<readonly boolean[]>(sampleWords.map((_, place) => place < 3));
  return (
    <Section title={text.phrase.title} caption={text.phrase.caption}>
      <TickedWords
        words={sampleWords}
        ticked={ticked}
        onTick={(place, heard) => setTicked(ticked.map((was, at) => (at === place ? heard : was)))}
      />
      <PhraseWords words={sampleWords} />
    </Section>
  );
}

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { useRefusal } from "../../app/session.ts";
import { client, orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { TextArea, TextField } from "../../ui/field.tsx";
import { formatCount } from "../../ui/format.ts";
import { Say } from "../../ui/say.tsx";
import { Section } from "../../ui/section.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import styles from "./compare-paper.module.css";

const text = en.audit.compare;

type Compared = Awaited<ReturnType<typeof client.audit.compareCheckpoint>>;
type Way = "text" | "code";

/** Paper against the log as it is now: scanned text, or the code and the number as they are typed. */
export function ComparePaper() {
  const queries = useQueryClient();
  const refusal = useRefusal("audit.read");
  const [way, setWay] = useState<Way>("text");
  const [note, setNote] = useState("");
  const [code, setCode] = useState("");
  const [events, setEvents] = useState("");
  const compare = useMutation({
    mutationFn: (sure: boolean) =>
      client.audit.compareCheckpoint(
        way === "text" ? { text: note, sure } : { code, events: Number(events), sure },
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: orpc.audit.key() }),
  });
  const change =
    <Value,>(set: (value: Value) => void) =>
    (value: Value): void => {
      compare.reset();
      set(value);
    };
  const ready = way === "text" ? note.trim() !== "" : code.trim() !== "" && /^[1-9]\d{0,14}$/.test(events);
  return (
    <Section title={text.title} caption={text.caption} gap>
      <form
        className={styles["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) compare.mutate(false);
        }}
      >
        <Segmented
          label={text.way}
          value={way}
          onChange={change(setWay)}
          choices={[
            { value: "text", label: text.ways.text },
            { value: "code", label: text.ways.code },
          ]}
        />
        {way === "text" ? (
          <TextArea
            label={text.note}
            note={text.noteNote}
            rows={7}
            maxLength={8192}
            value={note}
            onChange={(event) => change(setNote)(event.target.value)}
          />
        ) : (
          <div className={styles["pair"]}>
            <TextField
              label={text.events}
              fact
              inputMode="numeric"
              maxLength={15}
              value={events}
              onChange={(event) => change(setEvents)(event.target.value.trim())}
            />
            <TextField
              label={text.code}
              note={text.codeNote}
              fact
              maxLength={32}
              value={code}
              onChange={(event) => change(setCode)(event.target.value)}
            />
          </div>
        )}
        <div>
          <Button type="submit" notYet={refusal} disabled={!ready || compare.isPending}>
            {text.act}
          </Button>
        </div>
      </form>
      {compare.isError ? <ErrorState failure={toFailure(compare.error, en.failed.act(text.title))} /> : null}
      {compare.data === undefined ? null : (
        <Verdict compared={compare.data} onSure={() => compare.mutate(true)} />
      )}
    </Section>
  );
}

function Verdict({ compared, onSure }: { compared: Compared; onSure: () => void }) {
  const { verdict, paper, before, now, signed, alarm } = compared;
  const differs = verdict === "differs";
  return (
    <>
      <Say
        sentence={text.verdicts[verdict](formatCount(paper.events), formatCount(now.events))}
        tone={differs ? "bad" : "proved"}
        glyph={differs ? "failed" : "proved"}
        actions={
          differs && !alarm ? (
            <Button look="danger" onClick={onSure}>
              {text.sure}
            </Button>
          ) : undefined
        }
      >
        {differs ? (alarm ? text.raised : text.notRaised) : text.goOn}
      </Say>
      <Facts rows="wide">
        <Fact name={text.facts.paper}>
          <span className="fact">{text.line(formatCount(paper.events), paper.code)}</span>
        </Fact>
        <Fact name={text.facts.before}>
          <span className="fact">{before === null ? text.tooFew : before.code}</span>
        </Fact>
        <Fact name={text.facts.now}>
          <span className="fact">{text.line(formatCount(now.events), now.code)}</span>
        </Fact>
        <Fact name={text.facts.signed}>{signed ? text.signed : text.unsigned}</Fact>
      </Facts>
    </>
  );
}

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { AskDialog } from "../../app/ask-dialog.tsx";
import { useRefusal } from "../../app/session.ts";
import { client, orpc } from "../../rpc.ts";
import { Fact, Facts } from "../../ui/facts.tsx";
import { TextArea } from "../../ui/field.tsx";
import { OutsideText } from "../../ui/outside-text.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { Time } from "../../ui/time.tsx";

const text = en.audit.alarms;

type Alarm = Awaited<ReturnType<typeof client.audit.standing>>["alarms"][number];

/** What says that the log is not what it was: found, expected, what is safe, what to do. Nothing where all is well. */
export function Alarms() {
  const alarms = useQuery(orpc.audit.standing.queryOptions({ input: {} })).data?.alarms ?? [];
  return (
    <>
      {alarms.map((alarm) => (
        <Section
          key={alarm.alarm}
          label={text.title}
          title={<Status kind="failed">{text.kinds[alarm.kind]}</Status>}
          caption={<Time at={alarm.raisedAt} />}
          aside={<Settle alarm={alarm} />}
          gap
        >
          <p role="alert">
            <OutsideText text={alarm.sentence} />
          </p>
          <p className="second">{text.safe}</p>
          <p className="second">{text.remedy}</p>
          <Facts>
            {Object.entries(alarm.evidence).map(([name, value]) => (
              <Fact key={name} name={text.evidence[name] ?? name}>
                <span className="fact">
                  <OutsideText text={value === null ? "-" : String(value)} />
                </span>
              </Fact>
            ))}
          </Facts>
        </Section>
      ))}
    </>
  );
}

/** Settling asks what was found out: the log keeps it. */
function Settle({ alarm }: { alarm: Alarm }) {
  const queries = useQueryClient();
  const [note, setNote] = useState("");
  return (
    <AskDialog
      button={text.settle}
      danger
      notYet={useRefusal("station.manage")}
      title={text.settleTitle}
      consequence={text.settleConsequence}
      act={text.settleConfirm}
      failed={text.settleTitle}
      ready={note.trim() !== ""}
      onOpen={() => setNote("")}
      run={async () => {
        await client.audit.settle({ alarm: alarm.alarm, note: note.trim() });
        await queries.invalidateQueries();
      }}
    >
      <TextArea
        label={text.note}
        note={text.noteNote}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
    </AskDialog>
  );
}

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { useRefusal } from "../../app/session.ts";
import { client, orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
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
  const [settling, setSettling] = useState<Alarm>();
  const refusal = useRefusal("station.manage");
  return (
    <>
      {alarms.map((alarm) => (
        <Section
          key={alarm.alarm}
          label={text.title}
          title={<Status kind="failed">{text.kinds[alarm.kind]}</Status>}
          caption={<Time at={alarm.raisedAt} />}
          aside={
            <Button small look="danger" notYet={refusal} onClick={() => setSettling(alarm)}>
              {text.settle}
            </Button>
          }
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
      {settling === undefined ? null : (
        <SettleDialog alarm={settling} onClose={() => setSettling(undefined)} />
      )}
    </>
  );
}

function SettleDialog({ alarm, onClose }: { alarm: Alarm; onClose: () => void }) {
  const queries = useQueryClient();
  const [note, setNote] = useState("");
  const settle = useMutation({
    mutationFn: () => client.audit.settle({ alarm: alarm.alarm, note: note.trim() }),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(next) => (next ? undefined : onClose())}
      title={text.settleTitle}
      consequence={text.settleConsequence}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {en.ui.cancel}
          </Button>
          <Button
            look="danger"
            disabled={note.trim() === "" || settle.isPending}
            onClick={() => settle.mutate()}
          >
            {text.settleConfirm}
          </Button>
        </>
      }
    >
      <TextArea
        label={text.note}
        note={text.noteNote}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      {settle.isError ? (
        <ErrorState failure={toFailure(settle.error, en.failed.act(text.settleTitle))} />
      ) : null}
    </Dialog>
  );
}

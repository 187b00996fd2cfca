import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { AskDialog } from "../../app/ask-dialog.tsx";
import { useRefusal } from "../../app/session.ts";
import { client, orpc } from "../../rpc.ts";
import { TextArea, TextField } from "../../ui/field.tsx";

const text = en.audit.retention.hold;
const wholeNumber = /^[1-9]\d{0,14}$/;

/** Sets a legal hold: one person may, because it only keeps. */
export function HoldButton() {
  const queries = useQueryClient();
  const refusal = useRefusal("audit.verify");
  const [from, setFrom] = useState("1");
  const [to, setTo] = useState("");
  const [reason, setReason] = useState("");
  const ready = wholeNumber.test(from) && (to === "" || wholeNumber.test(to)) && reason.trim() !== "";
  return (
    <AskDialog
      button={text.open}
      notYet={refusal}
      title={text.title}
      consequence={text.consequence}
      act={text.act}
      failed={text.title}
      ready={ready}
      run={async () => {
        const range = { from: Number(from), ...(to === "" ? {} : { to: Number(to) }) };
        await client.audit.hold({ ...range, reason: reason.trim() });
        await queries.invalidateQueries({ queryKey: orpc.audit.key() });
      }}
    >
      <TextField
        label={text.from}
        note={text.fromNote}
        fact
        inputMode="numeric"
        maxLength={15}
        value={from}
        onChange={(event) => setFrom(event.target.value)}
      />
      <TextField
        label={text.to}
        note={text.toNote}
        fact
        inputMode="numeric"
        maxLength={15}
        value={to}
        onChange={(event) => setTo(event.target.value)}
      />
      <TextArea
        label={text.reason}
        note={text.reasonNote}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </AskDialog>
  );
}

/** Lifts a hold; in a station of two a second person must agree. */
export function LiftButton({ hold }: { hold: number }) {
  const queries = useQueryClient();
  const refusal = useRefusal("station.manage");
  const [note, setNote] = useState("");
  return (
    <AskDialog
      button={text.lift}
      danger
      notYet={refusal}
      title={text.liftTitle(String(hold))}
      consequence={text.liftConsequence}
      act={text.liftAct}
      failed={text.liftTitle(String(hold))}
      ready={note.trim() !== ""}
      run={async () => {
        await client.audit.liftHold({ hold, note: note.trim() });
        await queries.invalidateQueries({ queryKey: orpc.audit.key() });
      }}
    >
      <TextArea
        label={text.note}
        note={text.reasonNote}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
    </AskDialog>
  );
}

import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { AskDialog } from "../../app/ask-dialog.tsx";
import { useRefusal } from "../../app/session.ts";
import { TextField } from "../../ui/field.tsx";

const text = en.transfer.giveUp;

interface GiveUpProps {
  readonly label: string;
  readonly title: string;
  /** What it means, and that it can't be undone. */
  readonly consequence: string;
  /** What a person types, letter by letter, before it can be done. */
  readonly confirm: string;
  readonly onConfirm: (note: string, typed: string) => Promise<unknown>;
}

/** The button and the question of a step that can't be undone: it asks for a reason and for typed letters. */
export function GiveUp({ label, title, consequence, confirm, onConfirm }: GiveUpProps) {
  const [note, setNote] = useState("");
  const [typed, setTyped] = useState("");
  const isConfirmed = typed.trim() === confirm;
  const first =
    note.trim() === "" ? text.notYet.note : isConfirmed ? undefined : text.notYet.confirm(confirm);
  return (
    <AskDialog
      button={label}
      danger
      notYet={useRefusal("transfer.override")}
      title={title}
      consequence={consequence}
      act={label}
      first={first}
      failed={text.failed}
      onOpen={() => {
        setNote("");
        setTyped("");
      }}
      run={() => onConfirm(note.trim(), typed.trim())}
    >
      <TextField
        label={text.note}
        note={text.noteNote}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      <TextField
        label={text.confirm(confirm)}
        note={text.confirmNote}
        fact
        maxLength={64}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </AskDialog>
  );
}

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { useRefusal } from "../../app/session.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
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
  const [asking, setAsking] = useState(false);
  const [note, setNote] = useState("");
  const [typed, setTyped] = useState("");
  const role = useRefusal("transfer.override");
  const close = (): void => {
    setAsking(false);
    setNote("");
    setTyped("");
    give.reset();
  };
  const give = useMutation({ mutationFn: () => onConfirm(note.trim(), typed.trim()), onSuccess: close });
  const notYet =
    note.trim() === ""
      ? text.notYet.note
      : typed.trim() === confirm
        ? undefined
        : text.notYet.confirm(confirm);
  return (
    <>
      <Button small notYet={role} onClick={() => setAsking(true)}>
        {label}
      </Button>
      <Dialog
        open={asking}
        onOpenChange={(open) => (open ? undefined : close())}
        title={title}
        consequence={consequence}
        footer={
          <>
            <Button look="quiet" onClick={close}>
              {en.ui.cancel}
            </Button>
            <Button look="danger" notYet={notYet} disabled={give.isPending} onClick={() => give.mutate()}>
              {label}
            </Button>
          </>
        }
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
        {give.isError ? <ErrorState failure={toFailure(give.error, en.failed.act(text.failed))} /> : null}
      </Dialog>
    </>
  );
}

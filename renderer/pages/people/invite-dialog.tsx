import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { invitationPage, invitationText } from "../../../shared/invitation.ts";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { saveText } from "../../app/files.ts";
import { client } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { WholeFact } from "../../ui/fact.tsx";
import { TextField } from "../../ui/field.tsx";
import { usePrint } from "../../ui/printed-page.tsx";
import { QrCode } from "../../ui/qr-code.tsx";
import { Time } from "../../ui/time.tsx";
import { draftOf, readDraft, RolesField } from "./roles-field.tsx";
import styles from "./people.module.css";

const text = en.people.invite;

const first = draftOf(["operator"], {});

/** Makes an invitation and shows its code, once. */
export function InviteDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [name, setName] = useState("");
  const [draft, setDraft] = useState(first);
  const asked = readDraft(draft);
  const invite = useMutation({
    mutationFn: () =>
      typeof asked === "string"
        ? Promise.reject(new Error(asked))
        : client.operators.invite({ name, ...asked }),
  });
  function close(): void {
    setName("");
    setDraft(first);
    invite.reset();
    onClose();
  }
  const made = invite.data;
  const { print, sheet } = usePrint(made === undefined ? undefined : invitationPage(made));
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => (next ? undefined : close())}
      title={text.title}
      consequence={
        made === undefined ? (
          text.consequence
        ) : (
          <>
            {text.given(made.name)} <Time at={made.expiresAt} />.
          </>
        )
      }
      footer={
        made === undefined ? (
          <>
            <Button look="quiet" onClick={close}>
              {en.ui.cancel}
            </Button>
            <Button
              type="submit"
              form="invite"
              look="primary"
              notYet={typeof asked === "string" ? asked : undefined}
              disabled={name === "" || invite.isPending}
            >
              {text.make}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={() => saveText(`${made.name}.invitation`, invitationText(made))}>
              {text.save}
            </Button>
            <Button onClick={print}>{text.print}</Button>
            <Button look="primary" onClick={close}>
              {text.done}
            </Button>
          </>
        )
      }
    >
      {made === undefined ? (
        <form
          id="invite"
          className={styles["form"]}
          onSubmit={(event) => {
            event.preventDefault();
            if (name !== "") invite.mutate();
          }}
        >
          <TextField
            label={text.name}
            note={text.nameNote}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <RolesField draft={draft} onDraft={setDraft} />
        </form>
      ) : (
        <>
          <p className={styles["code"]}>
            <WholeFact value={made.code} copy={text.code} />
          </p>
          <QrCode text={invitationText(made)} what={text.camera} />
          <p className="small dim">{text.cameraNote}</p>
        </>
      )}
      {sheet}
      {invite.isError ? <ErrorState failure={toFailure(invite.error, en.failed.act(text.failed))} /> : null}
    </Dialog>
  );
}

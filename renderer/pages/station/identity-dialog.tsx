import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { newPassphrase } from "../../../shared/contract/fields.ts";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { saveText } from "../../app/files.ts";
import { useSession } from "../../app/session.ts";
import { client } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { SecretField } from "../../ui/secret-field.tsx";
import styles from "../requests/lines-dialog.module.css";

const text = en.station;

/** Hands out the age identity under a passphrase, after the operator's own was given again. */
export function IdentityDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { name, side } = useSession();
  const [passphrase, setPassphrase] = useState("");
  const [repeat, setRepeat] = useState("");
  const [own, setOwn] = useState("");
  const give = useMutation({
    mutationFn: () => client.station.identity({ passphrase, ownPassphrase: own }),
    onSuccess: ({ identity }) => {
      saveText(`${name}.identity.age`, identity);
      close();
    },
  });
  function close(): void {
    setPassphrase("");
    setRepeat("");
    setOwn("");
    give.reset();
    onClose();
  }
  const strong = newPassphrase.safeParse(passphrase).success;
  const same = passphrase === repeat;
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => (next ? undefined : close())}
      title={text.identityTitle}
      consequence={text.identityConsequence}
      moves={{ name, side, sideText: en.ui.sides[side] }}
      footer={
        <>
          <Button look="quiet" onClick={close}>
            {en.ui.cancel}
          </Button>
          <Button
            type="submit"
            form="identity"
            look="primary"
            disabled={!strong || !same || own === "" || give.isPending}
          >
            {text.identityConfirm}
          </Button>
        </>
      }
    >
      <form
        id="identity"
        className={styles["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (strong && same && own !== "") give.mutate();
        }}
      >
        <SecretField
          label={text.identityPassphrase}
          note={en.session.passphraseNote}
          value={passphrase}
          onChange={(event) => setPassphrase(event.target.value)}
          autoComplete="off"
        />
        <SecretField
          label={text.identityRepeat}
          error={repeat !== "" && !same ? text.identityRepeatError : undefined}
          value={repeat}
          onChange={(event) => setRepeat(event.target.value)}
          autoComplete="off"
        />
        <SecretField
          label={text.identityOwn}
          value={own}
          onChange={(event) => setOwn(event.target.value)}
          autoComplete="off"
        />
      </form>
      {give.isError ? (
        <ErrorState failure={toFailure(give.error, en.failed.act(text.identityFailed))} />
      ) : null}
    </Dialog>
  );
}

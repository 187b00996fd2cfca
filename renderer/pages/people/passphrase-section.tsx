import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { newPassphrase } from "../../../shared/contract/fields.ts";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { settleKeyring, useKeyring } from "../../app/keyring.ts";
import { client } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { TextField } from "../../ui/field.tsx";
import { formatCount } from "../../ui/format.ts";
import { SecretField } from "../../ui/secret-field.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import styles from "./people.module.css";

const text = en.people.passphrase;
const nothing = { passphrase: "", next: "", repeat: "", code: "" };

/** One's own passphrase, chosen anew. */
export function PassphraseSection() {
  const [typed, setTyped] = useState(nothing);
  const keyring = useKeyring();
  const change = useMutation({
    mutationFn: () =>
      client.session.changePassphrase({
        passphrase: typed.passphrase,
        newPassphrase: typed.next,
        ...(typed.code === "" ? {} : { code: typed.code }),
      }),
    onSuccess: () => {
      settleKeyring(keyring, keyring.kept, typed.next);
      setTyped(nothing);
    },
  });
  const same = typed.next === typed.repeat;
  const ready = typed.passphrase !== "" && same && newPassphrase.safeParse(typed.next).success;
  const secret = (id: "passphrase" | "next" | "repeat", more: object = {}) => (
    <SecretField
      label={text[id]}
      value={typed[id]}
      onChange={(event) => setTyped({ ...typed, [id]: event.target.value })}
      autoComplete="off"
      {...more}
    />
  );
  return (
    <Section title={text.title} caption={text.caption} gap>
      <form
        className={styles["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !change.isPending) change.mutate();
        }}
      >
        {secret("passphrase")}
        {secret("next", { note: en.session.passphraseNote })}
        {secret("repeat", { error: typed.repeat !== "" && !same ? en.people.accept.repeatError : undefined })}
        <TextField
          label={text.code}
          note={text.codeNote}
          value={typed.code}
          onChange={(event) => setTyped({ ...typed, code: event.target.value })}
          fact
        />
        <div>
          <Button type="submit" disabled={!ready || change.isPending}>
            {text.act}
          </Button>
        </div>
      </form>
      {change.isSuccess ? <Status kind="done">{text.done(formatCount(change.data.ended))}</Status> : null}
      {change.isError ? <ErrorState failure={toFailure(change.error, en.failed.act(text.failed))} /> : null}
    </Section>
  );
}

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { useRefusal, useSession } from "../../app/session.ts";
import { client } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { TextArea } from "../../ui/field.tsx";
import { SecretField } from "../../ui/secret-field.tsx";
import { Section } from "../../ui/section.tsx";
import styles from "./sign-form.module.css";

const text = en.audit.signoffs.sign;

/** The end of a shift: a note for who comes next, and one's own signature under the log's head. */
export function SignForm() {
  const { operator, people } = useSession();
  const refusal = useRefusal("audit.read");
  const [, navigate] = useLocation();
  const [note, setNote] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const sign = useMutation({
    mutationFn: () => client.signoffs.sign({ note, passphrase }),
    onSuccess: ({ signoff }) => {
      setNote("");
      navigate(`/audit/signoffs/${signoff}`);
    },
    onSettled: () => setPassphrase(""),
  });
  return (
    <Section title={text.title} caption={text.caption[people]} gap>
      <form
        className={styles["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (passphrase !== "") sign.mutate();
        }}
      >
        <TextArea
          label={text.note}
          note={text.noteNote}
          rows={3}
          maxLength={1000}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
        <SecretField
          label={text.passphrase(operator)}
          value={passphrase}
          onChange={(event) => setPassphrase(event.target.value)}
          autoComplete="off"
        />
        <div>
          <Button
            type="submit"
            look="primary"
            notYet={refusal}
            disabled={passphrase === "" || sign.isPending}
          >
            {text.act}
          </Button>
        </div>
      </form>
      {sign.isError ? <ErrorState failure={toFailure(sign.error, en.failed.act(text.title))} /> : null}
    </Section>
  );
}

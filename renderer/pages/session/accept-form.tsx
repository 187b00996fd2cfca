import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { newPassphrase } from "../../../shared/contract/fields.ts";
import { readInvitation } from "../../../shared/invitation.ts";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { client } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { TextField } from "../../ui/field.tsx";
import { FileButton } from "../../ui/file-button.tsx";
import { PhraseWords } from "../../ui/phrase-words.tsx";
import { SecretField } from "../../ui/secret-field.tsx";
import { Section } from "../../ui/section.tsx";
import styles from "./sign-in-page.module.css";

const text = en.people.accept;

/** The invited person's part: the code, a passphrase of one's own, and the words to read aloud. */
export function AcceptForm({ onBack }: { onBack: () => void }) {
  const [name, setName] = useState("");
  const [code, setCode] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const [repeat, setRepeat] = useState("");
  const accept = useMutation({
    mutationFn: () => client.operators.accept({ name: name.trim(), code, passphrase }),
    onSuccess: () => {
      setPassphrase("");
      setRepeat("");
      setCode("");
    },
  });
  /** A code alone, or the lines of a file or of a camera. */
  function take(given: string): void {
    const read = readInvitation(given.slice(0, 4096));
    setCode(given.includes("code:") ? read.code : given);
    if (read.name !== null) setName(read.name);
  }
  const same = passphrase === repeat;
  const ready = name !== "" && code !== "" && same && newPassphrase.safeParse(passphrase).success;
  const back = (
    <Button look="quiet" onClick={onBack}>
      {text.back}
    </Button>
  );
  if (accept.data !== undefined) {
    return (
      <Section title={text.words} label={text.words}>
        <PhraseWords words={accept.data.words.split(" ")} />
        <p className="small second">{text.wordsAbout}</p>
        <div className={styles["actions"]}>{back}</div>
      </Section>
    );
  }
  return (
    <Section title={text.title} caption={text.caption} label={text.title}>
      <form
        className={styles["fields"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) accept.mutate();
        }}
      >
        <TextField label={text.name} value={name} onChange={(event) => setName(event.target.value)} />
        <TextField label={text.code} value={code} onChange={(event) => take(event.target.value)} fact />
        <div>
          <FileButton label={text.fromFile} onFile={(file) => void file.text().then(take)} />
        </div>
        <SecretField
          label={text.passphrase}
          note={en.session.passphraseNote}
          value={passphrase}
          onChange={(event) => setPassphrase(event.target.value)}
          autoComplete="off"
        />
        <SecretField
          label={text.repeat}
          error={repeat !== "" && !same ? text.repeatError : undefined}
          value={repeat}
          onChange={(event) => setRepeat(event.target.value)}
          autoComplete="off"
        />
        <div className={styles["actions"]}>
          <Button type="submit" look="primary" disabled={!ready || accept.isPending}>
            {text.act}
          </Button>
          {back}
        </div>
      </form>
      {accept.isError ? <ErrorState failure={toFailure(accept.error, en.failed.act(text.failed))} /> : null}
    </Section>
  );
}

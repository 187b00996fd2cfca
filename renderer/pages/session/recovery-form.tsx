import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { newPassphrase } from "../../../shared/contract/fields.ts";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { client } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { TextField } from "../../ui/field.tsx";
import { SecretField } from "../../ui/secret-field.tsx";
import { Section } from "../../ui/section.tsx";
import { filled, ShareFields } from "../people/recovery-shares.tsx";
import styles from "../people/recovery.module.css";

const text = en.recovery.open;

/** The last way in: shares from paper, and new passphrases for whoever gets in. */
export function RecoveryForm({ preset, onBack }: { preset: string; onBack: () => void }) {
  const [shares, setShares] = useState<readonly string[]>(["", ""]);
  const [operator, setOperator] = useState(preset);
  const [passphrase, setPassphrase] = useState("");
  const [repeat, setRepeat] = useState("");
  const [both, setBoth] = useState(false);
  const [second, setSecond] = useState("");
  const [secondPassphrase, setSecondPassphrase] = useState("");
  const open = useMutation({
    gcTime: 0,
    mutationFn: () =>
      client.recovery.open({
        shares: filled(shares),
        operator: operator.trim(),
        passphrase,
        ...(both ? { second: second.trim(), secondPassphrase } : {}),
      }),
    onSuccess: () => {
      setShares([]);
      setPassphrase("");
      setRepeat("");
      setSecondPassphrase("");
    },
  });
  const back = (
    <Button look="quiet" onClick={onBack}>
      {text.back}
    </Button>
  );
  if (open.data !== undefined) {
    return (
      <Section title={text.title} label={text.title}>
        <output>
          <b>{text.done(open.data.operator)}</b> {text.doneAbout}
        </output>
        <div className={styles["actions"]}>{back}</div>
      </Section>
    );
  }
  const same = passphrase === repeat;
  const strong = newPassphrase.safeParse(passphrase).success;
  const secondGiven = !both || (second.trim() !== "" && newPassphrase.safeParse(secondPassphrase).success);
  const ready = filled(shares).length > 0 && operator.trim() !== "" && same && strong && secondGiven;
  return (
    <Section title={text.title} caption={text.caption} label={text.title}>
      <form
        className={styles["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !open.isPending) open.mutate();
        }}
      >
        <ShareFields shares={shares} onChange={setShares} />
        <TextField
          label={text.operator}
          note={text.operatorNote}
          value={operator}
          onChange={(event) => setOperator(event.target.value)}
        />
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
        <Checkbox label={text.second} checked={both} onChange={(event) => setBoth(event.target.checked)} />
        {both ? (
          <>
            <TextField
              label={text.secondName}
              note={text.secondNote}
              value={second}
              onChange={(event) => setSecond(event.target.value)}
            />
            <SecretField
              label={text.secondPassphrase}
              note={en.session.passphraseNote}
              value={secondPassphrase}
              onChange={(event) => setSecondPassphrase(event.target.value)}
              autoComplete="off"
            />
          </>
        ) : null}
        <p className="small second">{text.consequence}</p>
        <div className={styles["actions"]}>
          <Button type="submit" look="primary" disabled={!ready || open.isPending}>
            {text.act}
          </Button>
          {back}
        </div>
      </form>
      {open.isError ? <ErrorState failure={toFailure(open.error, en.failed.act(text.failed))} /> : null}
    </Section>
  );
}

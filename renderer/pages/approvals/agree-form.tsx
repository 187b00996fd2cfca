import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { stepTitle } from "../../../shared/strings/step-titles.ts";
import { AskDialog } from "../../app/ask-dialog.tsx";
import { toFailure } from "../../app/failure.ts";
import { client } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { SelectField, TextField } from "../../ui/field.tsx";
import { SecretField } from "../../ui/secret-field.tsx";
import { Section } from "../../ui/section.tsx";
import type { ApprovalDetailView } from "./approval-view.ts";
import styles from "./approvals.module.css";

const text = en.approvals.agree;

/** The second person agrees with name and passphrase: over the first's session, or in their own. */
export function AgreeForm({ row, signedIn }: { row: ApprovalDetailView; signedIn: string }) {
  const preset = row.approvers.includes(signedIn) ? signedIn : (row.approvers[0] ?? "");
  const [operator, setOperator] = useState(preset);
  const [passphrase, setPassphrase] = useState("");
  const [code, setCode] = useState("");
  const { approval, digest } = row;
  const agree = useMutation({
    mutationFn: () =>
      client.approvals.approve({
        approval,
        digest,
        operator,
        passphrase,
        ...(code === "" ? {} : { code }),
      }),
    onSettled: () => {
      setPassphrase("");
      setCode("");
    },
  });
  const ready = passphrase !== "" && operator !== "" && !agree.isPending;
  return (
    <Section title={text.title} gap>
      {row.approvers.length === 0 ? (
        <p className="dim small">{text.nobody}</p>
      ) : (
        <form
          className={styles["form"]}
          onSubmit={(event) => {
            event.preventDefault();
            if (ready) agree.mutate();
          }}
        >
          <p className="dim small">{text.own(signedIn)}</p>
          <SelectField
            label={text.operator}
            value={operator}
            onChange={(event) => setOperator(event.target.value)}
          >
            {row.approvers.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </SelectField>
          <SecretField
            label={text.passphrase}
            value={passphrase}
            onChange={(event) => setPassphrase(event.target.value)}
            autoComplete="off"
          />
          {operator === signedIn ? null : (
            <TextField
              label={text.code}
              value={code}
              onChange={(event) => setCode(event.target.value)}
              fact
            />
          )}
          <div className={styles["actions"]}>
            <Button type="submit" look="primary" disabled={!ready}>
              {text.act}
            </Button>
          </div>
        </form>
      )}
      {agree.isError ? <ErrorState failure={toFailure(agree.error, en.failed.act(text.failed))} /> : null}
    </Section>
  );
}

/** Whoever asked takes it back; anybody who may agree refuses it, and says why. */
export function Refuse({
  row,
  own,
  notYet,
}: {
  row: ApprovalDetailView;
  own: boolean;
  notYet: string | undefined;
}) {
  const [note, setNote] = useState("");
  const { approval } = row;
  const words = en.approvals.refuse;
  const title = stepTitle(row);
  return (
    <AskDialog
      button={own ? words.withdraw : words.button}
      notYet={own ? undefined : notYet}
      title={own ? words.withdrawTitle(title) : words.title(title)}
      consequence={words.consequence}
      act={own ? words.withdraw : words.act}
      failed={words.failed}
      ready={own || note.trim() !== ""}
      run={() => client.approvals.refuse({ approval, note: note.trim() })}
    >
      {own ? null : (
        <TextField
          label={words.reason}
          value={note}
          maxLength={200}
          onChange={(event) => setNote(event.target.value)}
        />
      )}
    </AskDialog>
  );
}

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { useSession } from "../../app/session.ts";
import { client } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { SelectField, TextField } from "../../ui/field.tsx";
import { SecretField } from "../../ui/secret-field.tsx";
import { Section } from "../../ui/section.tsx";
import styles from "./people.module.css";

const text = en.people.approvals.approve;

interface Waiting {
  readonly approval: string;
  readonly digest: string;
  readonly approvers: readonly string[];
}

/** The second person agrees with name and passphrase: over the first's session, or in their own. */
export function AgreeForm({ row, own }: { row: Waiting; own: boolean }) {
  const { operator: signedIn } = useSession();
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
  const refuse = useMutation({ mutationFn: () => client.approvals.refuse({ approval }) });
  const error = agree.error ?? refuse.error;
  return (
    <Section title={text.title} caption={text.caption} gap>
      <form
        className={styles["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (passphrase !== "" && operator !== "") agree.mutate();
        }}
      >
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
          <TextField label={text.code} value={code} onChange={(event) => setCode(event.target.value)} fact />
        )}
        <div className={styles["actions"]}>
          <Button
            type="submit"
            look="primary"
            disabled={passphrase === "" || operator === "" || agree.isPending}
          >
            {text.act}
          </Button>
          <Button look="quiet" disabled={refuse.isPending} onClick={() => refuse.mutate()}>
            {own ? text.withdraw : text.refuse}
          </Button>
        </div>
      </form>
      {error === null ? null : <ErrorState failure={toFailure(error, en.failed.act(text.failed))} />}
    </Section>
  );
}

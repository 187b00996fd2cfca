import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { useSession } from "../../app/session.ts";
import { client } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { Drawer } from "../../ui/drawer.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { ExactText } from "../../ui/exact-text.tsx";
import { WholeFact } from "../../ui/fact.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { SelectField, TextField } from "../../ui/field.tsx";
import { formatCount } from "../../ui/format.ts";
import { OutsideText } from "../../ui/outside-text.tsx";
import { SecretField } from "../../ui/secret-field.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { Time } from "../../ui/time.tsx";
import { SignoffState, type Signoff } from "./signoff-state.tsx";
import styles from "./sign-form.module.css";

const text = en.audit.signoffs;

/** One sign-off: what was signed, by whom, the exact texts, and the place where the second person signs. */
export function SignoffDrawer({ row, onClose }: { row: Signoff; onClose: () => void }) {
  const title = text.title(text.kinds[row.kind]);
  return (
    <Drawer
      label={title}
      title={title}
      subtitle={<span className="fact dim">{row.signoff}</span>}
      onClose={onClose}
    >
      <Facts rows="wide">
        <Fact name={text.columns.state}>
          <SignoffState row={row} />
        </Fact>
        <Fact name={text.columns.events}>{formatCount(row.events)}</Fact>
        <Fact name={text.code}>
          <span className="fact">{`${row.root.slice(0, 5)}-${row.root.slice(5, 10)}`}</span>
        </Fact>
        <Fact name={text.root}>
          <WholeFact value={row.root} copy={text.root} />
        </Fact>
        {row.sha256 === null ? null : (
          <Fact name={text.report}>
            <WholeFact value={row.sha256} copy={text.report} />
          </Fact>
        )}
        <Fact name={text.columns.note}>
          {row.note === "" ? <span className="dim">{text.noNote}</span> : <OutsideText text={row.note} />}
        </Fact>
      </Facts>
      {row.second === null && row.seconds.length > 0 ? <CountersignForm row={row} /> : null}
      {row.state === "waiting" && row.seconds.length === 0 ? <p className="second">{text.noSecond}</p> : null}
      <Signed title={text.columns.first} signature={row.first} />
      {row.second === null ? null : <Signed title={text.columns.second} signature={row.second} />}
    </Drawer>
  );
}

function Signed({ title, signature }: { title: string; signature: Signoff["first"] }) {
  return (
    <Section
      title={`${title}: ${signature.by}`}
      caption={<Time at={signature.at} />}
      aside={
        <Status kind={signature.holds ? "proved" : "failed"}>
          {signature.holds ? text.holds : text.broken}
        </Status>
      }
      gap
    >
      <ExactText text={signature.text.trimEnd()} label={text.signedText(signature.by)} />
      <Facts rows="wide">
        <Fact name={text.signature}>
          <WholeFact value={signature.signature} copy={text.signature} />
        </Fact>
        <Fact name={text.publicKey}>
          <WholeFact value={signature.publicKey} copy={text.publicKey} />
        </Fact>
      </Facts>
    </Section>
  );
}

function CountersignForm({ row }: { row: Signoff }) {
  const { operator: signedIn } = useSession();
  const [operator, setOperator] = useState(
    row.seconds.includes(signedIn) ? signedIn : (row.seconds[0] ?? ""),
  );
  const [passphrase, setPassphrase] = useState("");
  const [code, setCode] = useState("");
  const sign = useMutation({
    mutationFn: () =>
      client.signoffs.countersign({
        signoff: row.signoff,
        operator,
        passphrase,
        ...(code === "" ? {} : { code }),
      }),
    onSettled: () => {
      setPassphrase("");
      setCode("");
    },
  });
  return (
    <Section title={text.second.title} caption={text.second.caption} gap>
      <form
        className={styles["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (passphrase !== "") sign.mutate();
        }}
      >
        <SelectField
          label={text.second.operator}
          value={operator}
          onChange={(event) => setOperator(event.target.value)}
        >
          {row.seconds.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </SelectField>
        <SecretField
          label={text.sign.passphrase(operator)}
          value={passphrase}
          onChange={(event) => setPassphrase(event.target.value)}
          autoComplete="off"
        />
        {operator === signedIn ? null : (
          <TextField
            label={text.second.code}
            value={code}
            onChange={(event) => setCode(event.target.value)}
            fact
          />
        )}
        <div>
          <Button type="submit" look="primary" disabled={passphrase === "" || sign.isPending}>
            {text.second.act}
          </Button>
        </div>
      </form>
      {sign.isError ? <ErrorState failure={toFailure(sign.error, en.failed.act(text.second.title))} /> : null}
    </Section>
  );
}

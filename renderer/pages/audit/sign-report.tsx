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
import { Segmented } from "../../ui/segmented.tsx";
import type { Report } from "./reports-page.tsx";
import styles from "./sign-report.module.css";

const text = en.audit.reports.sign;

type Word = "none" | "keep" | "change";

/** Who has read a review signs it; of an access review, after a word about each operator. */
export function SignReport({ report }: { report: Report }) {
  const { operator } = useSession();
  const refusal = useRefusal("audit.verify");
  const [, navigate] = useLocation();
  const [words, setWords] = useState<Readonly<Record<string, Word>>>({});
  const [note, setNote] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const open = report.people.filter((name) => (words[name] ?? "none") === "none");
  const sign = useMutation({
    mutationFn: () =>
      client.reports.signOff({
        html: report.html,
        reviewed: report.people.map((name) => ({ operator: name, keep: words[name] === "keep" })),
        note,
        passphrase,
      }),
    onSuccess: ({ signoff }) => navigate(`/audit/signoffs/${signoff}`),
    onSettled: () => setPassphrase(""),
  });
  const ready = passphrase !== "" && open.length === 0 && !sign.isPending;
  return (
    <Section title={text.title} caption={text.caption} gap>
      <form
        className={styles["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && refusal === undefined) sign.mutate();
        }}
      >
        {report.people.map((name) => (
          <div key={name} className={styles["person"]}>
            <span className="fact">{name}</span>
            <Segmented
              label={text.about(name)}
              value={words[name] ?? "none"}
              onChange={(word) => setWords((known) => ({ ...known, [name]: word }))}
              choices={[
                { value: "none", label: text.words.none },
                { value: "keep", label: text.words.keep },
                { value: "change", label: text.words.change },
              ]}
            />
          </div>
        ))}
        <TextArea
          label={text.note}
          note={text.noteNote}
          rows={3}
          maxLength={1000}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
        <SecretField
          label={en.audit.signoffs.sign.passphrase(operator)}
          value={passphrase}
          onChange={(event) => setPassphrase(event.target.value)}
          autoComplete="off"
        />
        <div>
          <Button
            type="submit"
            notYet={refusal ?? (open.length > 0 ? text.open(open.join(", ")) : undefined)}
            disabled={!ready && open.length === 0}
          >
            {text.act}
          </Button>
        </div>
      </form>
      {sign.isError ? <ErrorState failure={toFailure(sign.error, en.failed.act(text.title))} /> : null}
    </Section>
  );
}

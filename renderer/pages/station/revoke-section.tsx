import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { AskDialog } from "../../app/ask-dialog.tsx";
import { useRefusal } from "../../app/session.ts";
import { client } from "../../rpc.ts";
import { SelectField, TextField } from "../../ui/field.tsx";
import { formatCount } from "../../ui/format.ts";
import { Section } from "../../ui/section.tsx";
import styles from "./station-page.module.css";

const text = en.station.revoke;

interface RevocableKey {
  readonly version: number;
  readonly fingerprint: string | null;
  readonly retiredAt: string | null;
  readonly revokedAt: string | null;
}

/** Takes an earlier signing key out of the world; shown when there is one. */
export function RevokeSection({ keys }: { keys: readonly RevocableKey[] }) {
  const role = useRefusal("station.manage");
  const earlier = keys.filter(
    (key) => key.fingerprint !== null && key.retiredAt !== null && key.revokedAt === null,
  );
  const [chosen, setChosen] = useState("");
  const [note, setNote] = useState("");
  const [done, setDone] = useState<string>();
  const fingerprint =
    earlier.find((key) => key.fingerprint === chosen)?.fingerprint ?? earlier[0]?.fingerprint;
  if (earlier.length === 0 && done === undefined) return null;
  return (
    <Section title={text.title} gap>
      <p className={styles["note"]}>{text.about}</p>
      {typeof fingerprint === "string" ? (
        <div className={styles["note"]}>
          <AskDialog
            button={text.button}
            danger
            notYet={role}
            title={text.ask}
            consequence={text.consequence}
            act={text.button}
            failed={text.failed}
            ready={note.trim() !== ""}
            run={async () => {
              const { batchesGivenUp, receiptsSignedAgain } = await client.station.revokeKey({
                fingerprint,
                note: note.trim(),
              });
              setDone(text.done(formatCount(batchesGivenUp), formatCount(receiptsSignedAgain)));
              setNote("");
            }}
          >
            <SelectField
              label={text.key}
              value={fingerprint}
              onChange={(event) => setChosen(event.target.value)}
            >
              {earlier.map((key) => (
                <option key={key.version} value={key.fingerprint ?? ""}>
                  {text.choice(formatCount(key.version), key.fingerprint ?? "")}
                </option>
              ))}
            </SelectField>
            <TextField label={text.note} value={note} onChange={(event) => setNote(event.target.value)} />
          </AskDialog>
        </div>
      ) : null}
      {done === undefined ? null : <output>{done}</output>}
    </Section>
  );
}

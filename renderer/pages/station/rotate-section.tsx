import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { AskDialog } from "../../app/ask-dialog.tsx";
import { saveText } from "../../app/files.ts";
import { useRefusal, useSession } from "../../app/session.ts";
import { client } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { formatCount } from "../../ui/format.ts";
import { Section } from "../../ui/section.tsx";
import styles from "./station-page.module.css";

const text = en.station.rotate;

type Rotated = Awaited<ReturnType<typeof client.station.rotateKeys>>;

/** Makes new keys and a new card, and says what to carry and what stays exposed. */
export function RotateSection() {
  const role = useRefusal("station.manage");
  const [note, setNote] = useState("");
  const [rotated, setRotated] = useState<Rotated>();
  return (
    <Section title={text.title} gap>
      <p className={styles["note"]}>{text.about}</p>
      <p className={styles["note"]}>
        <AskDialog
          button={text.button}
          notYet={role}
          title={text.ask}
          consequence={text.consequence}
          act={text.button}
          failed={text.failed}
          ready={note.trim() !== ""}
          run={async () => {
            setRotated(await client.station.rotateKeys({ note: note.trim() }));
            setNote("");
          }}
        >
          <TextField label={text.note} value={note} onChange={(event) => setNote(event.target.value)} />
        </AskDialog>
      </p>
      {rotated === undefined ? null : <Done rotated={rotated} />}
    </Section>
  );
}

function Done({ rotated }: { rotated: Rotated }) {
  const { name } = useSession();
  const { card, handover, peers, phrase, exposed } = rotated;
  return (
    <output>
      <p>
        <b>{text.done(formatCount(rotated.serial))}</b>{" "}
        {peers.length === 0 ? text.nobody : text.carry(peers.join(", "))}
      </p>
      {/* As a line: the column is too narrow for tiles, and a word cut short can't be read aloud. */}
      <p className="fact">
        <b>{phrase}</b>
      </p>
      <div className={styles["looks"]}>
        <Button onClick={() => saveText(`${name}.card`, card)}>{text.saveCard}</Button>
        {handover === null ? null : (
          <Button look="quiet" onClick={() => saveText(`${name}.handover.txt`, handover)}>
            {text.saveHandover}
          </Button>
        )}
      </div>
      <p className={styles["note"]}>
        <b>{text.exposed}</b>
      </p>
      <ul className={styles["exposed"]}>
        {exposed.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </output>
  );
}

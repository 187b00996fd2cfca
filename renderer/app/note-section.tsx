import { useQuery } from "@tanstack/react-query";
import { en } from "../../shared/strings/en.ts";
import { client, orpc } from "../rpc.ts";
import { OutsideText } from "../ui/outside-text.tsx";
import { Section } from "../ui/section.tsx";
import { Time } from "../ui/time.tsx";
import { Answer } from "./answer.tsx";
import { EditDialog } from "./edit-dialog.tsx";
import { Beside } from "./here.tsx";
import { useRefusal } from "./session.ts";
import styles from "./note-section.module.css";

const text = en.together.notes;

/** The note that people keep about a peer or its alarms, and the way to write it together. */
export function NoteSection({ about, peer }: { about: "peer" | "alarms"; peer: string }) {
  const role = useRefusal("notes.write");
  const note = useQuery(orpc.notes.show.queryOptions({ input: { about, peer } }));
  return (
    <Section
      title={about === "peer" ? text.peer : text.alarms}
      caption={text.caption}
      gap
      aside={
        note.data === undefined ? undefined : (
          <EditDialog
            key={peer}
            button={text.edit}
            notYet={role}
            title={about === "peer" ? text.title(peer) : text.alarmsTitle(peer)}
            consequence={text.consequence}
            kind={about}
            name={peer}
            fields={[{ id: "text", label: text.text, note: text.textNote, maxLength: 4000, long: true }]}
            values={{ text: note.data.text }}
            version={note.data.version}
            save={(values, version) =>
              client.notes.write({ about, peer, text: values["text"] ?? "", version })
            }
          />
        )
      }
    >
      <Answer query={note} what={text.what}>
        {(data) => (
          <>
            <p className={styles["note"]}>
              {data.text === "" ? (
                <span className="dim">{text.none}</span>
              ) : (
                <OutsideText text={data.text} keep={"\n"} />
              )}
            </p>
            {data.changedAt === null ? null : (
              <p className="dim small">
                {text.by(data.changedBy ?? "")} <Time at={data.changedAt} />
              </p>
            )}
            <Beside kind={about} name={peer} />
          </>
        )}
      </Answer>
    </Section>
  );
}

import { useQuery } from "@tanstack/react-query";
import { FolderOpen, HardDrive, RefreshCw } from "lucide-react";
import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { client, orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { formatBytes } from "../../ui/format.ts";
import { OutsideText } from "../../ui/outside-text.tsx";
import { Section } from "../../ui/section.tsx";
import { chooseMedium, useMediumChoice } from "./medium-choice.ts";
import styles from "./medium-picker.module.css";

const text = en.transfer.medium;

/** The removable volumes of this machine and a field for a folder that stands in for one; one is chosen. */
export function MediumPicker() {
  const chosen = useMediumChoice((choice) => choice.path);
  const media = useQuery(orpc.media.list.queryOptions({ input: {} }));
  return (
    <Section
      title={text.title}
      caption={text.caption}
      aside={
        <Button look="quiet" small icon={<RefreshCw />} onClick={() => void media.refetch()}>
          {text.again}
        </Button>
      }
    >
      <Answer query={media} what={text.look}>
        {(data) =>
          data.media.length === 0 ? (
            <p className={styles["none"]}>
              {text.none} <span className="dim">{text.noneNote}</span>
            </p>
          ) : (
            <ul className={styles["media"]}>
              {data.media.map((medium) => (
                <li key={medium.path} className={medium.path === chosen ? styles["on"] : undefined}>
                  <HardDrive aria-hidden="true" />
                  <span className={styles["what"]}>
                    <b>
                      <OutsideText text={medium.label === "" ? medium.path : medium.label} />
                    </b>
                    <span>
                      <span className="fact">
                        <OutsideText text={medium.path} />
                      </span>{" "}
                      {medium.fileSystem}, {formatBytes(medium.sizeBytes)},{" "}
                      {text.free(formatBytes(medium.freeBytes))}
                      {medium.readOnly ? `, ${text.readOnly}` : ""}, {text.readBack[medium.readBack]}
                    </span>
                  </span>
                  <Button
                    small
                    onClick={() => chooseMedium(medium.path)}
                    aria-pressed={medium.path === chosen}
                  >
                    {medium.path === chosen ? text.chosen : text.choose}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
      <FolderField />
    </Section>
  );
}

/** A folder by its path; what it is as a medium is said before it is used. */
function FolderField() {
  const chosen = useMediumChoice((choice) => choice.path);
  const [path, setPath] = useState(chosen ?? "");
  const [error, setError] = useState<string>();
  const use = async (): Promise<void> => {
    const folder = path.trim();
    if (!/^(\/|[A-Za-z]:[\\/])/.test(folder)) return setError(text.absolute);
    const found = await client.media.look({ medium: folder }).catch((reason: unknown) => reason);
    if (found instanceof Error) return setError(found.message);
    if (isMissing(found)) return setError(text.missing);
    setError(undefined);
    chooseMedium(folder);
  };
  return (
    <form
      className={styles["folder"]}
      onSubmit={(event) => {
        event.preventDefault();
        void use();
      }}
    >
      <TextField
        label={text.path}
        note={text.pathNote}
        error={error}
        fact
        maxLength={4096}
        value={path}
        onChange={(event) => setPath(event.target.value)}
      />
      <Button type="submit">{text.use}</Button>
      {window.sallyport === undefined ? null : (
        <Button
          icon={<FolderOpen />}
          onClick={() => {
            void window.sallyport?.chooseFolder().then((chosenFolder) => {
              if (typeof chosenFolder !== "string") return;
              setPath(chosenFolder);
              chooseMedium(chosenFolder);
            });
          }}
        >
          {text.browse}
        </Button>
      )}
    </form>
  );
}

function isMissing(found: unknown): boolean {
  return typeof found === "object" && found !== null && "exists" in found && found.exists === false;
}

/** What the chosen medium is, in the station's own sentence. */
export function useMediumFacts() {
  const path = useMediumChoice((choice) => choice.path);
  const looked = useQuery({
    ...orpc.media.look.queryOptions({ input: { medium: path ?? "/" } }),
    enabled: path !== null,
  });
  return { path, facts: path === null ? undefined : looked.data };
}

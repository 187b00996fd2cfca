import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { Button } from "../../ui/button.tsx";
import { TextArea } from "../../ui/field.tsx";
import { FileButton } from "../../ui/file-button.tsx";
import { formatBytes } from "../../ui/format.ts";
import { OutsideText } from "../../ui/outside-text.tsx";
import { Status } from "../../ui/status.tsx";
import styles from "./lines-dialog.module.css";
import { decodeUtf8 } from "./lines-source.ts";

const text = en.requests.dialog;

/** Lines and, where they come from a file, its name and size. */
export interface Lines {
  readonly text: string;
  readonly file: { readonly name: string; readonly bytes: number } | null;
}

interface LinesFieldProps {
  readonly lines: Lines;
  readonly error: string | undefined;
  readonly onLines: (lines: Lines) => void;
}

/** JSON lines written here, or a file that is read in this page. */
export function LinesField({ lines, error, onLines }: LinesFieldProps) {
  const [unreadable, setUnreadable] = useState<string>();
  const read = async (file: File): Promise<void> => {
    const decoded = decodeUtf8(await file.arrayBuffer());
    setUnreadable(decoded === null ? text.notUtf8(file.name) : undefined);
    if (decoded !== null) onLines({ text: decoded, file: { name: file.name, bytes: file.size } });
  };
  if (lines.file !== null) {
    return (
      <div className={styles["file"]}>
        <Status kind="done">
          <OutsideText text={text.fileChosen(lines.file.name, formatBytes(lines.file.bytes))} />
        </Status>
        <Button look="quiet" small onClick={() => onLines({ text: "", file: null })}>
          {text.fileDrop}
        </Button>
        {error === undefined ? null : (
          <span role="alert">
            <Status kind="failed">{error}</Status>
          </span>
        )}
      </div>
    );
  }
  return (
    <>
      <TextArea
        label={text.lines}
        note={text.linesNote}
        error={unreadable ?? error}
        rows={8}
        value={lines.text}
        onChange={(event) => onLines({ text: event.target.value, file: null })}
      />
      <div>
        <FileButton label={text.file} accept=".jsonl,.ndjson,.json,.txt" onFile={(file) => void read(file)} />
      </div>
    </>
  );
}

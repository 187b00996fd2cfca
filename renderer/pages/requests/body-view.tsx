import { Download } from "lucide-react";
import { useMemo, useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { saveText } from "../../app/files.ts";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { ExactText } from "../../ui/exact-text.tsx";
import { formatCount } from "../../ui/format.ts";
import { Segmented } from "../../ui/segmented.tsx";
import { Status } from "../../ui/status.tsx";
import { countMarks } from "../../../shared/visible-text.ts";
import { prettyJson } from "./pretty-json.ts";
import styles from "./body-view.module.css";

const text = en.requests.detail;

/** A body as text: indented for reading or exact; copy and save always take the exact bytes. */
export function BodyView({ body, name, label }: { body: string; name: string; label: string }) {
  const [view, setView] = useState<"pretty" | "exact">("pretty");
  const shown = useMemo(() => (view === "exact" ? body : prettyJson(body)), [body, view]);
  const marks = useMemo(() => countMarks(body, "\t\n\r"), [body]);
  return (
    <div className={styles["body"]}>
      <div className={styles["bar"]}>
        <Segmented
          label={text.view}
          value={view}
          onChange={setView}
          choices={[
            { value: "pretty", label: text.pretty },
            { value: "exact", label: text.exact },
          ]}
        />
        <span className={styles["actions"]}>
          <CopyButton text={body} what={label}>
            {text.copy}
          </CopyButton>
          <Button look="quiet" small icon={<Download />} onClick={() => saveText(name, body)}>
            {text.save}
          </Button>
        </span>
      </div>
      {marks === 0 ? null : <Status kind="warn">{text.marks(formatCount(marks))}</Status>}
      <ExactText text={shown} label={label} />
    </div>
  );
}

import { en } from "../../shared/strings/en.ts";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { Keys } from "./keys.tsx";
import styles from "./key-sheet.module.css";

interface KeyRow {
  readonly keys: readonly string[];
  readonly does: string;
}

/** `?`: every key there is, with what it does. */
export function KeySheet({
  open,
  onOpenChange,
  rows,
}: {
  open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  rows: readonly KeyRow[];
}) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={en.ui.keySheet}
      footer={<Button onClick={() => onOpenChange(false)}>{en.ui.close}</Button>}
    >
      <dl className={styles["sheet"]}>
        {rows.map((row) => (
          <div key={row.does}>
            <dt>
              <Keys keys={row.keys} />
            </dt>
            <dd>{row.does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

import { Eye, EyeOff } from "lucide-react";
import { useEffect, useState, type InputHTMLAttributes, type ReactNode, type Ref } from "react";
import { en } from "../../shared/strings/en.ts";
import { TextField } from "./field.tsx";
import styles from "./secret-field.module.css";

/** A revealed secret hides itself again after this long. */
const revealSeconds = 20;

type SecretFieldProps = {
  readonly label: ReactNode;
  readonly note?: ReactNode;
  readonly error?: string | undefined;
  readonly ref?: Ref<HTMLInputElement>;
} & Omit<InputHTMLAttributes<HTMLInputElement>, "type" | "className">;

/** A passphrase: hidden, shown for a counted 20 seconds on demand, never kept by the browser. */
export function SecretField(props: SecretFieldProps) {
  const [left, setLeft] = useState(0);
  const shown = left > 0;
  useEffect(() => {
    if (!shown) return undefined;
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left, shown]);
  return (
    <div className={styles["secret"]}>
      <TextField {...props} type={shown ? "text" : "password"} fact={shown} autoCapitalize="off" />
      <button
        type="button"
        className={styles["reveal"]}
        aria-label={shown ? en.ui.hide : en.ui.reveal}
        aria-pressed={shown}
        disabled={props.disabled}
        title={shown ? en.ui.hidesIn(left) : en.ui.reveal}
        onClick={() => setLeft(shown ? 0 : revealSeconds)}
      >
        {shown ? <EyeOff aria-hidden="true" /> : <Eye aria-hidden="true" />}
      </button>
    </div>
  );
}

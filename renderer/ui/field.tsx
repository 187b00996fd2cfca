import {
  useId,
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from "react";
import { ChevronDown } from "lucide-react";
import { Glyph } from "./glyph.tsx";
import styles from "./field.module.css";

interface Named {
  readonly label: ReactNode;
  /** One line below: what is meant, units, consequences. */
  readonly note?: ReactNode;
  /** What to write instead. */
  readonly error?: string | undefined;
}

interface Wiring {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
}

/** Label above, control, one note below; an error takes the note's place and says what to write instead. */
function Labelled({ label, note, error, children }: Named & { children: (wiring: Wiring) => ReactNode }) {
  const id = useId();
  const below = error ?? note;
  const wiring: Wiring = {
    id,
    "aria-describedby": below === undefined ? undefined : `${id}-note`,
    "aria-invalid": error === undefined ? undefined : true,
  };
  return (
    <div className={`${styles["labelled"]} ${error === undefined ? "" : styles["faulty"]}`}>
      <label htmlFor={id}>{label}</label>
      {children(wiring)}
      {below === undefined ? null : (
        <span id={`${id}-note`} className={styles["note"]} role={error === undefined ? undefined : "alert"}>
          {error === undefined ? null : <Glyph shape="failed" size={12} />}
          {below}
        </span>
      )}
    </div>
  );
}

type InputProps = Named & { readonly fact?: boolean; readonly ref?: Ref<HTMLInputElement> } & Omit<
    InputHTMLAttributes<HTMLInputElement>,
    "className"
  >;

export function TextField({ label, note, error, fact = false, ...input }: InputProps) {
  return (
    <Labelled label={label} note={note} error={error}>
      {(wiring) => (
        <input
          type="text"
          autoComplete="off"
          spellCheck={false}
          {...input}
          {...wiring}
          className={`${styles["field"]} ${fact ? "fact" : ""}`}
        />
      )}
    </Labelled>
  );
}

type AreaProps = Named & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "className">;

export function TextArea({ label, note, error, ...area }: AreaProps) {
  return (
    <Labelled label={label} note={note} error={error}>
      {(wiring) => (
        <textarea
          spellCheck={false}
          autoComplete="off"
          {...area}
          {...wiring}
          className={`${styles["field"]} ${styles["area"]} fact`}
        />
      )}
    </Labelled>
  );
}

type SelectProps = Named & Omit<SelectHTMLAttributes<HTMLSelectElement>, "className">;

/** A native list of choices: it needs no injected style and works in every assistive tool. */
export function SelectField({ label, note, error, children, ...select }: SelectProps) {
  return (
    <Labelled label={label} note={note} error={error}>
      {(wiring) => (
        <span className={styles["select"]}>
          <select {...select} {...wiring} className={styles["field"]}>
            {children}
          </select>
          <ChevronDown aria-hidden="true" />
        </span>
      )}
    </Labelled>
  );
}

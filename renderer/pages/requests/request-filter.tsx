import { useState } from "react";
import { requestKind, userName } from "../../../shared/contract/fields.ts";
import { en } from "../../../shared/strings/en.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import styles from "./request-filter.module.css";

const text = en.requests.narrow;

interface RequestFilterProps {
  readonly kind: string;
  readonly user: string;
  readonly onFilter: (filter: { readonly kind: string; readonly user: string }) => void;
}

/** Narrows the list to one kind, one user or both. What can't be a name is said here and never asked. */
export function RequestFilter({ kind, user, onFilter }: RequestFilterProps) {
  const [wanted, setWanted] = useState({ kind, user });
  const [faulty, setFaulty] = useState<"kind" | "user">();
  const apply = (next: { kind: string; user: string }): void => {
    const fault =
      next.kind !== "" && !requestKind.safeParse(next.kind).success
        ? "kind"
        : next.user !== "" && !userName.safeParse(next.user).success
          ? "user"
          : undefined;
    setFaulty(fault);
    if (fault === undefined) onFilter(next);
  };
  return (
    <form
      className={styles["filter"]}
      onSubmit={(event) => {
        event.preventDefault();
        apply({ kind: wanted.kind.trim(), user: wanted.user.trim() });
      }}
    >
      <TextField
        label={text.kind}
        maxLength={32}
        value={wanted.kind}
        error={faulty === "kind" ? text.badKind : undefined}
        onChange={(event) => setWanted({ ...wanted, kind: event.target.value })}
      />
      <TextField
        label={text.user}
        maxLength={64}
        value={wanted.user}
        error={faulty === "user" ? text.badUser : undefined}
        onChange={(event) => setWanted({ ...wanted, user: event.target.value })}
      />
      <Button type="submit">{text.apply}</Button>
      {kind === "" && user === "" ? null : (
        <Button
          look="quiet"
          onClick={() => {
            setWanted({ kind: "", user: "" });
            apply({ kind: "", user: "" });
          }}
        >
          {text.clear}
        </Button>
      )}
    </form>
  );
}

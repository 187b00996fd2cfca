import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import styles from "./event-filter.module.css";

const text = en.audit.filters;

export interface Filter {
  readonly action?: string;
  readonly actor?: string;
}

/** Narrows the list to one action, one actor or both. */
export function EventFilter({ filter, onFilter }: { filter: Filter; onFilter: (filter: Filter) => void }) {
  const [action, setAction] = useState(filter.action ?? "");
  const [actor, setActor] = useState(filter.actor ?? "");
  const active = filter.action !== undefined || filter.actor !== undefined;
  return (
    <form
      className={styles["filter"]}
      onSubmit={(event) => {
        event.preventDefault();
        onFilter({
          ...(action.trim() === "" ? {} : { action: action.trim() }),
          ...(actor.trim() === "" ? {} : { actor: actor.trim() }),
        });
      }}
    >
      <TextField
        label={text.action}
        placeholder={en.audit.actionNote}
        maxLength={64}
        fact
        value={action}
        onChange={(event) => setAction(event.target.value)}
      />
      <TextField
        label={text.actor}
        placeholder={en.audit.actorNote}
        maxLength={64}
        value={actor}
        onChange={(event) => setActor(event.target.value)}
      />
      <Button type="submit">{text.apply}</Button>
      {active ? (
        <Button
          look="quiet"
          onClick={() => {
            setAction("");
            setActor("");
            onFilter({});
          }}
        >
          {text.clear}
        </Button>
      ) : null}
    </form>
  );
}

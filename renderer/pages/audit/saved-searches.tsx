import { useMutation, useQuery } from "@tanstack/react-query";
import { BookmarkPlus, Trash2 } from "lucide-react";
import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { useSession } from "../../app/session.ts";
import { client, orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { TextField } from "../../ui/field.tsx";
import { OutsideText } from "../../ui/outside-text.tsx";
import styles from "./saved-searches.module.css";

const text = en.audit.saved;

/** Searches with a name, one's own and those for everyone: a click searches, one's own can be changed and removed. */
export function SavedSearches({ query, onSearch }: { query: string; onSearch: (query: string) => void }) {
  const { operator } = useSession();
  const [saving, setSaving] = useState(false);
  const searches = useQuery(orpc.audit.searches.queryOptions({ input: {} })).data?.searches ?? [];
  const remove = useMutation({
    mutationFn: (one: Saved) => client.audit.removeSearch({ name: one.name, version: one.version }),
  });
  const current = searches.find((one) => one.query === query && one.owner === operator);
  return (
    <div className={styles["saved"]}>
      <span className="dim">{text.label}</span>
      {searches.length === 0 ? <span className="dim">{text.none}</span> : null}
      {searches.map((one) => (
        <button
          key={`${one.owner} ${one.name}`}
          type="button"
          className={one.query === query ? styles["on"] : undefined}
          title={one.owner === operator ? one.query : text.by(one.query, one.owner)}
          onClick={() => onSearch(one.query)}
        >
          <OutsideText text={one.name} />
        </button>
      ))}
      <Button
        small
        look="quiet"
        icon={<BookmarkPlus />}
        notYet={query === "" ? text.nothing : undefined}
        onClick={() => setSaving(true)}
      >
        {text.save}
      </Button>
      {current === undefined ? null : (
        <Button
          small
          look="quiet"
          icon={<Trash2 />}
          disabled={remove.isPending}
          onClick={() => remove.mutate(current)}
        >
          {text.remove(current.name)}
        </Button>
      )}
      {remove.isError ? <ErrorState failure={toFailure(remove.error, en.failed.act(text.label))} /> : null}
      {saving ? <SaveDialog query={query} searches={searches} onClose={() => setSaving(false)} /> : null}
    </div>
  );
}

type Saved = Awaited<ReturnType<typeof client.audit.searches>>["searches"][number];

interface SaveProps {
  readonly query: string;
  readonly searches: readonly Saved[];
  readonly onClose: () => void;
}

function SaveDialog({ query, searches, onClose }: SaveProps) {
  const { operator } = useSession();
  const [name, setName] = useState("");
  const [everyone, setEveryone] = useState(false);
  const replaced = searches.find((one) => one.owner === operator && one.name === name.trim());
  const save = useMutation({
    mutationFn: () =>
      client.audit.saveSearch({
        name: name.trim(),
        query,
        for: everyone ? "everyone" : "me",
        ...(replaced === undefined ? {} : { version: replaced.version }),
      }),
    onSuccess: onClose,
  });
  const ready = name.trim() !== "" && !save.isPending;
  return (
    <Dialog
      open
      onOpenChange={(next) => (next ? undefined : onClose())}
      title={text.title}
      consequence={replaced === undefined ? text.consequence : text.replaces(replaced.query)}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {en.ui.cancel}
          </Button>
          <Button type="submit" form="audit-save-search" look="primary" disabled={!ready}>
            {text.confirm}
          </Button>
        </>
      }
    >
      <p className="fact">
        <OutsideText text={query} />
      </p>
      <form
        id="audit-save-search"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) save.mutate();
        }}
      >
        <TextField
          label={text.name}
          maxLength={64}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Checkbox
          label={text.everyone}
          checked={everyone}
          onChange={(event) => setEveryone(event.target.checked)}
        />
      </form>
      {save.isError ? <ErrorState failure={toFailure(save.error, en.failed.act(text.title))} /> : null}
    </Dialog>
  );
}

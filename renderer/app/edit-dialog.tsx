import { ORPCError } from "@orpc/client";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { en } from "../../shared/strings/en.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { TextArea, TextField } from "../ui/field.tsx";
import { formatCount } from "../ui/format.ts";
import { Status } from "../ui/status.tsx";
import { Beside } from "./here.tsx";
import { toFailure } from "./failure.ts";
import { chosenByItself, layBeside, merged, readPresent, type Choice, type Values } from "./merge.ts";
import { MergeView } from "./merge-view.tsx";
import { useEditing, type SubjectKind } from "./whereabouts.ts";
import styles from "./edit-dialog.module.css";

const text = en.together;

export interface EditField {
  readonly id: string;
  readonly label: string;
  readonly note?: string;
  readonly maxLength?: number;
  /** Several lines. */
  readonly long?: boolean;
  /** Another control than a field of text, over the same text. */
  readonly control?: (value: string, onChange: (value: string) => void) => ReactNode;
}

interface EditDialogProps {
  readonly button: string;
  readonly notYet?: string | undefined;
  readonly title: string;
  readonly consequence: string;
  /** What it is about, so that the others see that it is being edited. */
  readonly kind: SubjectKind;
  readonly name: string;
  readonly fields: readonly EditField[];
  /** The row as this window knows it now. */
  readonly values: Values;
  readonly version: number;
  readonly ready?: (values: Values) => boolean;
  readonly save: (values: Values, version: number) => Promise<unknown>;
}

interface Edit {
  /** The version that the next save is made from, with its values. */
  readonly base: { readonly values: Values; readonly version: number };
  readonly mine: Values;
  /** What stood there when a save was refused. */
  readonly theirs: { readonly values: Values; readonly version: number } | null;
  readonly choices: Readonly<Record<string, Choice>>;
}

/**
 * Edits a row that others may edit at the same time. A save names the version it began from; when somebody has saved
 * meanwhile, both edits lie beside each other and a person chooses. Nothing typed is ever lost.
 */
export function EditDialog(props: EditDialogProps) {
  const { fields, values, version, kind, name } = props;
  const [edit, setEdit] = useState<Edit | null>(null);
  useEditing(kind, name, edit !== null);
  const close = (): void => setEdit(null);
  const ids = fields.map(({ id }) => id);
  const beside = edit?.theirs ? layBeside(ids, edit.base.values, edit.theirs.values, edit.mine) : null;
  const result = edit === null ? null : beside === null ? edit.mine : merged(beside, edit.choices);

  const save = useMutation({
    mutationFn: async (wanted: Values) => {
      if (edit === null) return;
      await props.save(wanted, edit.theirs?.version ?? edit.base.version);
    },
    onSuccess: close,
    onError: (error, wanted) => {
      const present = error instanceof ORPCError ? readPresent(error.data) : null;
      if (present === null || edit === null) return;
      const next: Edit = {
        // A second conflict is one with what was chosen over the version that stood there then.
        base: edit.theirs ?? edit.base,
        mine: wanted,
        theirs: present,
        choices: {},
      };
      const fresh = layBeside(ids, next.base.values, present.values, wanted);
      setEdit({ ...next, choices: chosenByItself(fresh) });
    },
  });
  const isConflict = save.isError && save.error instanceof ORPCError && readPresent(save.error.data) !== null;
  const isReady = result !== null && (props.ready?.(result) ?? true);

  return (
    <>
      <Button
        small
        notYet={props.notYet}
        onClick={() => {
          save.reset();
          setEdit({ base: { values, version }, mine: values, theirs: null, choices: {} });
        }}
      >
        {props.button}
      </Button>
      <Dialog
        open={edit !== null}
        onOpenChange={(open) => (open ? undefined : close())}
        wide={beside !== null}
        title={beside === null ? props.title : text.merge.title}
        consequence={beside === null ? props.consequence : text.merge.about}
        footer={
          <>
            <Button look="quiet" onClick={close}>
              {beside === null ? en.ui.cancel : text.merge.keepTheirs}
            </Button>
            <Button
              look="primary"
              disabled={!isReady || save.isPending}
              onClick={() => (result === null ? undefined : save.mutate(result))}
            >
              {beside === null ? text.edit.save : text.merge.save}
            </Button>
          </>
        }
      >
        {edit === null ? null : (
          <>
            <Beside kind={kind} name={name} />
            {beside === null ? (
              <>
                {version > edit.base.version ? (
                  <Status kind="warn">{text.edit.moved(formatCount(version))}</Status>
                ) : null}
                <div className={styles["fields"]}>
                  {fields.map((field) => (
                    <Control
                      key={field.id}
                      field={field}
                      value={edit.mine[field.id] ?? ""}
                      onChange={(value) => setEdit({ ...edit, mine: { ...edit.mine, [field.id]: value } })}
                    />
                  ))}
                </div>
              </>
            ) : (
              <MergeView
                fields={beside}
                labels={Object.fromEntries(fields.map(({ id, label }) => [id, label]))}
                choices={edit.choices}
                onChoose={(field, choice) =>
                  setEdit({ ...edit, choices: { ...edit.choices, [field]: choice } })
                }
              />
            )}
            {save.isError && !isConflict ? (
              <ErrorState failure={toFailure(save.error, en.failed.act(text.edit.failed))} />
            ) : null}
          </>
        )}
      </Dialog>
    </>
  );
}

interface ControlProps {
  readonly field: EditField;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Control({ field, value, onChange }: ControlProps) {
  if (field.control !== undefined) return field.control(value, onChange);
  const common = {
    label: field.label,
    ...(field.note === undefined ? {} : { note: field.note }),
    ...(field.maxLength === undefined ? {} : { maxLength: field.maxLength }),
    value,
  };
  return field.long === true ? (
    <TextArea {...common} rows={8} onChange={(event) => onChange(event.target.value)} />
  ) : (
    <TextField {...common} onChange={(event) => onChange(event.target.value)} />
  );
}

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { client } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { WholeFact } from "../../ui/fact.tsx";
import { TextField } from "../../ui/field.tsx";
import { formatCount } from "../../ui/format.ts";
import { OutsideText } from "../../ui/outside-text.tsx";

const text = en.audit.export;

interface ExportDialogProps {
  readonly open: boolean;
  readonly query: string;
  readonly onClose: () => void;
}

/** Writes what the search finds, or the whole log, into a folder of this workstation, with what proves it. */
export function ExportDialog({ open, query, onClose }: ExportDialogProps) {
  const [folder, setFolder] = useState("");
  const write = useMutation({ mutationFn: () => client.audit.export({ folder: folder.trim(), query }) });
  const close = (): void => {
    write.reset();
    onClose();
  };
  const ready = /^(\/|[A-Za-z]:[\\/])/.test(folder.trim()) && !write.isPending;
  const done = write.data;
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => (next ? undefined : close())}
      title={text.title}
      consequence={query === "" ? text.whole : text.found}
      footer={
        done === undefined ? (
          <>
            <Button look="quiet" onClick={close}>
              {en.ui.cancel}
            </Button>
            <Button type="submit" form="audit-export" look="primary" disabled={!ready}>
              {text.confirm}
            </Button>
          </>
        ) : (
          <Button look="primary" onClick={close}>
            {en.ui.close}
          </Button>
        )
      }
    >
      {query === "" ? null : (
        <p className="fact">
          <OutsideText text={query} />
        </p>
      )}
      {done === undefined ? (
        <form
          id="audit-export"
          onSubmit={(event) => {
            event.preventDefault();
            if (ready) write.mutate();
          }}
        >
          <TextField
            label={text.folder}
            note={text.folderNote}
            fact
            maxLength={4096}
            value={folder}
            onChange={(event) => setFolder(event.target.value)}
          />
        </form>
      ) : (
        <output>
          <p>{text.done(formatCount(done.events), formatCount(done.checkpointEvents))}</p>
          <WholeFact value={done.folder} copy={text.folder} />
        </output>
      )}
      {write.isError ? <ErrorState failure={toFailure(write.error, en.failed.act(text.title))} /> : null}
    </Dialog>
  );
}

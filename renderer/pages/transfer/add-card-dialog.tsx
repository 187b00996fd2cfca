import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { client, orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { TextArea } from "../../ui/field.tsx";
import { FileButton } from "../../ui/file-button.tsx";

const text = en.transfer.peers;

interface AddCardDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onAdded: (name: string) => void;
}

/** Takes in a card, pasted or from a file read in this page; it becomes a pending peer. */
export function AddCardDialog({ open, onClose, onAdded }: AddCardDialogProps) {
  const { card, setCard, add } = useAddCard(onAdded);
  const close = (): void => {
    setCard("");
    add.reset();
    onClose();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => (next ? undefined : close())}
      title={text.addTitle}
      consequence={text.addConsequence}
      footer={
        <>
          <Button look="quiet" onClick={close}>
            {en.ui.cancel}
          </Button>
          <Button look="primary" disabled={card.trim() === "" || add.isPending} onClick={() => add.mutate()}>
            {text.addConfirm}
          </Button>
        </>
      }
    >
      <CardField card={card} onCard={setCard} />
      {add.isError ? <ErrorState failure={toFailure(add.error, en.failed.act(text.addFailed))} /> : null}
    </Dialog>
  );
}

/** The text of a card and the operation that takes it in, for the dialog and the first run. */
export function useAddCard(onAdded: (name: string) => void) {
  const [card, setCard] = useState("");
  const queries = useQueryClient();
  const add = useMutation({
    mutationFn: () => client.peers.add({ card: card.endsWith("\n") ? card : `${card}\n` }),
    onSuccess: async (peer) => {
      setCard("");
      await queries.invalidateQueries({ queryKey: orpc.peers.key() });
      onAdded(peer.name);
    },
  });
  return { card, setCard, add };
}

export function CardField({ card, onCard }: { card: string; onCard: (card: string) => void }) {
  return (
    <>
      <TextArea
        label={text.cardField}
        note={text.cardNote}
        rows={6}
        maxLength={8192}
        value={card}
        onChange={(event) => onCard(event.target.value)}
      />
      <div>
        <FileButton label={text.chooseFile} onFile={(file) => void file.text().then(onCard)} />
      </div>
    </>
  );
}

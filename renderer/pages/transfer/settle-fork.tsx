import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { AskDialog } from "../../app/ask-dialog.tsx";
import { useRefusal } from "../../app/session.ts";
import { client } from "../../rpc.ts";
import { TextArea } from "../../ui/field.tsx";

const text = en.alarms.settle;

/** Settles a fork after people have looked; what our ledger holds stands. */
export function SettleFork({ peer, sha256 }: { peer: string; sha256: string }) {
  const queries = useQueryClient();
  const refusal = useRefusal("transfer.override");
  const [note, setNote] = useState("");
  return (
    <AskDialog
      button={text.open}
      danger
      notYet={refusal}
      title={text.title(peer)}
      consequence={text.consequence}
      act={text.act}
      failed={text.title(peer)}
      ready={note.trim() !== ""}
      run={async () => {
        await client.transfer.settleFork({ peer, sha256, note: note.trim() });
        await queries.invalidateQueries();
      }}
    >
      <TextArea
        label={text.note}
        note={text.noteNote}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
    </AskDialog>
  );
}

import { en } from "../../../shared/strings/en.ts";
import { AskDialog } from "../../app/ask-dialog.tsx";
import { useRefusal } from "../../app/session.ts";
import { client } from "../../rpc.ts";

const text = en.transfer.peers;

/** The step that takes a restored peer's new lineage. */
export function AcceptLineage({ peer, lineage }: { peer: string; lineage: string }) {
  return (
    <AskDialog
      button={text.acceptLineage}
      notYet={useRefusal("transfer.override")}
      title={text.acceptTitle(peer)}
      consequence={text.acceptConsequence}
      act={text.acceptLineage}
      failed={text.acceptLineage}
      run={() => client.peers.acceptLineage({ peer, lineage })}
    />
  );
}

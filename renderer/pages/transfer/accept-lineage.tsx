import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { useRefusal } from "../../app/session.ts";
import { client } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorState } from "../../ui/error-state.tsx";

const text = en.transfer.peers;

/** The step that takes a restored peer's new lineage. */
export function AcceptLineage({ peer, lineage }: { peer: string; lineage: string }) {
  const [asking, setAsking] = useState(false);
  const role = useRefusal("transfer.override");
  const accept = useMutation({
    mutationFn: () => client.peers.acceptLineage({ peer, lineage }),
    onSuccess: () => setAsking(false),
  });
  return (
    <>
      <Button small notYet={role} onClick={() => setAsking(true)}>
        {text.acceptLineage}
      </Button>
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title={text.acceptTitle(peer)}
        consequence={text.acceptConsequence}
        footer={
          <>
            <Button look="quiet" onClick={() => setAsking(false)}>
              {en.ui.cancel}
            </Button>
            <Button look="primary" disabled={accept.isPending} onClick={() => accept.mutate()}>
              {text.acceptLineage}
            </Button>
          </>
        }
      >
        {accept.isError ? (
          <ErrorState failure={toFailure(accept.error, en.failed.act(text.acceptLineage))} />
        ) : null}
      </Dialog>
    </>
  );
}

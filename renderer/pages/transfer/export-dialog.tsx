import { useMutation } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { useRefusal, useSession } from "../../app/session.ts";
import { client } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { SelectField } from "../../ui/field.tsx";
import { formatCount } from "../../ui/format.ts";
import { OutsideText } from "../../ui/outside-text.tsx";
import { otherSide } from "../../ui/side.tsx";
import type { Peer, Waiting } from "./gate-facts.ts";
import { totalWaiting } from "./gate-facts.ts";
import { useMediumFacts } from "./medium-picker.tsx";

const text = en.transfer.exportDialog;

interface ExportDialogProps {
  readonly open: boolean;
  readonly peers: readonly Peer[];
  readonly waiting: readonly Waiting[];
  readonly peer: string;
  readonly onPeer: (peer: string) => void;
  readonly onClose: () => void;
}

/** Asks before data leaves: from whom, to whom, onto what, and what it means. */
export function ExportDialog({ open, peers, waiting, peer, onPeer, onClose }: ExportDialogProps) {
  const { name, side } = useSession();
  const [, navigate] = useLocation();
  const { path, facts } = useMediumFacts();
  const role = useRefusal("transfer.export");
  const start = useMutation({
    mutationFn: (medium: string) => client.transfer.export({ to: peer, medium }),
    onMutate: () => navigate("/transfer"),
    onError: () => navigate("/transfer/export"),
  });
  const row = waiting.find((one) => one.peer === peer);
  const nothing = totalWaiting(row) === 0 && (row?.sealed.length ?? 0) === 0;
  const gate = en.transfer.gate;
  const notYet =
    role ?? (path === null ? gate.notYet.medium : peers.length === 0 ? gate.notYet.peer : undefined);
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (!next) {
          start.reset();
          onClose();
        }
      }}
      title={text.title(peer)}
      consequence={nothing ? gate.nothing : text.consequence}
      moves={{
        name,
        side,
        sideText: en.ui.sides[side],
        ...(peer === "" ? {} : { to: { name: peer, side: otherSide(side), word: text.to } }),
      }}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {en.ui.cancel}
          </Button>
          <Button
            look="primary"
            notYet={notYet}
            disabled={start.isPending}
            onClick={() => {
              if (path !== null) start.mutate(path);
            }}
          >
            {text.confirm}
          </Button>
        </>
      }
    >
      {peers.length > 1 ? (
        <SelectField label={text.peer} value={peer} onChange={(event) => onPeer(event.target.value)}>
          {peers.map((one) => (
            <option key={one.name}>{one.name}</option>
          ))}
        </SelectField>
      ) : null}
      <Facts rows="wide">
        <Fact name={text.waits}>
          {gate.carry(
            formatCount(row?.requests ?? 0),
            formatCount(row?.responses ?? 0),
            formatCount(row?.receipts ?? 0),
          )}
        </Fact>
        <Fact name={text.onto}>
          <span className="fact">
            <OutsideText text={path ?? gate.chooseMedium} />
          </span>
        </Fact>
        {facts === undefined ? null : <Fact name={gate.facts.readBack}>{facts.sentence}</Fact>}
      </Facts>
      {start.isError ? <ErrorState failure={toFailure(start.error, en.failed.act(text.failed))} /> : null}
    </Dialog>
  );
}

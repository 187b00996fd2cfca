import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { useRefusal } from "../../app/session.ts";
import { client, orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { WholeFact } from "../../ui/fact.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatCount } from "../../ui/format.ts";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { Time } from "../../ui/time.tsx";

const text = en.transfer.logs;

/** What a peer and this station have witnessed of each other's log; an alarm stands above it until people accept. */
export function PeerLogs({ peer }: { peer: string }) {
  const { data } = useQuery(orpc.peers.logs.queryOptions({ input: {} }));
  const log = data?.logs.find((each) => each.peer === peer);
  if (log === undefined) return null;
  return (
    <Section
      title={text.title}
      caption={text.caption}
      gap
      aside={log.alarms.length === 0 ? undefined : <AcceptLog peer={peer} />}
    >
      {log.alarms.map((alarm) => (
        <p key={alarm.batch}>
          <Status kind="failed">{alarm.sentence}</Status> <span className="fact">{alarm.batch}</span>{" "}
          <Time at={alarm.raisedAt} /> <CopyButton text={alarm.note} what={text.evidence} />
        </p>
      ))}
      <Facts rows="wide">
        <Fact name={text.theirs(peer)}>
          {log.theirs === null ? (
            <span className="dim">{text.nothingYet}</span>
          ) : (
            <>
              {text.upTo(formatCount(log.theirs.events))} <Time at={log.theirs.seenAt} />
            </>
          )}
        </Fact>
        {log.theirs === null ? null : (
          <Fact name={text.root}>
            <WholeFact value={log.theirs.root} copy={text.root} />
          </Fact>
        )}
        <Fact name={text.told}>{text.upTo(formatCount(log.ours.sentEvents))}</Fact>
        <Fact name={text.witnessed(peer)}>
          {log.ours.witnessedAt === null ? (
            <span className="dim">{text.nothingYet}</span>
          ) : (
            <>
              {text.upTo(formatCount(log.ours.witnessedEvents))} <Time at={log.ours.witnessedAt} />
            </>
          )}
        </Fact>
      </Facts>
    </Section>
  );
}

function AcceptLog({ peer }: { peer: string }) {
  const [asking, setAsking] = useState(false);
  const role = useRefusal("transfer.override");
  const accept = useMutation({
    mutationFn: () => client.peers.acceptLog({ peer }),
    onSuccess: () => setAsking(false),
  });
  return (
    <>
      <Button small look="danger" notYet={role} onClick={() => setAsking(true)}>
        {text.accept}
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
            <Button look="danger" disabled={accept.isPending} onClick={() => accept.mutate()}>
              {text.accept}
            </Button>
          </>
        }
      >
        {accept.isError ? <ErrorState failure={toFailure(accept.error, en.failed.act(text.accept))} /> : null}
      </Dialog>
    </>
  );
}

import { useQuery } from "@tanstack/react-query";
import { en } from "../../../shared/strings/en.ts";
import { AskDialog } from "../../app/ask-dialog.tsx";
import { useRefusal } from "../../app/session.ts";
import { client, orpc } from "../../rpc.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
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
      aside={log.alarms.length === 0 ? undefined : <AcceptLog peer={peer} alarms={log.alarms.length} />}
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

function AcceptLog({ peer, alarms }: { peer: string; alarms: number }) {
  return (
    <AskDialog
      danger
      button={text.accept}
      notYet={useRefusal("transfer.override")}
      title={text.acceptTitle(peer)}
      consequence={text.acceptConsequence}
      act={text.accept}
      failed={text.accept}
      run={() => client.peers.acceptLog({ peer, alarms })}
    />
  );
}

import { useQuery } from "@tanstack/react-query";
import { en } from "../../../shared/strings/en.ts";
import { orpc } from "../../rpc.ts";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatCount } from "../../ui/format.ts";
import { Section } from "../../ui/section.tsx";
import type { Alarm } from "./alarm.ts";
import { AcceptLineage } from "./accept-lineage.tsx";

const text = en.alarms.lineage;

/** A restored peer: what it offers, what it costs, and the step that accepts it. */
export function AlarmLineage({ alarm }: { alarm: Alarm }) {
  const peers = useQuery(orpc.peers.list.queryOptions({ input: {} })).data?.peers ?? [];
  const peer = peers.find(({ name }) => name === alarm.peer);
  const first = alarm.envelopes[0];
  return (
    <Section
      title={text.title}
      caption={<span className="fact">{alarm.detail}</span>}
      aside={<AcceptLineage peer={alarm.peer} lineage={alarm.detail} />}
    >
      <Facts rows="wide">
        {first === undefined ? null : (
          <Fact name={text.first}>
            <span className="fact">{text.firstText(first.batch)}</span>
          </Fact>
        )}
        {peer === undefined ? null : (
          <Fact name={text.hold}>{text.holdText(formatCount(peer.nextIn - 1))}</Fact>
        )}
        <Fact name={text.ours}>{text.oursText}</Fact>
        <Fact name={text.accepted}>{text.acceptedText}</Fact>
      </Facts>
    </Section>
  );
}

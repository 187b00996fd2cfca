import { en } from "../../../shared/strings/en.ts";
import { AskDialog } from "../../app/ask-dialog.tsx";
import { NoteSection } from "../../app/note-section.tsx";
import { useRefusal } from "../../app/session.ts";
import { client } from "../../rpc.ts";
import { WholeFact } from "../../ui/fact.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatCount } from "../../ui/format.ts";
import { Section } from "../../ui/section.tsx";
import { StationTag, type Side } from "../../ui/side.tsx";
import { Status } from "../../ui/status.tsx";
import { Time } from "../../ui/time.tsx";
import { AcceptLineage } from "./accept-lineage.tsx";
import { Listen } from "./listen.tsx";
import styles from "./own-card.module.css";
import { PeerLogs } from "./peer-logs.tsx";

const text = en.transfer.peers;

export interface PeerRow {
  readonly name: string;
  readonly station: string;
  readonly side: Side;
  readonly state: "pending" | "trusted" | "revoked";
  readonly fingerprint: string;
  readonly ageRecipient: string;
  readonly serial: number;
  readonly lineage: string | null;
  readonly offeredLineage: string | null;
  readonly addedAt: string;
  readonly trustedAt: string | null;
  readonly nextOut: number;
  readonly nextIn: number;
}

/** One peer: pairing while it is pending, its facts, and taking the trust back. */
export function PeerDetail({ peer }: { peer: PeerRow }) {
  return (
    <>
      {peer.state === "pending" ? <Listen peer={peer} below /> : null}
      {peer.offeredLineage === null ? null : <Lineage peer={peer.name} lineage={peer.offeredLineage} />}
      <Section
        title={<StationTag name={peer.name} side={peer.side} />}
        gap
        aside={peer.state === "trusted" ? <Revoke peer={peer.name} /> : undefined}
      >
        <PeerFacts peer={peer} />
      </Section>
      <NoteSection about="peer" peer={peer.name} />
      {peer.state === "trusted" ? <PeerLogs peer={peer.name} /> : null}
    </>
  );
}

export function PeerFacts({ peer }: { peer: PeerRow }) {
  return (
    <Facts rows="wide">
      <Fact name={text.facts.station}>
        <WholeFact value={peer.station} copy={text.facts.station} />
      </Fact>
      <Fact name={text.facts.side}>
        {en.ui.sides[peer.side]} <span className="dim">{text.otherSide}</span>
      </Fact>
      <Fact name={text.facts.key}>
        <WholeFact value={peer.fingerprint} copy={text.facts.key} />
      </Fact>
      <Fact name={text.facts.recipient}>
        <WholeFact value={peer.ageRecipient} copy={text.facts.recipient} />
      </Fact>
      <Fact name={text.facts.serial}>{formatCount(peer.serial)}</Fact>
      <Fact name={text.facts.added}>
        <Time at={peer.addedAt} />
      </Fact>
      {peer.lineage === null ? null : (
        <Fact name={text.facts.lineage}>
          <span className="fact">{peer.lineage}</span>
        </Fact>
      )}
    </Facts>
  );
}

function Revoke({ peer }: { peer: string }) {
  return (
    <AskDialog
      danger
      button={text.revoke}
      notYet={useRefusal("peers.manage")}
      title={text.revokeTitle(peer)}
      consequence={text.revokeConsequence}
      act={text.revoke}
      failed={text.revokeFailed}
      run={() => client.peers.revoke({ peer })}
    />
  );
}

/** A peer that was restored: it stays held until somebody here accepts its new lineage. */
function Lineage({ peer, lineage }: { peer: string; lineage: string }) {
  return (
    <Section title={<Status kind="held">{text.lineage(peer)}</Status>} gap>
      <div className={styles["actions"]}>
        <span className="fact">{lineage}</span>
        <AcceptLineage peer={peer} lineage={lineage} />
      </div>
    </Section>
  );
}

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useLocation } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { EditedMark } from "../../app/here.tsx";
import { useRefusal } from "../../app/session.ts";
import { orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { Columns } from "../../ui/columns.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { formatCount } from "../../ui/format.ts";
import type { StatusKind } from "../../ui/glyph.tsx";
import { Say } from "../../ui/say.tsx";
import { Section } from "../../ui/section.tsx";
import { StationTag } from "../../ui/side.tsx";
import { Status } from "../../ui/status.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import { AddCardDialog } from "./add-card-dialog.tsx";
import { OwnCard } from "./own-card.tsx";
import { PeerDetail, type PeerRow } from "./peer-detail.tsx";
import styles from "./gate-page.module.css";

const text = en.transfer.peers;

const shapes: Record<PeerRow["state"], StatusKind> = { pending: "held", trusted: "proved", revoked: "off" };

const columns: readonly Column<PeerRow>[] = [
  {
    id: "name",
    head: text.columns.name,
    width: 120,
    cell: (peer) => (
      <>
        <StationTag name={peer.name} side={peer.side} />
        <EditedMark kind="peer" name={peer.name} />
      </>
    ),
  },
  {
    id: "state",
    head: text.columns.state,
    width: 104,
    cell: (peer) => <Status kind={shapes[peer.state]}>{text.states[peer.state]}</Status>,
  },
  {
    id: "out",
    head: text.columns.nextOut,
    width: 84,
    figures: true,
    cell: (peer) => formatCount(peer.nextOut),
  },
  { id: "in", head: text.columns.nextIn, width: 72, figures: true, cell: (peer) => formatCount(peer.nextIn) },
  {
    id: "trusted",
    head: text.columns.trusted,
    cell: (peer) =>
      peer.trustedAt === null ? (
        <span className="dim">{en.ui.ledger.notYet}</span>
      ) : (
        <Time at={peer.trustedAt} />
      ),
  },
];

/** The stations whose cards we hold, our own card, and pairing. */
export function PeersPage({ chosen }: { chosen: string | undefined }) {
  const [, navigate] = useLocation();
  const role = useRefusal("peers.manage");
  const list = useQuery(orpc.peers.list.queryOptions({ input: {} }));
  const add = (
    <Button
      look={list.data?.peers.some((peer) => peer.state === "pending") ? "normal" : "primary"}
      icon={<Plus />}
      notYet={role}
      onClick={() => navigate("/transfer/peers/add")}
    >
      {text.add}
    </Button>
  );
  return (
    <Answer query={list} what={en.transfer.tabs.peers}>
      {({ peers }) => {
        const shown =
          peers.find((peer) => peer.name === chosen) ??
          peers.find((peer) => peer.state === "pending") ??
          peers[0];
        return (
          <div className={styles["gate"]}>
            <Say sentence={sentence(peers)} actions={add}>
              {text.about}
            </Say>
            <Columns kind="even">
              <div>
                <Section title={en.transfer.tabs.peers}>
                  {peers.length === 0 ? (
                    <EmptyState title={text.empty} about={text.emptyAbout} steps={text.emptySteps} />
                  ) : (
                    <Table
                      label={en.transfer.tabs.peers}
                      columns={columns}
                      rows={peers}
                      rowKey={(peer) => peer.name}
                      chosen={shown?.name}
                      onChoose={(peer) => navigate(`/transfer/peers/${peer.name}`)}
                    />
                  )}
                </Section>
                {shown === undefined ? null : <PeerDetail key={shown.name} peer={shown} />}
              </div>
              <OwnCard />
            </Columns>
            <AddCardDialog
              open={chosen === "add"}
              onClose={() => navigate("/transfer/peers")}
              onAdded={(name) => navigate(`/transfer/peers/${name}`)}
            />
          </div>
        );
      }}
    </Answer>
  );
}

function sentence(peers: readonly PeerRow[]): string {
  const pending = peers.find((peer) => peer.state === "pending");
  if (pending !== undefined) return text.say.pending(pending.name);
  const trusted = peers.filter((peer) => peer.state === "trusted").map((peer) => peer.name);
  if (trusted.length > 0) return text.say.trusted(trusted.join(", "));
  return peers.length === 0 ? text.say.none : text.say.revoked;
}

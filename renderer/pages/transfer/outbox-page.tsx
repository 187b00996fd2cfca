import { useQuery } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { useSession } from "../../app/session.ts";
import { orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatCount } from "../../ui/format.ts";
import { Say } from "../../ui/say.tsx";
import { Section } from "../../ui/section.tsx";
import { otherSide, StationTag } from "../../ui/side.tsx";
import { Status } from "../../ui/status.tsx";
import { Table } from "../../ui/table.tsx";
import { entryKey, useEntryColumns, type Entry } from "./entry-columns.tsx";
import { totalWaiting } from "./gate-facts.ts";
import { MissingNumbers } from "./missing-numbers.tsx";
import styles from "./gate-page.module.css";

const text = en.transfer.outbox;

interface Row {
  readonly peer: string;
  readonly requests: number;
  readonly responses: number;
  readonly receipts: number;
  readonly sealed: readonly Entry[];
  readonly missing: readonly number[];
}

/** What waits for each peer, and what is sealed and not yet imported there. */
export function OutboxPage() {
  const outbox = useQuery(orpc.transfer.outbox.queryOptions({ input: {} }));
  const [, navigate] = useLocation();
  return (
    <Answer query={outbox} what={en.transfer.tabs.outbox}>
      {({ peers }) => {
        const waits = peers.reduce((sum, peer) => sum + totalWaiting(peer), 0);
        const sealed = peers.reduce((sum, peer) => sum + peer.sealed.length, 0);
        return (
          <div className={styles["gate"]}>
            <Say
              sentence={
                waits + sealed === 0 ? text.say.none : text.say.some(formatCount(waits), formatCount(sealed))
              }
              actions={
                <Button look="primary" onClick={() => navigate("/transfer/export")}>
                  {text.export}
                </Button>
              }
            />
            {peers.length === 0 ? (
              <EmptyState title={text.empty} about={text.emptyAbout} />
            ) : (
              peers.map((peer) => <PeerOutbox key={peer.peer} row={peer} />)
            )}
            <MissingNumbers peer="" />
          </div>
        );
      }}
    </Answer>
  );
}

function PeerOutbox({ row }: { row: Row }) {
  const { side } = useSession();
  const [, navigate] = useLocation();
  const columns = useEntryColumns(false);
  return (
    <Section
      title={<StationTag name={row.peer} side={otherSide(side)} />}
      caption={row.sealed.length === 0 ? text.allImported : text.sealedCaption}
    >
      <Facts>
        <Fact name={text.requests}>{formatCount(row.requests)}</Fact>
        <Fact name={text.responses}>{formatCount(row.responses)}</Fact>
        <Fact name={text.receipts}>{formatCount(row.receipts)}</Fact>
        <Fact name={text.missing}>
          {row.missing.length === 0 ? (
            text.missingNone
          ) : (
            <Status kind="missing">{row.missing.slice(0, 20).join(", ")}</Status>
          )}
        </Fact>
      </Facts>
      {row.sealed.length === 0 ? null : (
        <Table
          label={text.sealed}
          columns={columns}
          rows={row.sealed}
          rowKey={entryKey}
          onChoose={(entry) => navigate(`/transfer/ledger/${entryKey(entry)}`)}
        />
      )}
    </Section>
  );
}

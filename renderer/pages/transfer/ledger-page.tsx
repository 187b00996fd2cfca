import { useQuery } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { useFilters } from "../../app/place.ts";
import { orpc } from "../../rpc.ts";
import { DetailSplit } from "../../ui/detail-split.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { formatCount } from "../../ui/format.ts";
import { LedgerLegend } from "../../ui/ledger-strip.tsx";
import { Pager, useKeyset } from "../../ui/pager.tsx";
import { Say } from "../../ui/say.tsx";
import { Section } from "../../ui/section.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { ColumnMenu, Table } from "../../ui/table.tsx";
import { entryKey, useEntryColumns } from "./entry-columns.tsx";
import { EntryDrawer } from "./entry-drawer.tsx";
import { MissingNumbers } from "./missing-numbers.tsx";
import { PeerStrips } from "./peer-strips.tsx";

const text = en.transfer.ledger;
const pageRows = 50;

/** Every batch and where it is in its life, newest first. */
export function LedgerPage({ batch }: { batch: string | undefined }) {
  const [, navigate] = useLocation();
  const filters = useFilters();
  const peer = filters.get("peer");
  const keyset = useKeyset();
  const columns = useEntryColumns(batch !== undefined);
  const strips = useQuery(orpc.watch.summary.queryOptions({ input: {} })).data?.strips ?? [];
  const peers = useQuery(orpc.peers.list.queryOptions({ input: {} })).data?.peers ?? [];
  const history = useQuery(
    orpc.transfer.history.queryOptions({
      input: {
        limit: pageRows,
        ...(peer === "" ? {} : { peer }),
        ...(keyset.after === undefined ? {} : { after: keyset.after }),
      },
    }),
  );
  const chosen = history.data?.batches.find((entry) => entryKey(entry) === batch);
  return (
    <DetailSplit
      width="drawer"
      detail={
        chosen === undefined ? null : (
          <EntryDrawer entry={chosen} onClose={() => navigate(filters.keep("/transfer/ledger"))} />
        )
      }
    >
      <Answer query={history} what={en.transfer.tabs.ledger}>
        {(data) =>
          data.batches.length === 0 && keyset.page === 0 ? (
            <EmptyState alone title={text.empty} about={text.emptyAbout} />
          ) : (
            <>
              <Say sentence={text.say(formatCount(data.batches.length))} />
              {peers.length < 2 ? null : (
                <Segmented
                  label={text.peer}
                  value={peer}
                  onChange={(next) => {
                    keyset.first();
                    filters.set({ peer: next });
                  }}
                  choices={[
                    { value: "", label: text.all },
                    ...peers.map((one) => ({ value: one.name, label: one.name })),
                  ]}
                />
              )}
              <MissingNumbers peer={peer} />
              {strips.length === 0 ? null : (
                <Section
                  title={en.transfer.gate.ledger}
                  caption={en.transfer.gate.ledgerCaption}
                  aside={<LedgerLegend />}
                >
                  <PeerStrips
                    strips={strips.filter((strip) => peer === "" || strip.peer === peer)}
                    cells={chosen === undefined ? 24 : 16}
                  />
                </Section>
              )}
              <Section
                title={en.transfer.tabs.ledger}
                aside={<ColumnMenu table="ledger" columns={columns} />}
              >
                <Table
                  id="ledger"
                  label={en.transfer.tabs.ledger}
                  columns={columns}
                  rows={data.batches}
                  rowKey={entryKey}
                  chosen={batch}
                  onChoose={(entry) => navigate(filters.keep(`/transfer/ledger/${entryKey(entry)}`))}
                  tone={(entry) => (entry.state === "refused" ? "lack" : "plain")}
                />
                <Pager
                  keyset={keyset}
                  next={data.next}
                  shown={en.ui.table.shown(formatCount(data.batches.length))}
                />
              </Section>
            </>
          )
        }
      </Answer>
    </DetailSplit>
  );
}

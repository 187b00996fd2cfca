import type { InferContractRouterOutputs } from "@orpc/contract";
import type { contract } from "../../../shared/contract/contract.ts";
import type { StripRow, TrafficPeer, WatchStore } from "./store.ts";

export type Summary = InferContractRouterOutputs<typeof contract.watch>["summary"];
export type Strip = Summary["strips"][number];
type Cell = Strip["cells"][number];

/** A strip of batches for each peer and way; a gap between two known numbers is a missing batch. */
export function trafficStrips(rows: WatchStore, peers: readonly TrafficPeer[], ownLineage: string): Strip[] {
  return peers.flatMap((peer) => {
    const ways: Strip[] = [];
    for (const own of [1, 0] as const) {
      const lineage = own === 1 ? ownLineage : peer.lineage;
      const known = lineage === null ? [] : rows.strip(peer.id, own, lineage);
      const cells = fillGaps(known, own === 1);
      const totals =
        lineage === null
          ? { sent: 0, carried: 0, received: 0, imported: 0 }
          : rows.totals(peer.id, own, lineage);
      const missing = cells.filter((cell) => cell.state === "missing").length;
      const carried = own === 1 ? totals.carried : totals.received;
      const sent = own === 1 ? totals.sent : totals.sent + missing;
      ways.push({
        peer: peer.name,
        peerSide: peer.side,
        way: own === 1 ? "out" : "in",
        cells,
        totals: { ...totals, sent, carried, missing },
      });
    }
    return ways;
  });
}

function fillGaps(rows: readonly StripRow[], own: boolean): Cell[] {
  const cells: Cell[] = [];
  let expected = rows[0]?.sequence ?? 1;
  for (const row of rows) {
    for (; expected < row.sequence; expected += 1) {
      cells.push({
        sequence: expected,
        batch: null,
        sent: true,
        carried: false,
        received: false,
        state: "missing",
      });
    }
    cells.push(own ? outCell(row) : inCell(row));
    expected = row.sequence + 1;
  }
  return cells;
}

function outCell(row: StripRow): Cell {
  const received = ["verified", "imported", "refused"].includes(row.state);
  return {
    sequence: row.sequence,
    batch: row.batch,
    sent: true,
    carried: row.copiedAt !== null,
    received,
    state: settledState(row) ?? (row.state === "verified" ? "yes" : "not-yet"),
  };
}

function inCell(row: StripRow): Cell {
  const here = ["importing", "verified", "imported", "refused", "held"].includes(row.state);
  const state = settledState(row) ?? (row.state === "importing" ? "running" : "not-yet");
  return { sequence: row.sequence, batch: row.batch, sent: true, carried: here, received: here, state };
}

function settledState(row: StripRow): Cell["state"] | null {
  if (row.state === "imported") return row.quarantined > 0 ? "quarantine" : "imported";
  if (row.state === "refused") return "refused";
  if (row.state === "voided" || row.state === "skipped") return "voided";
  return null;
}

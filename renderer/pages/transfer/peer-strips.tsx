import { useSession } from "../../app/session.ts";
import { LedgerStrip, type LedgerCell } from "../../ui/ledger-strip.tsx";
import type { Side } from "../../ui/side.tsx";

interface Strip {
  readonly peer: string;
  readonly peerSide: Side;
  readonly way: "out" | "in";
  readonly cells: readonly LedgerCell[];
  readonly totals: {
    readonly sent: number;
    readonly carried: number;
    readonly received: number;
    readonly imported: number;
    readonly missing: number;
  };
}

/** The strips of every peer, each way; at most `cells` columns, the newest. */
export function PeerStrips({ strips, cells }: { strips: readonly Strip[]; cells: number }) {
  const { name, side } = useSession();
  const us = { name, side };
  return strips.map((strip) => {
    const them = { name: strip.peer, side: strip.peerSide };
    const [from, to] = strip.way === "out" ? [us, them] : [them, us];
    return (
      <LedgerStrip
        key={`${strip.peer} ${strip.way}`}
        from={from}
        to={to}
        cells={strip.cells.slice(-cells)}
        totals={strip.totals}
      />
    );
  });
}

import { median, type Figure } from "./figure.ts";
import { work } from "./process.ts";

/** Two sizes, the second made and indexed in about three minutes: the most that an affordable bench can ask for. */
const sizes = [1_000_000, 5_000_000];
const rounds = 5;

interface Measured {
  readonly indexed: number;
  readonly verify: {
    readonly ours: readonly number[];
    readonly core: readonly number[];
    readonly theirs: readonly number[];
  };
  readonly searches: Readonly<
    Record<string, { readonly ours: readonly number[]; readonly theirs: readonly number[] }>
  >;
}

const searchPeers: Readonly<Record<string, string>> = {
  "a frequent word, newest 50": "FTS5, best 50 by bm25",
  "a rare word, newest 50": "full scan with LIKE",
  "two words and an actor, newest 50": "FTS5, best 50 by bm25",
  "a frequent word, 50 from the middle": "FTS5, best 50 by bm25",
  "50 from the middle": "LIMIT 50 OFFSET half",
  "an hour in the middle, newest 50": "LIMIT 50 OFFSET half",
};

/** Verification and search of a long log, against what SQLite does by itself with the same file. */
export async function benchAuditRead(scratch: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const count of sizes) {
    const measured = await work<Measured>("./work-audit-read.ts", [scratch, String(count), String(rounds)]);
    const events = `${count.toLocaleString("en")} events`;
    const { verify } = measured;
    figures.push(
      {
        bench: "audit verify",
        work: `${events}, every leaf, node, column and the root, on one core`,
        unit: "events/s",
        ours: verify.core,
        peer: "scan and SHA-256 of each row, nothing compared",
        theirs: verify.theirs,
        goal: "250,000 events/s a core",
        note: `index made at ${Math.round(measured.indexed).toLocaleString("en")} events/s`,
      },
      {
        bench: "audit verify",
        work: `${events}, the same as the station does it, in threads beside its own`,
        unit: "events/s",
        ours: verify.ours,
        peer: "scan and SHA-256 of each row, nothing compared",
        theirs: verify.theirs,
        goal: "250,000 events/s a core",
        note: "",
      },
    );
    for (const [name, { ours, theirs }] of Object.entries(measured.searches)) {
      // Pages a second, so that more is better, as in every other line.
      const perSecond = (times: readonly number[]) => times.map((ms) => 1000 / ms);
      const page = name.includes("middle");
      figures.push({
        bench: "audit search",
        work: `${events}, ${name}`,
        unit: "pages/s",
        ours: perSecond(ours),
        peer: searchPeers[name] ?? "",
        theirs: perSecond(theirs),
        goal: page ? "1 ms a page" : "5 ms a page",
        note: `${median(ours).toFixed(2)} ms a page`,
      });
    }
  }
  return figures;
}

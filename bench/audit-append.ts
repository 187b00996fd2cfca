import type { Figure } from "./figure.ts";
import { work } from "./process.ts";

const sizes = [2_000, 20_000];
const rounds = 5;

interface Rates {
  readonly singles: number;
  readonly groups: number;
  readonly raw: number;
}

/** Durable events one by one and in groups, against raw appends of 4 KiB with fdatasync on the same disk. */
export async function benchAuditAppend(scratch: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const count of sizes) {
    const runs: Rates[] = [];
    for (let round = 0; round < rounds; round += 1) {
      runs.push(await work<Rates>("./work-audit.ts", [scratch, String(count)]));
    }
    const common = {
      unit: "events/s",
      peer: "append 4 KiB and fdatasync",
      theirs: runs.map((run) => run.raw),
    };
    const events = `${count.toLocaleString("en")} events`;
    figures.push(
      {
        ...common,
        bench: "audit append",
        work: `${events}, each durable before the next`,
        ours: runs.map((run) => run.singles),
        goal: "85 % of raw",
        note: "",
      },
      {
        ...common,
        bench: "audit append",
        work: `${events} in groups of 64`,
        ours: runs.map((run) => run.groups),
        goal: "50,000 events/s",
        note: "",
      },
    );
  }
  return figures;
}

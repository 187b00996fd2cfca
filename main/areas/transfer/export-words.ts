import type { Job } from "../../station/changes.ts";
import type { ReadBack } from "../media/service.ts";

interface Carried {
  readonly sequence: number | null;
  readonly readBack: ReadBack | null;
}

/** What an export did, as far as its last sentence depends on it. */
export interface ExportResult {
  readonly peer: string;
  /** The medium's folder. */
  readonly path: string;
  readonly written: Carried;
  readonly again: readonly Carried[];
  /** Why the read-back was no better. */
  readonly why: string;
}

type LastWords = Pick<Job, "sentence" | "remedy" | "verdict">;

const order = ["none", "direct", "remounted"] as const satisfies ReadBack[];

/** The last sentence of an export. *Safe to carry* needs every byte and name read back from the medium. */
export function lastWords({ peer, path, written, again, why }: ExportResult): LastWords {
  const carried = [...again, written].filter((each) => each.sequence !== null);
  if (carried.length === 0) {
    return {
      sentence: `Nothing to carry: nothing waits for ${peer}, and it has settled all that was sealed.`,
      remedy: "",
      verdict: "done",
    };
  }
  const what = `${batches(carried)} for ${peer}`;
  const one = carried.length === 1;
  switch (weakest(carried)) {
    case "remounted":
      return {
        sentence: `Safe to carry. ${what} ${one ? "was" : "were"} read back whole from ${path} after it was mounted again.`,
        remedy: "Unmount it, pull it out and walk.",
        verdict: "proved",
      };
    case "direct":
      return {
        sentence: `Data read back; names not. ${what} ${one ? "is" : "are"} on ${path}; every byte was read past the cache.`,
        remedy: "Unmount the medium before you pull it out; that writes the last names.",
        verdict: "done",
      };
    case "none":
      return {
        sentence: `Written, not proved. ${what} ${one ? "is in" : "are in"} ${path} and ${one ? "was" : "were"} read again, but not from a medium. ${why}`,
        remedy: "To be safe to carry, export onto a stick that is mounted on its own.",
        verdict: "warn",
      };
  }
}

function weakest(carried: readonly Carried[]): ReadBack {
  return order.find((way) => carried.some((each) => each.readBack === way)) ?? "none";
}

/** "Batch 3", "Batches 2 and 3", "Batches 1, 2 and 3". */
function batches(carried: readonly Carried[]): string {
  const numbers = carried.map((each) => String(each.sequence));
  const last = numbers.pop() ?? "";
  return numbers.length === 0 ? `Batch ${last}` : `Batches ${numbers.join(", ")} and ${last}`;
}

import { Refusal } from "../../../shared/errors.ts";
import { reaches } from "../../../shared/narrowing.ts";
import type { Call } from "../../station/kernel.ts";

interface Bag {
  readonly name: string;
  readonly peer: string | null;
}

/** Whether a bag is one that the caller's roles reach; one of nobody whom we know is everybody's to look at. */
export function mayLookAt({ grants }: Call, { peer }: Bag): boolean {
  return peer === null || reaches(grants, "transfer.read", { peer });
}

/**
 * A medium carries bags of any peer, and an import takes in what is there: whoever is narrowed to some peers imports a
 * medium of those alone. Throws `not-allowed` naming the first bag of another; nothing was taken in yet.
 */
export function expectWithinReach({ operator, grants }: Call, bags: readonly Bag[]): void {
  for (const { name, peer } of bags) {
    if (peer === null || reaches(grants, "transfer.import", { peer })) continue;
    throw new Refusal(
      "not-allowed",
      `${operator} may not do this: ${name} is of the peer ${peer}, and their role is narrowed to others.`,
      { safe: "Nothing was imported.", remedy: "Somebody whose role reaches all of these peers imports it." },
    );
  }
}

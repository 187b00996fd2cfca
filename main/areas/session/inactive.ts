import type { Kernel } from "../../station/kernel.ts";
import { isActive, mayAdminister, mayApprove } from "../../station/keys/standing.ts";
import type { KeyStore, OperatorRow } from "../../station/keys/store.ts";
import type { FactorStore } from "./store.ts";

const dayMs = 24 * 60 * 60_000;

/** In a station for two, so many stay who can agree, however long nobody came. */
const fewestApprovers = 2;

/**
 * Disables who has not signed in for as many days as the profile says, and returns their names. Never the last
 * administrator, nor so many that fewer than two could agree: a clock that jumps must not close a station.
 */
export function disableInactive(kernel: Kernel, keys: KeyStore, factors: FactorStore): string[] {
  const { inactiveDays } = factors.profile();
  if (inactiveDays === null || kernel.founded() === null) return [];
  const now = kernel.clock();
  const oldest = new Date(now.getTime() - inactiveDays * dayMs).toISOString();
  const gone = keys.operators().filter((row) => isActive(row) && lastSeen(row) < oldest);
  const disabled: string[] = [];
  for (const row of gone.toSorted((a, b) => (lastSeen(a) < lastSeen(b) ? -1 : 1))) {
    if (isNeeded(kernel, keys, row)) continue;
    kernel.store.write(() => {
      keys.disable(row.id, now.toISOString(), `not signed in for ${inactiveDays} days`);
      kernel.audit.append({
        actor: "system",
        action: "operators.disabled-inactive",
        object: row.name,
        outcome: "done",
        details: { days: inactiveDays, lastSeen: lastSeen(row) },
      });
    });
    disabled.push(row.name);
  }
  if (disabled.length > 0) kernel.changes.publish("operators", "audit");
  return disabled;
}

/** Signed in, let in or enabled again: each begins the time anew. */
function lastSeen(row: OperatorRow): string {
  return [row.signed_in_at ?? "", row.created_at, row.raised_at ?? ""].toSorted().at(-1) ?? row.created_at;
}

function isNeeded(kernel: Kernel, keys: KeyStore, row: OperatorRow): boolean {
  const others = keys.operators().filter((other) => other.id !== row.id);
  if (mayAdminister(row) && !others.some(mayAdminister)) return true;
  const forTwo = kernel.founded()?.people === "two";
  return forTwo && mayApprove(row) && others.filter(mayApprove).length < fewestApprovers;
}

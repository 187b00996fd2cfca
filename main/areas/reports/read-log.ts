import { setImmediate } from "node:timers/promises";
import { Refusal } from "../../../shared/errors.ts";
import type { StoredCheckpoint } from "../../station/audit/checkpoints.ts";
import { parseLeaf, type AuditEvent } from "../../station/audit/event.ts";
import { CompactRange } from "../../station/audit/tree.ts";
import { checkRange, rangeEvents } from "../../station/audit/verify-range.ts";
import type { Kernel } from "../../station/kernel.ts";

const pageEvents = 1000;

/**
 * Recomputes the log from its stored bytes up to a checkpoint. Returns how many events were purged. Throws `refused` where
 * it doesn't lead to the checkpoint's root: no report is made from a log that is not what was signed.
 */
export async function expectAsSigned(kernel: Kernel, checkpoint: StoredCheckpoint): Promise<number> {
  const range = new CompactRange();
  let purged = 0;
  while (range.size < checkpoint.size) {
    kernel.stopping.throwIfAborted();
    const to = Math.min(checkpoint.size, range.size + rangeEvents);
    const checked = checkRange(kernel.store, range.size, to);
    if (checked.firstBad !== null)
      throw broken(`Event ${checked.firstBad} is missing or not what was signed.`);
    for (const { hash, level } of checked.subtrees) range.append(hash, undefined, level);
    purged += checked.purged;
    await setImmediate();
  }
  if (range.root().equals(checkpoint.root)) return purged;
  throw broken(`The first ${checkpoint.size} events do not lead to the root that was signed.`);
}

function broken(what: string): Refusal {
  return new Refusal("refused", `${what} No report is made from this log.`, {
    safe: "Nothing was handed out.",
    remedy: "Run audit verify: it names the first bad event.",
  });
}

/** Which events a report is made from. */
export interface Wanted {
  readonly from: number;
  readonly to: number;
  /** Only these actions; each is looked up by its index. */
  readonly actions?: readonly string[];
}

/** The events in order of their numbers, some at a time, so that the station answers others meanwhile. */
export async function* eventsOf(kernel: Kernel, { from, to, actions }: Wanted): AsyncGenerator<AuditEvent> {
  const some = actions === undefined ? "" : `AND action IN (${actions.map(() => "?").join(", ")})`;
  const page = kernel.store.prepare(
    `SELECT seq, leaf FROM audit_event WHERE seq >= ? AND seq <= ? ${some} ORDER BY seq LIMIT ?`,
  );
  let at = from;
  while (at <= to) {
    kernel.stopping.throwIfAborted();
    const rows = page.all(at, to, ...(actions ?? []), pageEvents) as { seq: number; leaf: Buffer }[];
    for (const row of rows) {
      const event = parseLeaf(row.leaf);
      if (event !== null) yield event;
    }
    if (rows.length < pageEvents) return;
    at = (rows.at(-1)?.seq ?? to) + 1;
    await setImmediate();
  }
}

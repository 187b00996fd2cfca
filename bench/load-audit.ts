import { eventLeaf } from "../main/station/audit/event.ts";
import { storedTree } from "../main/station/audit/nodes.ts";
import { CompactRange, leafHash } from "../main/station/audit/tree.ts";
import type { Store } from "../main/station/store/store.ts";

/** Events a transaction: the loader measures nothing, so it may take what no station would. */
const transactionEvents = 20_000;

/** A frequent word stands in a third of the events, a rare one in one of 5,000 (research/audit-ops.md 2.2). */
export const words = { frequent: "echo", rare: "seldom" } as const;
const actors = ["ada", "grace", "edsger", "barbara", "station"];
const kinds = [words.frequent, "search", "convert"];

function eventOf(sequence: number) {
  const rare = sequence % 5_000 === 0;
  return {
    sequence,
    // One a second from a moment on, so that a range of time is a range of numbers.
    at: new Date(Date.UTC(2026, 0, 1) + sequence * 1000).toISOString(),
    actor: actors[sequence % actors.length] ?? "ada",
    action: sequence % 7 === 0 ? "transfer.batch-sealed" : "requests.submitted",
    object: `r-${sequence.toString(36).padStart(12, "0")}`,
    outcome: "done" as const,
    details: {
      count: (sequence % 17) + 1,
      kind: rare ? words.rare : (kinds[sequence % kinds.length] ?? ""),
      user: `user-${sequence % 900}`,
      sha256: (sequence * 2_654_435_761).toString(16).padStart(16, "0"),
    },
  };
}

/**
 * Fills an empty log with `count` events: real leaves by the real encoder, the real tree, the real tables with their
 * triggers. Only the transactions are larger than any that a station makes.
 */
export function loadEvents(store: Store, count: number): void {
  const insert = store.prepare(
    "INSERT INTO audit_event (seq, leaf, hash, at, actor, action) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const tree = storedTree(store);
  const range = new CompactRange();
  while (range.size < count) {
    store.write(() => {
      for (let each = 0; each < transactionEvents && range.size < count; each += 1) {
        const event = eventOf(range.size + 1);
        const leaf = eventLeaf(event);
        const hash = leafHash(leaf);
        insert.run(event.sequence, leaf, hash, event.at, event.actor, event.action);
        range.append(hash, tree.complete);
      }
      store.prepare("UPDATE audit_head SET size = ?, subtrees = ?").run(range.size, range.subtrees());
    });
  }
}

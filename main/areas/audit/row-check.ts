import { setImmediate } from "node:timers/promises";
import type { Store } from "../../station/store/store.ts";
import { wordsOf } from "./words.ts";

/** About 5 ms of work, then others have their turn. */
const stepEvents = 500;

/**
 * Whether the search index finds every event that it says it holds. A row that was taken out of it (research/audit-ops.md 0,
 * fact 7) is missing under both its actor and its action; single words of other fields are not compared.
 */
export function createRowCheck(store: Store, isClosed: () => boolean) {
  const rows = store.prepare("SELECT seq, actor, action FROM audit_event WHERE seq > ? AND seq <= ?");
  // FTS5 seeks to an integer alone, and numbers of JavaScript are bound as reals.
  const find = store
    .prepare(
      `SELECT rowid FROM audit_text WHERE audit_text MATCH ?
       AND rowid > CAST(? AS INTEGER) AND rowid <= CAST(? AS INTEGER)`,
    )
    .pluck();

  /** Of one step: the numbers of the events by the expression that must find them. */
  function expected(after: number, to: number): Map<string, number[]> {
    const wanted = new Map<string, number[]>();
    for (const row of rows.all(after, to) as { seq: number; actor: string; action: string }[]) {
      for (const field of ["actor", "action"] as const) {
        const words = wordsOf(row[field]);
        // Two programs fold other letters differently; and what has no word is found by none.
        if (words.length === 0 || !words.every((word) => /^[a-z0-9]+$/.test(word))) continue;
        const expression = `${field} : "${words.join(" ")}"`;
        const numbers = wanted.get(expression);
        if (numbers === undefined) wanted.set(expression, [row.seq]);
        else numbers.push(row.seq);
      }
    }
    return wanted;
  }

  return {
    /** @param through the last event that the index says it holds */
    async isFound(through: number): Promise<boolean> {
      for (let after = 0; after < through && !isClosed(); after += stepEvents) {
        const to = Math.min(through, after + stepEvents);
        for (const [expression, numbers] of expected(after, to)) {
          const found = new Set(find.all(expression, after, to));
          if (!numbers.every((number) => found.has(number))) return false;
        }
        await setImmediate();
      }
      return true;
    },
  };
}

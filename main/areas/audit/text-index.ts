import { setImmediate } from "node:timers/promises";
import type { Kernel } from "../../station/kernel.ts";
import { createRowCheck } from "./row-check.ts";

/**
 * The search index. It follows the log behind a high-water mark, outside the commits of operations: inside them it halved
 * their rate (6.2 to 3.8 thousand a second, research/audit-ops.md 2.1).
 */
export interface TextIndex {
  /** The last event that it holds. */
  through(): number;
  /** Begins to follow, where it doesn't yet; nobody waits. */
  follow(): void;
  /** Follows up to the log's present end. */
  catchUp(): Promise<void>;
  /**
   * Compares the index with the log; makes it anew when they differ. Word for word where that holds the station up for half
   * a second at most (one piece of work of 2.5 seconds for each million events); in a longer log every event must be found
   * by its actor and its action, in small steps.
   */
  check(): Promise<"whole" | "found" | "rebuilt">;
  close(): void;
}

/** After the last commit, so that a burst is indexed at once. */
const followDelayMs = 1000;
/** About 10 ms of work, then others have their turn. */
const stepEvents = 500;
/** Half a second for the check. */
const mostCheckedWhole = 200_000;

/** @param mostChecked events up to which the check is word for word */
export function createTextIndex(
  { audit, log, store }: Pick<Kernel, "audit" | "log" | "store">,
  mostChecked = mostCheckedWhole,
): TextIndex {
  const everyRow = createRowCheck(store, () => closed);
  const readMark = store.prepare("SELECT indexed FROM audit_standing").pluck();
  const writeMark = store.prepare("UPDATE audit_standing SET indexed = ?");
  const insert = store.prepare(
    `INSERT INTO audit_text (rowid, actor, action, object, outcome, details)
     SELECT seq, actor, action, object, outcome, details FROM audit_text_source WHERE seq > ? AND seq <= ?`,
  );
  let closed = false;
  let following: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const through = (): number => Number(readMark.get());

  function step(): boolean {
    const mark = through();
    const last = audit.head().events;
    // A log that was cut back: the index would name what is no longer there.
    if (mark > last) rebuild();
    if (mark >= last) return mark > last;
    const to = Math.min(last, mark + stepEvents);
    store.write(() => {
      insert.run(mark, to);
      writeMark.run(to);
    });
    return true;
  }

  async function follow(): Promise<void> {
    while (!closed && step()) await setImmediate();
  }

  function rebuild(): void {
    store.write(() => {
      store.prepare("INSERT INTO audit_text (audit_text) VALUES ('delete-all')").run();
      writeMark.run(0);
    });
  }

  function isWhole(): boolean {
    try {
      // Rank 1 compares with the content; without it a row that was taken out of the index goes unseen (fact 7).
      store.write(() =>
        store.prepare("INSERT INTO audit_text (audit_text, rank) VALUES ('integrity-check', 1)").run(),
      );
      return true;
    } catch (error) {
      log.error({ error: String(error) }, "the search index is not what the log says");
      return false;
    }
  }

  // Cleared in a later turn than it is set, also where there was nothing to do: else it would be kept, and never follow again.
  const catchUp = (): Promise<void> =>
    (following ??= follow().finally(() => {
      following = undefined;
    }));

  function begin(): void {
    catchUp().catch((error: unknown) =>
      log.error({ error: String(error) }, "the search index could not follow"),
    );
  }

  audit.listen(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      begin();
    }, followDelayMs).unref();
  });

  return {
    through,
    follow: begin,
    catchUp,
    async check() {
      await catchUp();
      if (audit.head().events > mostChecked) {
        if (await everyRow.isFound(through())) return "found";
        rebuild();
        await catchUp();
        return "rebuilt";
      }
      // What came since the last step, so that both sides end at the same event.
      while (step());
      if (isWhole()) return "whole";
      rebuild();
      await catchUp();
      return "rebuilt";
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

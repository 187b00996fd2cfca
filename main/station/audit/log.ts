import { Refusal } from "../../../shared/errors.ts";
import type { Store } from "../store/store.ts";
import { auditAlarms, type AuditAlarms } from "./alarms.ts";
import { eventLeaf, type AuditEvent, type DetailValue, type Outcome } from "./event.ts";
import { watchJournal } from "./journal.ts";
import { fillStoredTree, storedLevel, storedTree, type StoredTree } from "./nodes.ts";
import { CompactRange, leafHash } from "./tree.ts";
import { checkRange, rangeEvents, type CheckedRange } from "./verify-range.ts";

export interface AppendedEvent {
  readonly actor: string;
  readonly action: string;
  readonly object: string;
  readonly outcome: Outcome;
  readonly details: Readonly<Record<string, DetailValue>>;
}

export interface AuditHead {
  readonly events: number;
  /** RFC 6962 root, 64 hex digits. */
  readonly root: string;
}

export interface Verification extends AuditHead {
  readonly ok: boolean;
  /** Sequence of the first event that is missing or is not what was hashed; null when all are. */
  readonly firstBad: number | null;
  /** Events whose bytes were purged with their segment; their leaf hashes still lead to the root. */
  readonly purged: number;
}

export interface AuditLog {
  /**
   * Appends one event. Must run inside a transaction, the one of its effect. Returns its number. Throws `not-ready` when
   * the database's own journal was taken away from under the station: a commit would be lost without a word.
   */
  append(event: AppendedEvent): number;
  /** Number of events and root as committed. */
  head(): AuditHead;
  /**
   * Recomputes everything from the stored bytes, a range at a time; `pause` runs between ranges with how far it is. `check`
   * recomputes a range elsewhere (a thread), `threads` of them at once; without it they run here, one after the other.
   */
  verify(
    pause?: (checked: number, events: number) => Promise<void>,
    check?: (from: number, to: number) => Promise<CheckedRange>,
    threads?: number,
  ): Promise<Verification>;
  /** The stored tree, for proofs. What it says is worth what the head's root says. */
  readonly tree: StoredTree;
  readonly alarms: AuditAlarms;
  /** Calls back after each appended event, still inside its transaction: only to set a timer. */
  listen(appended: () => void): void;
}

interface HeadRow {
  size: number;
  subtrees: Buffer;
}

export function createAuditLog(store: Store, clock: () => Date): AuditLog {
  const readHead = store.prepare("SELECT size, subtrees FROM audit_head");
  const writeHead = store.prepare("UPDATE audit_head SET size = ?, subtrees = ?");
  const insert = store.prepare(
    "INSERT INTO audit_event (seq, leaf, hash, at, actor, action) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const beyond = store.prepare("SELECT 1 FROM audit_event WHERE seq > ? LIMIT 1");
  const storedNode = store.prepare("SELECT hash FROM audit_node WHERE level = ? AND position = ?").pluck();
  const tree = storedTree(store);
  const alarms = auditAlarms(store);
  const journal = watchJournal(store);
  const listeners: (() => void)[] = [];

  function headRow(): HeadRow {
    return readHead.get() as HeadRow;
  }

  /** Fails closed, with a sentence, where rows were removed from the end: the next number isn't the head's. */
  function insertNext(event: AuditEvent, leaf: Buffer, hash: Buffer): void {
    try {
      insert.run(event.sequence, leaf, hash, event.at, event.actor, event.action);
    } catch (cause) {
      if (!(cause instanceof Error) || !cause.message.includes("takes only the next number")) throw cause;
      throw new Refusal(
        "not-ready",
        `The log can't take event ${event.sequence}: rows at its end were removed or put in. Nothing that must be logged can be done.`,
        {
          safe: "Nothing was changed.",
          remedy: "Keep the whole directory as it is, as evidence, and go on from a backup.",
        },
        { cause },
      );
    }
  }

  fillStoredTree(store, tree, headRow().size);

  return {
    tree,
    alarms,
    listen: (appended) => void listeners.push(appended),

    append(input) {
      if (!store.db.inTransaction) throw new Error(`event ${input.action} outside a transaction`);
      const head = headRow();
      const event: AuditEvent = { sequence: head.size + 1, at: clock().toISOString(), ...input };
      const leaf = eventLeaf(event);
      const hash = leafHash(leaf);
      journal.expectOurs();
      insertNext(event, leaf, hash);
      const range = new CompactRange(head.size, head.subtrees);
      range.append(hash, tree.complete);
      writeHead.run(range.size, range.subtrees());
      for (const appended of listeners) appended();
      return event.sequence;
    },

    head() {
      const head = headRow();
      return { events: head.size, root: new CompactRange(head.size, head.subtrees).root().toString("hex") };
    },

    async verify(pause, check = (from, to) => Promise.resolve(checkRange(store, from, to)), threads = 1) {
      const head = headRow();
      const range = new CompactRange();
      let firstBad: number | null = null;
      let purged = 0;
      const bad = (sequence: number): void => {
        firstBad = Math.min(firstBad ?? sequence, sequence);
      };
      const running: Promise<CheckedRange>[] = [];
      let begun = 0;
      const begin = (): void => {
        if (begun >= head.size) return;
        const to = Math.min(head.size, begun + rangeEvents);
        const one = check(begun, to);
        // Whoever waits for it hears of it; one that is never waited for, because an earlier range was bad, is not unhandled.
        one.catch(() => {});
        running.push(one);
        begun = to;
      };
      for (let thread = 0; thread < threads; thread += 1) begin();
      for (let next = running.shift(); next !== undefined && firstBad === null; next = running.shift()) {
        const checked = await next;
        begin();
        if (checked.firstBad !== null) bad(checked.firstBad);
        purged += checked.purged;
        for (const { level, hash } of checked.subtrees) {
          range.append(
            hash,
            (above, position, made) => {
              if (above < storedLevel) return;
              const stored = storedNode.get(above, position) as Buffer | undefined;
              if (stored?.equals(made) !== true) bad(position * 2 ** above + 1);
            },
            level,
          );
        }
        await pause?.(range.size, head.size);
      }
      if (firstBad === null) firstBad = firstDifferingSubtree(range.subtrees(), head);
      // A row beyond the head was not appended through the log.
      if (firstBad === null && beyond.get(head.size) !== undefined && headRow().size === head.size) {
        firstBad = head.size + 1;
      }
      return {
        ok: firstBad === null,
        events: range.size,
        root: range.root().toString("hex"),
        firstBad,
        purged,
      };
    },
  };
}

/**
 * Bytes and hash of a row changed together agree with each other, but not with the head. The head knows
 * only subtrees, so the answer is the first event below the first subtree that differs.
 */
function firstDifferingSubtree(computed: Buffer, head: HeadRow): number | null {
  if (computed.equals(head.subtrees)) return null;
  let first = 1;
  for (let bit = 52, index = 0; bit >= 0; bit -= 1) {
    const leaves = 2 ** bit;
    if (Math.floor(head.size / leaves) % 2 === 0) continue;
    const from = index * 32;
    if (!computed.subarray(from, from + 32).equals(head.subtrees.subarray(from, from + 32))) return first;
    first += leaves;
    index += 1;
  }
  return first;
}

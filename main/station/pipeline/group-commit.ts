import type { Store } from "../store/store.ts";

/** Whole operations that wait for one commit together. */
export interface GroupCommit {
  /**
   * Runs a whole operation, synchronous and with no effect but on the database, in one transaction with the others that
   * came in the same turn of the loop: each under a savepoint of its own. Resolves after COMMIT has returned; rejects with
   * what the operation threw, which is rolled back alone, or with what kept the transaction from being committed.
   */
  run<T>(operation: () => T): Promise<T>;
}

interface Waiting {
  readonly operation: () => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Operations a transaction. One fdatasync for 64 events is worth eight times the rate of one each (research/audit-ops.md
 * 2.1: 7 to 74 thousand a second); more of them only make the first one wait.
 */
const mostTogether = 64;

export function createGroupCommit(store: Store): GroupCommit {
  const waiting: Waiting[] = [];
  let flushing: NodeJS.Immediate | undefined;

  function flush(): void {
    flushing = undefined;
    const group = waiting.splice(0, mostTogether);
    if (waiting.length > 0) flushing = setImmediate(flush);
    try {
      const outcomes = store.together(group.map(({ operation }) => operation));
      // From here on it is on the disk: nobody was answered before.
      for (const [at, outcome] of outcomes.entries()) {
        if (outcome.ok) group[at]?.resolve(outcome.value as never);
        else group[at]?.reject(outcome.error);
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  return {
    run: (operation) =>
      new Promise((resolve, reject) => {
        waiting.push({ operation, resolve, reject });
        flushing ??= setImmediate(flush);
      }),
  };
}

/** Bodies of more than this are worth a transaction of their own. */
const smallBodyChars = 64 * 1024;

/**
 * Operations that may share a transaction, and for which input. Each is one synchronous piece: everything that it does is in
 * its commit, and after it it only hints to windows that something changed. What touches files, keys or sessions is not here.
 */
const sharing: Readonly<Record<string, (input: unknown) => boolean>> = {
  "requests.submit": (input) => {
    const { source } = input as { source: { text?: string } };
    return source.text !== undefined && source.text.length <= smallBodyChars;
  },
  "audit.hold": () => true,
  "audit.saveSearch": () => true,
  "audit.removeSearch": () => true,
};

export function mayShareCommit(operation: string, input: unknown): boolean {
  return Object.hasOwn(sharing, operation) && sharing[operation]?.(input) === true;
}

import { statSync } from "node:fs";
import { Refusal } from "../../../shared/errors.ts";
import type { Store } from "../store/store.ts";

/** Tells when the files of an open database were taken away from under it. */
export interface JournalWatch {
  /** Throws `not-ready` when station.db or its journal is not the file that was opened. */
  expectOurs(): void;
}

/**
 * A naive copy of an open database, or a second SQLite in the process, can unlink its -wal file: every later commit would
 * then be acknowledged and lost (research/audit-ops.md 0, facts 4 and 5). Asking for the file's number opens nothing, so it
 * breaks no lock; once for each synchronous piece of work it costs a few microseconds of a commit's 130.
 */
export function watchJournal(store: Store): JournalWatch {
  const paths = [store.db.name, `${store.db.name}-wal`];
  let seen: readonly (number | undefined)[] | undefined;
  const look = (): readonly (number | undefined)[] =>
    paths.map((path) => statSync(path, { throwIfNoEntry: false })?.ino);
  let looked = false;
  return {
    expectOurs() {
      // A transaction never spans an await: what was true at its first event is looked at again after it.
      if (looked) return;
      const now = look();
      // Inside a transaction both exist. What was there at the first event is ours.
      seen ??= now;
      const lost = paths.findIndex((_, at) => now[at] !== seen?.[at]);
      if (lost === -1) {
        looked = true;
        queueMicrotask(() => {
          looked = false;
        });
        return;
      }
      throw new Refusal(
        "not-ready",
        `${paths[lost]} was replaced or removed while the station was open. Nothing more is written: it would be lost.`,
        {
          safe: "What was committed before stands in the files as they were opened.",
          remedy:
            "Close this station now, keep the whole directory as it is, and find out which program touched it (a copy, a backup, a virus scanner).",
        },
      );
    },
  };
}

import { setImmediate } from "node:timers/promises";
import type { Verification } from "../../station/audit/log.ts";
import { rangeEvents, type CheckedRange } from "../../station/audit/verify-range.ts";
import type { Kernel } from "../../station/kernel.ts";
import { createPool, defaultThreads, type Pool } from "../../station/pool/pool.ts";

export interface VerifyTasks {
  readonly "check-range": {
    readonly payload: { readonly path: string; readonly from: number; readonly to: number };
    readonly result: CheckedRange;
  };
}

/** Verifies the whole log, once at a time, and remembers how far it was found whole. */
export interface WholeVerification {
  /** Everything recomputed from the stored bytes; a second caller gets the answer of the running one. */
  run(): Promise<Verification>;
  /** How far the running one is, or null. */
  running(): { checked: number; events: number } | null;
  /** The last one that found nothing wrong. It says how far somebody looked; it is no proof. */
  last(): { events: number; root: string; at: string } | null;
}

/** @param firstUnsigned the first event that is gone without a signed stub, or null */
export function createVerification(
  { audit, clock, paths, store }: Kernel,
  firstUnsigned: () => number | null = () => null,
): WholeVerification {
  let current: Promise<Verification> | undefined;
  let progress: { checked: number; events: number } | null = null;

  /**
   * A log of one range is done here in less than a thread takes to start; a longer one is for threads, so that the station
   * goes on answering. They read what is committed.
   */
  async function verify(): Promise<Verification> {
    const pool = audit.head().events > rangeEvents ? createVerifyPool() : undefined;
    const check = pool === undefined ? undefined : checkIn(pool, paths.database);
    try {
      const noteProgress = (checked: number, events: number) => {
        progress = { checked, events };
        return setImmediate();
      };
      const found = await audit.verify(noteProgress, check, pool?.threads);
      const unsigned = found.ok && found.purged > 0 ? firstUnsigned() : null;
      const result = unsigned === null ? found : { ...found, ok: false, firstBad: unsigned };
      if (result.ok) keep(result);
      return result;
    } finally {
      current = undefined;
      progress = null;
      await pool?.close();
    }
  }

  function keep({ events, root }: Verification): void {
    const sql = "UPDATE audit_standing SET verified_size = ?, verified_root = ?, verified_at = ?";
    store.write(() => store.prepare(sql).run(events, Buffer.from(root, "hex"), clock().toISOString()));
  }

  return {
    run: () => (current ??= verify()),
    running: () => progress,
    last() {
      const row = store
        .prepare("SELECT verified_size, verified_root, verified_at FROM audit_standing")
        .get() as { verified_size: number | null; verified_root: Buffer | null; verified_at: string | null };
      if (row.verified_size === null || row.verified_root === null || row.verified_at === null) return null;
      return { events: row.verified_size, root: row.verified_root.toString("hex"), at: row.verified_at };
    },
  };
}

function createVerifyPool(): Pool<VerifyTasks> {
  return createPool<VerifyTasks>(new URL("./verify-worker.ts", import.meta.url), defaultThreads());
}

function checkIn(pool: Pool<VerifyTasks>, path: string) {
  return (from: number, to: number) => pool.run("check-range", { path, from, to });
}

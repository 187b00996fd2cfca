import { setImmediate } from "node:timers/promises";
import type { Verification } from "../../station/audit/log.ts";
import type { Kernel } from "../../station/kernel.ts";

/** Verifies the whole log, once at a time, and remembers how far it was found whole. */
export interface WholeVerification {
  /** Everything recomputed from the stored bytes; a second caller gets the answer of the running one. */
  run(): Promise<Verification>;
  /** How far the running one is, or null. */
  running(): { checked: number; events: number } | null;
  /** The last one that found nothing wrong. It says how far somebody looked; it is no proof. */
  last(): { events: number; root: string; at: string } | null;
}

export function createVerification({ audit, clock, store }: Kernel): WholeVerification {
  let current: Promise<Verification> | undefined;
  let progress: { checked: number; events: number } | null = null;

  async function verify(): Promise<Verification> {
    try {
      const result = await audit.verify((checked, events) => {
        progress = { checked, events };
        return setImmediate();
      });
      if (result.ok) keep(result);
      return result;
    } finally {
      current = undefined;
      progress = null;
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

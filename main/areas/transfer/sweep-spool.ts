import type { WriterDeps } from "./seal.ts";

const dayMs = 86_400_000;

/**
 * Removes sealed parts that nobody needs any more: the batch is imported, and the setting's days have passed or the
 * peer's backups hold it (docs/format.md). Only while nothing is sealed: a folder that was made since the
 * ledger was asked would look like one that nobody needs.
 */
export async function sweepSpool({ kernel, store, spool }: WriterDeps): Promise<void> {
  const keptMs = kernel.configuration.transfer.keepSealedDays * dayMs;
  const settledBefore = new Date(kernel.clock().getTime() - keptMs).toISOString();
  const count = await spool.sweep(store.keptInSpool(settledBefore));
  if (count > 0) kernel.log.info({ count }, "sealed parts that nobody needs any more are removed");
}

/** The same after work that is done whatever becomes of it. */
export async function trySweepSpool(deps: WriterDeps): Promise<void> {
  try {
    await sweepSpool(deps);
  } catch (error) {
    deps.kernel.log.warn({ error: String(error) }, "sealed parts that nobody needs could not be removed now");
  }
}

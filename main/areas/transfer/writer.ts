import type { Kernel } from "../../station/kernel.ts";
import { exportBatches, type ExportDeps } from "./export.ts";
import { dropSealing } from "./seal.ts";
import type { TransferService } from "./transfer-service.ts";

/** Sealed bytes of an imported batch stay this long, or until the peer's backups hold it (docs/format.md). */
const keptDays = 30;
const dayMs = 86_400_000;

export interface Writer {
  readonly handlers: Pick<TransferService["handlers"], "export">;
  /** To be called before anything else runs: drops seals that a crash cut short and parts that nobody needs. */
  sweep(): Promise<void>;
}

/** The half of the transfer area that seals and copies. */
export function createWriter(deps: ExportDeps): Writer {
  return {
    handlers: {
      async export(input, call) {
        const answer = await exportBatches(deps, input, call);
        await sweepSpool(deps);
        return answer;
      },
    },
    async sweep() {
      for (const { id } of deps.store.sealings()) {
        await dropSealing(deps, id);
        deps.kernel.log.info({ batch: id }, "a seal that was cut short is undone; its records wait again");
      }
      await sweepSpool(deps);
    },
  };
}

async function sweepSpool({ kernel, store, spool }: ExportDeps): Promise<void> {
  const gone = await spool.sweep(store.keptInSpool(daysAgo(kernel, keptDays)));
  if (gone > 0) kernel.log.info({ batches: gone }, "sealed parts that nobody needs any more are removed");
}

function daysAgo(kernel: Pick<Kernel, "clock">, days: number): string {
  return new Date(kernel.clock().getTime() - days * dayMs).toISOString();
}

import { exportBatches, type ExportDeps } from "./export.ts";
import type { AppendEvent } from "../../station/kernel.ts";
import { giveUpBatch, giveUpUnsent } from "./give-up.ts";
import { dropSealing } from "./seal.ts";
import { sweepSpool } from "./sweep-spool.ts";
import type { TransferService } from "./transfer-service.ts";

export interface Writer {
  readonly handlers: Pick<TransferService["handlers"], "export" | "giveUp">;
  /** Inside a transaction: gives up what was sealed for a peer and never copied. Returns how many batches. */
  giveUpUnsent(peer: string, note: string, event: AppendEvent): number;
  /** To be called before anything else runs: drops seals that a crash cut short and parts that nobody needs. */
  sweep(): Promise<void>;
}

/** The half of the transfer area that seals and copies. */
export function createWriter(deps: ExportDeps): Writer {
  return {
    handlers: {
      export: (input, call) => exportBatches(deps, input, call),
      giveUp(input, call) {
        deps.jobs.expectIdle();
        return giveUpBatch(deps, input, call);
      },
    },
    giveUpUnsent(peer, note, event) {
      deps.jobs.expectIdle();
      return giveUpUnsent(deps, peer, note, event);
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

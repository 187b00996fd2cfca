import { Refusal } from "../../../shared/errors.ts";
import type { Kernel } from "../../station/kernel.ts";
import type { TransferService } from "./transfer-service.ts";

/** Until the two halves are composed here, every operation says so. */
export async function createTransferService(_kernel: Kernel): Promise<TransferService> {
  const handlers = new Proxy({} as TransferService["handlers"], {
    get: () => () => {
      throw new Refusal("not-ready", "Transfer is not wired yet.");
    },
  });
  return {
    handlers,
    busy: () => false,
    jobs: () => [],
    nextIn: () => 1,
    acceptLineage() {},
    async close() {},
  };
}

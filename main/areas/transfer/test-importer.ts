import { defaultThreads, createPool, type Pool } from "../../station/pool/pool.ts";
import { createImporter, type Importer, type ImporterDeps } from "./import.ts";
import { Jobs } from "./jobs.ts";
import type { TransferTasks } from "./tasks.ts";
import { createWitness } from "./witness.ts";
import type { TestStation } from "./test-kernel.ts";

/** An importer over a test station, with a real pool. */
export interface TestImporter extends Importer {
  readonly pool: Pool<TransferTasks>;
  /** Imports a medium and gives the rows. */
  take(medium: string): Promise<Awaited<ReturnType<Importer["handlers"]["import"]>>["bags"]>;
  look(medium: string): Promise<Awaited<ReturnType<Importer["handlers"]["inspect"]>>["bags"]>;
}

export function makeTestImporter(
  station: TestStation,
  pool?: Pool<TransferTasks>,
  disk: Pick<ImporterDeps, "freeBytes"> = {},
): TestImporter {
  const { kernel, call } = station;
  const used =
    pool ?? createPool<TransferTasks>(new URL("./worker.ts", import.meta.url), Math.min(2, defaultThreads()));
  const jobs = new Jobs({ clock: kernel.clock, stopping: kernel.stopping, progress: () => {} });
  const importer = createImporter(kernel, { jobs, pool: used, witness: createWitness(kernel), ...disk });
  return {
    ...importer,
    pool: used,
    take: async (medium) => (await importer.handlers.import({ medium }, call)).bags,
    look: async (medium) => (await importer.handlers.inspect({ medium }, call)).bags,
  };
}

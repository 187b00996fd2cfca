import { reaches } from "../../../shared/narrowing.ts";
import { Refusal } from "../../../shared/errors.ts";
import { type Permission } from "../../../shared/roles.ts";
import type { Job } from "../../station/changes.ts";
import { directionFrom } from "../../station/identity.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import { createPool } from "../../station/pool/pool.ts";
import { createMediaService } from "../media/service.ts";
import { createAlarms } from "./alarms.ts";
import { haveFor } from "./have.ts";
import { createImporter } from "./import.ts";
import { Jobs } from "./jobs.ts";
import { createLedger } from "./ledger.ts";
import { peerOfBatch } from "./quarantine.ts";
import { Spool } from "./spool.ts";
import { storeIn } from "./store-in.ts";
import { LedgerStore } from "./store-ledger.ts";
import { OutStore } from "./store-out.ts";
import type { TransferTasks } from "./tasks.ts";
import { resignReceipts } from "./resign-receipts.ts";
import type { TransferService } from "./transfer-service.ts";
import { peerLogs } from "./peer-logs.ts";
import { createWitness } from "./witness.ts";
import { createWriter } from "./writer.ts";

export { diskFault } from "./disk-fault.ts";
export type { JobPlan, JobRun } from "./job-run.ts";
export type { TransferService } from "./transfer-service.ts";

/** Composes the two halves: the writer, which seals and copies, and the importer, which checks and takes in. */
export async function createTransferService(kernel: Kernel): Promise<TransferService> {
  const pool = createPool<TransferTasks>(new URL("./worker.ts", import.meta.url));
  const jobs = new Jobs({
    clock: kernel.clock,
    stopping: kernel.stopping,
    progress: (job) => kernel.changes.progress(job),
  });
  const incoming = storeIn(kernel.store);
  const witness = createWitness(kernel);
  const writer = createWriter({
    kernel,
    witness,
    store: new OutStore(kernel.store),
    spool: new Spool(kernel.paths.spoolOut),
    pool,
    jobs,
    media: createMediaService(kernel),
    haveFor: (peer) => haveFor(incoming, peer),
    partBytes: kernel.configuration.transfer.partMiB * 1024 * 1024,
  });
  const importer = createImporter(kernel, { jobs, pool, witness });
  const ledgerStore = new LedgerStore(kernel.store, () => directionFrom(kernel.identity().side));
  await writer.sweep();
  importer.sweep();

  return {
    handlers: {
      ...writer.handlers,
      ...importer.handlers,
      ...createLedger(ledgerStore),
      ...createAlarms(kernel),
      jobs: () => ({ jobs: jobs.list().toReversed() }),
      cancel({ job }, call) {
        expectMayStop(call, jobs.find(job));
        call.commit((event) => {
          jobs.cancel(job);
          event({ action: "transfer.cancel-asked", object: job });
        });
        return {};
      },
    },
    lookups: {
      "transfer.quarantined": (input) => ({
        peer: peerOfBatch(kernel.store, (input as { batch: string }).batch),
      }),
    },
    busy: () => jobs.list().some((job) => job.state === "running"),
    jobs: () => jobs.list().toReversed(),
    runJob: (plan, work) => jobs.run(plan, work),
    nextIn: (peer) => importer.nextIn(peer),
    clearOldLineage: (peer, lineage) => importer.clearOldLineage(peer, lineage),
    acceptLineage: (peer, lineage) => importer.acceptLineage(peer, lineage),
    logs: () => peerLogs(kernel.store),
    acceptLog: (peer, lineage) => witness.accept(peer, lineage),
    giveUpUnsent: (peer, note, event) => writer.giveUpUnsent(peer, note, event),
    resignReceipts: () => resignReceipts(kernel),
    close: () => pool.close(),
  };
}

/** Whoever may begin a thing may stop it; the contract can't say so, because the job alone knows what it is. */
const stopping = {
  export: "transfer.export",
  import: "transfer.import",
  inspect: "transfer.read",
  backup: "station.manage",
  check: "station.manage",
} as const satisfies Record<Job["kind"], Permission>;

function expectMayStop({ operator, grants }: Call, job: Job): void {
  if (reaches(grants, stopping[job.kind], { peer: job.peer })) return;
  throw new Refusal(
    "not-allowed",
    `${operator} may not do this: to stop this ${job.kind} needs the permission ${stopping[job.kind]}${job.peer === null ? "" : ` for ${job.peer}`}.`,
  );
}

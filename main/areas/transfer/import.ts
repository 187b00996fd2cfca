import type { contract } from "../../../shared/contract/contract.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import { isFullDisk } from "../../station/pipeline/faults.ts";
import type { Pool } from "../../station/pool/pool.ts";
import { freeBytes } from "./bytes.ts";
import { diskFault } from "./disk-fault.ts";
import { expectInspected, type ExpectedBag } from "./expected.ts";
import { bagRow, toldRow } from "./explain.ts";
import { foresee } from "./foresee.ts";
import type { Jobs } from "./jobs.ts";
import type { JobRun } from "./job-run.ts";
import { acceptLineage, clearOldLineage } from "./lineage.ts";
import { listQuarantine, showQuarantined } from "./quarantine.ts";
import { answerMetAgain } from "./receipts-again.ts";
import { releaseLostRecords } from "./receipts-in.ts";
import { skipNumber } from "./skip.ts";
import { expectWithinReach, mayLookAt } from "./within-reach.ts";
import { sweepSpoolIn } from "./spool-in.ts";
import { storeIn, type StoreIn } from "./store-in.ts";
import { storeStage, type StoreStage } from "./store-stage.ts";
import { surveyMedium, type Survey, type SurveyedBag } from "./survey.ts";
import { takenBackOn } from "./taken-back.ts";
import { judgeLanded, landWaiting, takeBatch } from "./take.ts";
import type { TransferTasks } from "./tasks.ts";
import type { Verdict } from "./verdict.ts";
import type { Witness } from "./witness.ts";

export interface ImporterDeps {
  readonly jobs: Jobs;
  readonly pool: Pool<TransferTasks>;
  readonly witness: Witness;
  /** Tests hold the disk; absent, it is asked. */
  readonly freeBytes?: (path: string) => number;
}

type ImporterVerb = "inspect" | "explain" | "import" | "quarantine" | "quarantined" | "skip";

/** The half of the transfer area that checks media and takes batches in. */
export interface Importer {
  readonly handlers: Pick<AreaHandlers<typeof contract.transfer>, ImporterVerb>;
  /** The number expected next from a peer. */
  nextIn(peer: number): number;
  /** Before the transaction. @throws Refusal `conflict`, also while an export or import runs */
  clearOldLineage(peer: number, lineage: string): void;
  /** Inside the transaction. @throws Refusal `conflict`, also while an export or import runs */
  acceptLineage(peer: number, lineage: string): void;
  /** Makes records of refused or voided batches of ours due again; cheap when there are none. */
  releaseLostRecords(): void;
  /** To be called before anything else runs: removes what a crash left in the spool. */
  sweep(): void;
}

export function createImporter(kernel: Kernel, deps: ImporterDeps): Importer {
  const ledger = storeIn(kernel.store);
  const rows = storeStage(kernel.store);
  const room: Room = { kernel, ledger, rows, ...deps };

  const look = async <Row>(path: string, row: (bag: SurveyedBag, verdict: Verdict) => Row) => {
    const survey = await surveyMedium({ kernel, ledger, between: breathe }, path);
    try {
      foresee(ledger, survey);
      return { bags: survey.bags.map((bag) => row(bag, judgedVerdict(bag))), ignored: [...survey.ignored] };
    } finally {
      survey.close();
    }
  };

  return {
    handlers: {
      inspect: async ({ medium }, call) => {
        const { bags } = await look(medium, (bag, verdict) => ({ bag, row: bagRow(bag, verdict) }));
        return { bags: bags.filter(({ bag }) => mayLookAt(call, bag)).map(({ row }) => row) };
      },
      explain: ({ medium }) => look(medium, toldRow),
      import: (input, call) => importMedium(room, input, call),
      quarantine: (input) => listQuarantine(kernel.store, input),
      quarantined: (input) => showQuarantined(kernel.store, input),
      skip(input, call) {
        deps.jobs.expectIdle();
        return skipNumber(room, input, call);
      },
    },
    nextIn(peer) {
      const lineage = ledger.peer(peer)?.lineage ?? null;
      return lineage === null ? 1 : ledger.through(peer, lineage) + 1;
    },
    clearOldLineage(peer, lineage) {
      deps.jobs.expectIdle();
      clearOldLineage(room, peer, lineage);
    },
    acceptLineage(peer, lineage) {
      deps.jobs.expectIdle();
      acceptLineage(ledger, peer, lineage);
    },
    releaseLostRecords: () => releaseLostRecords((run) => kernel.store.write(run), rows),
    sweep() {
      sweepSpoolIn(kernel.paths.spoolIn, ledger.openHashes());
      releaseLostRecords((run) => kernel.store.write(run), rows);
    },
  };
}

interface Room extends ImporterDeps {
  readonly kernel: Kernel;
  readonly ledger: StoreIn;
  readonly rows: StoreStage;
}

interface ImportInput {
  readonly medium: string;
  /** What a person looked at before; absent, whatever is there is taken. */
  readonly expect?: readonly ExpectedBag[] | undefined;
}

async function importMedium(room: Room, { medium, expect }: ImportInput, call: Call) {
  const { kernel, ledger, jobs } = room;
  const steps = ["check", "decrypt", "validate", "import"] as const;
  return jobs.run({ kind: "import", medium, operator: call.operator, steps }, async (job) => {
    const between = async (): Promise<void> => {
      job.safePoint();
      await breathe();
    };
    const survey = await surveyMedium({ kernel, ledger, between }, medium);
    try {
      if (expect !== undefined) expectInspected(survey, expect, medium);
      expectWithinReach(call, survey.bags);
      const deps = { freeBytes, ...room, call, job };
      const takenBack = takenBackOn(survey);
      for (const batch of survey.batches) {
        await between();
        await takeBatch(deps, batch, takenBack);
      }
      await landWaiting(deps);
      judgeLanded(deps, survey.batches);
      answerMetAgain(deps, survey.batches);
      releaseLostRecords((run) => kernel.store.write(run), room.rows);
      tellMedium(room, call, medium, survey);
      describeEnd(job, survey);
      return { bags: survey.bags.map((bag) => bagRow(bag, judgedVerdict(bag))) };
    } catch (error) {
      // The pipeline gives up its reserve for a full disk, and says so.
      if (isFullDisk(error)) throw error;
      throw diskFault(error, {
        what: "The station's own disk",
        path: kernel.paths.root,
        safe: "What was imported before is safe; nothing of the rest counts.",
        remedy:
          "Have the disk of the station checked, free space on it, then import again; it goes on where it stopped.",
      });
    } finally {
      survey.close();
    }
  });
}

/** One event for the whole medium: refusals are grouped, imports have events of their own. */
function tellMedium({ kernel }: Room, call: Call, medium: string, survey: Survey): void {
  const states = survey.bags.map((bag) => judgedVerdict(bag).state);
  const count = (state: Verdict["state"]): number => states.filter((each) => each === state).length;
  const reasons = new Set(
    survey.bags.map((bag) => judgedVerdict(bag).reason).filter((reason) => reason !== null),
  );
  kernel.step("transfer.medium-read");
  call.commit((event) => {
    event({
      action: "transfer.medium-read",
      object: medium.slice(0, 1000),
      details: {
        bags: states.length,
        imported: count("imported"),
        refused: count("refused"),
        ignored: survey.ignored.length,
        reasons: [...reasons].join(" "),
      },
    });
  });
}

function describeEnd(job: JobRun, survey: Survey): void {
  const told = survey.bags.map((bag) => toldRow(bag, judgedVerdict(bag)));
  const isGood = ({ state }: { state: string }) => ["imported", "already-imported", "own"].includes(state);
  const bad = told.find((row) => !isGood(row));
  const [first] = told;
  const imported = told.filter(({ state }) => state === "imported");
  const records = new Map(imported.map((row) => [row.batch, row.imported]));
  job.describe({
    records: [...records.values()].reduce((sum, each) => sum + each, 0),
    sentence: (bad ?? imported[0] ?? first)?.sentence ?? "The medium carries no bag.",
    remedy: (bad ?? imported[0] ?? first)?.remedy ?? "",
    verdict:
      bad === undefined
        ? imported.length > 0
          ? "proved"
          : "done"
        : bad.state === "fork" || bad.state === "refused"
          ? "bad"
          : "warn",
  });
}

function judgedVerdict(bag: SurveyedBag): Verdict {
  if (bag.verdict === null) throw new Error(`bag ${bag.name} was never judged`);
  return bag.verdict;
}

/** Lets other operations of the station run. */
async function breathe(): Promise<void> {
  await new Promise(setImmediate);
}

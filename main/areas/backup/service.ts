import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { contract } from "../../../shared/contract/contract.ts";
import { Refusal } from "../../../shared/errors.ts";
import { ownBackupKeys, openKeyTree, readKeyTree } from "./key-tree.ts";
import { fingerprint, parseSshPublicKey } from "../../station/crypto/sshsig.ts";
import { randomHex } from "../../station/crypto/random.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import type { KeyStore } from "../../station/keys/store.ts";
import type { TwoPersonSteps } from "../../station/pipeline/two-persons.ts";
import { createPool } from "../../station/pool/pool.ts";
import type { BackupTasks } from "./tasks.ts";
import { createReview, type Review, type ReviewDeps } from "./review.ts";
import { restoreStation } from "./restore.ts";
import { backupStore } from "./store.ts";
import { makeBackup, type RunJob } from "./make.ts";
import { checkBackup } from "./check.ts";

type Names = "backup" | "backups" | "checkBackup" | "restore" | "review" | "reviewItem" | "finishReview";

export interface BackupService {
  readonly handlers: Pick<AreaHandlers<typeof contract.station>, Names>;
  readonly steps: TwoPersonSteps;
  readonly review: Review;
  close(): Promise<void>;
}

export interface BackupDeps extends Pick<ReviewDeps, "revokePeer" | "standingChanged"> {
  /** Runs work as a job beside exports and imports, which wait for each other. */
  readonly runJob: RunJob;
}

const scratchMark = "scratch-";
/** Kept in the list; the log names every one. */
const mostListed = 50;

export function createBackupService(kernel: Kernel, keys: KeyStore, deps: BackupDeps): BackupService {
  const rows = backupStore(kernel.store);
  const pool = createPool<BackupTasks>(new URL("./worker.ts", import.meta.url));
  const review = createReview({ kernel, keys, rows, ...deps });
  let restoring = false;
  sweepScratch(kernel.paths.run);

  /** Clear copies lie here and nowhere else: mode 0700, gone when the work ends, however it ends. */
  async function inScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const folder = join(kernel.paths.run, `${scratchMark}${randomHex(8)}`);
    mkdirSync(folder, { mode: 0o700 });
    try {
      return await work(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  const shared = { kernel, pool, inScratch, rows, runJob: deps.runJob };

  return {
    review,
    steps: review.steps,
    handlers: {
      async backup(input, call) {
        const [pair] = await ownBackupKeys(keys, kernel.keyring);
        if (pair === undefined) throw new Error("a founded station has a backup key");
        return await makeBackup(
          { ...shared, pair, keyTree: readKeyTree(kernel.store, keys) },
          input.out,
          call,
        );
      },

      backups: () => ({
        backups: rows.backups(mostListed).map((row) => ({
          folder: row.folder,
          madeBy: row.made_by,
          madeAt: row.made_at,
          checkedAt: row.checked_at,
          events: row.events,
          root: row.root,
          bytes: row.bytes,
          parts: row.parts,
          manifestSha256: row.manifest_sha256,
          sameDisk: row.same_disk === 1,
          here: existsSync(join(row.folder, "backup.json")),
        })),
      }),

      async checkBackup(input, call) {
        return await checkBackup(
          shared,
          input.from,
          async ({ manifest }) => {
            if (input.operator !== undefined && input.passphrase !== undefined) {
              return await openKeyTree(manifest.keys, input.operator, input.passphrase);
            }
            if (manifest.station.id !== kernel.identity().id) throw ofAnother(manifest.station.name);
            return (await ownBackupKeys(keys, kernel.keyring)).map(({ identity }) => identity);
          },
          keys.operators().map(({ name }) => name),
          call,
        );
      },

      async restore(input, call) {
        if (restoring) throw new Refusal("conflict", "A restore into this directory is running already.");
        restoring = true;
        try {
          const restored = await restoreStation({ kernel, pool, inScratch }, input, call);
          kernel.changes.publish("session", "station", "operators", "peers");
          const { manifest, sha256 } = restored.signed;
          return {
            station: manifest.station.id,
            name: manifest.station.name,
            side: manifest.station.side,
            people: kernel.identity().people,
            directory: kernel.directory,
            lineage: restored.lineage,
            abandoned: restored.abandoned,
            knownEvents: restored.known.events,
            knownFrom: restored.known.from,
            backupAt: manifest.createdAt,
            manifestSha256: sha256,
            batchesGivenUp: restored.batchesGivenUp,
            fingerprint: fingerprint(parseSshPublicKey(kernel.keyring.signingPublicKey())),
          };
        } finally {
          restoring = false;
        }
      },

      review: () => review.show(),
      reviewItem: (input, call) => review.decide(input, call),
      finishReview: (_input, call: Call) => review.finish(call),
    },
    close: () => pool.close(),
  };
}

function ofAnother(name: string): Refusal {
  return new Refusal("refused", `This is a backup of another station, ${name}: its key is not here.`, {
    safe: "Nothing was changed.",
    remedy: "Give the name and passphrase of an operator who was in that station when it was made.",
  });
}

/** Of a run that was killed. */
function sweepScratch(run: string): void {
  if (statSync(run, { throwIfNoEntry: false }) === undefined) return;
  for (const name of readdirSync(run)) {
    if (name.startsWith(scratchMark)) rmSync(join(run, name), { recursive: true, force: true });
  }
}

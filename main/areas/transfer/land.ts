import type { BatchReason } from "../../../shared/contract/reasons.ts";
import type { Pool } from "../../station/pool/pool.ts";
import type { JobRun } from "./job-run.ts";
import { expectPartSizes, expectRoom, gatherParts, type Gathered, type VolumeSource } from "./bytes.ts";
import { badLinesCap } from "./format/caps.ts";
import { parseManifest, type Manifest } from "./format/manifest.ts";
import { openManifestPart } from "./format/part.ts";
import { openAhead } from "./open-ahead.ts";
import { releaseRecords } from "./open-records.ts";
import { readSpooled } from "./open-records.ts";
import {
  flipBatch,
  hasStaged,
  refuseBatch,
  removeStaged,
  type ClaimedBatch,
  type OutcomeDeps,
} from "./outcome.ts";
import { SpoolIn } from "./spool-in.ts";
import { stagePart } from "./stage.ts";
import type { IncomingRow } from "./store-in.ts";
import type { TransferTasks } from "./tasks.ts";
import {
  asBagStop,
  BagStop,
  plainVerdict,
  refusedFor,
  stoppedAs,
  stopVerdict,
  type Verdict,
} from "./verdict.ts";

export interface LandDeps extends OutcomeDeps {
  readonly pool: Pool<TransferTasks>;
  readonly job: JobRun;
  /** Free bytes of the file system that holds a path. */
  readonly freeBytes: (path: string) => number;
}

/** What became of a batch and, where its bags fared differently, of each bag. */
export interface Landed {
  readonly verdict: Verdict;
  readonly byBag: ReadonlyMap<string, Verdict>;
}

const noBags: ReadonlyMap<string, Verdict> = new Map();

/**
 * Steps 4 to 6 for the next batch of a peer, whose number the ledger holds as open: bytes, lines,
 * outcome. Resumes what an earlier import of it has done. A fault in what was signed uses the number up.
 */
export async function landBatch(
  deps: LandDeps,
  claimed: ClaimedBatch,
  volumes: readonly VolumeSource[],
): Promise<Landed> {
  try {
    return await attempt(deps, claimed, volumes);
  } catch (error) {
    const stop = asBagStop(error);
    if (stop === null) throw error;
    return { verdict: settleStop(deps, claimed, stop), byBag: noBags };
  }
}

async function attempt(
  deps: LandDeps,
  claimed: ClaimedBatch,
  volumes: readonly VolumeSource[],
): Promise<Landed> {
  expectPartSizes(claimed.envelope);
  for (let retries = 1; ; retries -= 1) {
    const gathered = await gather(deps, claimed, volumes);
    if (gathered.missing.length > 0) return lacking(gathered);
    try {
      const manifest = await openManifest(deps, claimed);
      await stageAll(deps, claimed, manifest);
      deps.job.begin("import");
      const row = flipBatch(deps, claimed, manifest);
      deps.job.finish("import", "proved");
      spoolOf(deps, claimed).remove();
      return { verdict: importedVerdict(row), byBag: noBags };
    } catch (error) {
      // A part that the spool lost was forgotten; it is taken from these volumes again, or is missing.
      if (asBagStop(error)?.state !== "damaged" || retries === 0) throw error;
    }
  }
}

/** Steps 4's copying alone, for a batch whose turn has not come. Returns whether all of it is here. */
export async function keepForLater(
  deps: LandDeps,
  claimed: ClaimedBatch,
  volumes: readonly VolumeSource[],
): Promise<boolean> {
  try {
    expectPartSizes(claimed.envelope);
    return (await gather(deps, claimed, volumes)).missing.length === 0;
  } catch (error) {
    // Whatever is wrong with it is said, and used up, when its turn comes.
    if (asBagStop(error) === null) throw error;
    return false;
  }
}

export function importedVerdict(
  row: IncomingRow,
  state: "imported" | "already-imported" = "imported",
): Verdict {
  const { imported, duplicate, quarantined, records } = row;
  return plainVerdict(state, { imported, duplicate, quarantined, records });
}

export function spoolOf(
  { kernel }: Pick<OutcomeDeps, "kernel">,
  { sha256 }: Pick<ClaimedBatch, "sha256">,
): SpoolIn {
  return new SpoolIn(kernel.paths.spoolIn, sha256, kernel.step);
}

async function gather(
  deps: LandDeps,
  claimed: ClaimedBatch,
  volumes: readonly VolumeSource[],
): Promise<Gathered> {
  const { job, kernel } = deps;
  const { envelope } = claimed;
  const spool = spoolOf(deps, claimed);
  const wanted = envelope.parts.filter((part, position) => !spool.has(spool.path(position), part.bytes));
  const bytes = wanted.reduce((sum, part) => sum + part.bytes, 0);
  if (volumes.length > 0) expectRoom(deps.freeBytes(kernel.paths.spool), bytes);
  job.begin("check", bytes);
  const gathered = await gatherParts(
    {
      spool,
      pause(count) {
        job.advance("check", count);
        job.safePoint();
      },
      onPart: (name, state) => job.part(name, state),
    },
    envelope,
    volumes,
  );
  job.finish("check", gathered.missing.length === 0 ? "proved" : "failed");
  return gathered;
}

function lacking({ missing, damaged }: Gathered): Landed {
  const shown = missing.slice(0, 20);
  const detail = `missing: ${shown.join(", ")}${missing.length > shown.length ? ` and ${missing.length - shown.length} more` : ""}`;
  const verdict = plainVerdict("incomplete", { detail, missing: shown });
  const byBag = [...damaged].map(([bag, part]) => {
    const damage = plainVerdict("damaged", { detail: `${part} is not what was signed`, missing: shown });
    return [bag, damage] as const;
  });
  return { verdict, byBag: new Map(byBag) };
}

async function openManifest(deps: LandDeps, claimed: ClaimedBatch): Promise<Manifest> {
  const { kernel, ledger, job } = deps;
  const { envelope } = claimed;
  const spool = spoolOf(deps, claimed);
  const [declared] = envelope.parts;
  if (declared === undefined) throw new Error("an envelope without a manifest was parsed");
  job.begin("decrypt");
  const cipher = await recopied(spool, 0, () => readSpooled(spool.path(0), declared));
  const bytes = await openManifestPart(
    cipher,
    kernel.keyring.ageIdentities().map(({ identity }) => identity),
  );
  const manifest = parseManifest(bytes, envelope);
  if (manifest.files.length > 0) {
    throw stoppedAs(
      "held",
      `it carries ${manifest.files.length} attachments, which this version does not take yet`,
    );
  }
  expectRoom(
    deps.freeBytes(kernel.paths.root),
    manifest.parts.reduce((sum, part) => sum + part.bytes, 0),
  );
  const records = manifest.parts.reduce((sum, part) => sum + (part.records ?? 0), 0);
  kernel.step("transfer.manifest");
  kernel.store.write(() => ledger.setManifest(claimed.row, bytes, records));
  return manifest;
}

/** A part that the spool lost must come from a medium again: it is forgotten, and the copy is incomplete. */
async function recopied<T>(spool: SpoolIn, position: number, open: () => T | Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (asBagStop(error)?.state === "damaged") spool.drop(spool.path(position));
    throw error;
  }
}

async function stageAll(deps: LandDeps, claimed: ClaimedBatch, manifest: Manifest): Promise<void> {
  const { kernel, ledger, rows, job, pool } = deps;
  const { envelope, peer } = claimed;
  const spool = spoolOf(deps, claimed);
  for (const open of ledger.openRows(peer.id)) {
    const isOther = open.id !== claimed.row;
    if (isOther ? hasStaged(open) : open.next_part < 0) removeStaged(deps, open.id);
  }
  const cursor = ledger.row(claimed.row);
  if (cursor === undefined) throw new Error("the claimed batch is gone");
  const identities = kernel.keyring.ageIdentities().map(({ identity }) => identity);
  const signers = ledger.receiptSigners(peer.id);
  const plan = manifest.parts.slice(cursor.next_part).map((part, index) => {
    const position = cursor.next_part + index;
    const cipher = envelope.parts[position + 1];
    if (cipher === undefined) throw new Error("a parsed manifest has the parts of its envelope");
    const { bytes, sha256 } = part;
    const task = {
      path: spool.path(position + 1),
      cipher,
      plain: { bytes, sha256 },
      records: part.records ?? 0,
      identities,
      signers,
    };
    return { position, name: part.name, task };
  });
  job.begin(
    "decrypt",
    plan.reduce((sum, { task }) => sum + task.plain.bytes, 0),
  );
  job.begin("validate");
  const stage = {
    store: kernel.store,
    ledger,
    rows,
    side: kernel.identity().side,
    before: () => kernel.step("transfer.stage"),
    after: async (lines: number) => {
      job.advance("validate", 0, lines);
      job.safePoint();
      await new Promise(setImmediate);
    },
  };
  let isTooBad = cursor.quarantined > badLinesCap;
  const opened = openAhead(
    plan,
    ({ task }) => task.cipher.bytes + task.plain.bytes,
    ({ position, task }) => recopied(spool, position + 1, () => pool.run("open-records", task)),
  );
  for await (const { item, result } of opened) {
    job.advance("decrypt", item.task.plain.bytes);
    if (isTooBad) continue;
    const { buffer, byteOffset, byteLength } = result.plain;
    const part = {
      ...result,
      position: item.position,
      name: item.name,
      plain: Buffer.from(buffer, byteOffset, byteLength),
    };
    const now = ledger.row(claimed.row);
    if (now === undefined) throw new Error("the claimed batch is gone");
    // The remaining parts are still opened: a fault of step 4 comes before one of step 5.
    isTooBad = !(await stagePart(stage, peer, now, part, now.next_line));
    releaseRecords(result);
  }
  job.finish("decrypt", "proved");
  job.finish("validate", isTooBad ? "failed" : "proved");
  if (isTooBad) throw refusedFor("too-many-bad-lines", "more than 10,000 lines break a rule");
}

function settleStop(deps: LandDeps, claimed: ClaimedBatch, stop: BagStop): Verdict {
  const { kernel, call, ledger } = deps;
  if (stop.state === "refused") {
    refuseBatch(deps, claimed, stop.reason as BatchReason, stop.message);
    spoolOf(deps, claimed).remove();
    return stopVerdict(stop, true);
  }
  if (stop.state === "held" && ledger.row(claimed.row)?.state !== "held") {
    kernel.step("transfer.held");
    call.commit((event) => {
      ledger.setState(claimed.row, "held", stop.message, null);
      const { peer, envelope, sha256 } = claimed;
      const details = { peer: peer.name, sequence: envelope.sequence, sha256, why: stop.message };
      event({ action: "transfer.batch-held", object: envelope.id, details });
    });
  }
  return stopVerdict(stop, false);
}

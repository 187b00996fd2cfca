import { realpath } from "node:fs/promises";
import { sep } from "node:path";
import { Refusal } from "../../../shared/errors.ts";
import type { Call } from "../../station/kernel.ts";
import type { Medium, MediaService, ReadBack } from "../media/service.ts";
import { copyVolume } from "./copy.ts";
import { diskFault } from "./disk-fault.ts";
import { lastWords } from "./export-words.ts";
import type { JobRun } from "./job-run.ts";
import type { Jobs } from "./jobs.ts";
import { readBackVolumes } from "./read-back.ts";
import { sealBatch, type WriterDeps } from "./seal.ts";
import type { ExportAnswer, Written } from "./shapes.ts";
import type { Recipient, SealedBatch } from "./store-out.ts";
import { trySweepSpool } from "./sweep-spool.ts";
import { Uncarriable } from "./uncarriable.ts";
import { layOutVolume, type Volume } from "./volume.ts";

export interface ExportDeps extends WriterDeps {
  readonly jobs: Jobs;
  readonly media: MediaService;
}

export interface ExportInput {
  /** Name of the peer. */
  readonly to: string;
  /** Absolute path of the medium's folder. */
  readonly medium: string;
}

const nothing: Written = { batch: null, sequence: null, volumes: [], records: 0, bytes: 0, readBack: null };

/**
 * Finishes or copies again what is sealed and not yet imported, then seals what waits and copies that.
 *
 * @throws Refusal `not-found` or `not-ready` for the peer, `conflict` while another export or import runs,
 *   `no-room`, `medium-failed` and `cancelled` with a state that the next call takes up
 */
export async function exportBatches(deps: ExportDeps, input: ExportInput, call: Call): Promise<ExportAnswer> {
  const peer = trustedPeer(deps, input.to);
  // Signing comes last; a locked station should say so first.
  deps.kernel.keyring.signing();
  const plan = {
    kind: "export",
    medium: input.medium,
    operator: call.operator,
    peer: peer.name,
    steps: ["seal", "copy", "flush", "read-back", "eject"],
  } as const;
  return await deps.jobs.run(plan, async (run) => {
    const medium = await openMedium(deps, input.medium);
    const unsettled = deps.store.unsettled(peer.id, deps.kernel.identity().lineage);
    const { written: again, why: whyAgain, lost } = await carry(deps, peer, unsettled, medium, call, run);
    const sealed = await sealBatch(deps, peer, call, run);
    const fresh = await carry(deps, peer, sealed === null ? [] : [sealed], medium, call, run);
    const [written = nothing] = fresh.written;
    await trySweepSpool(deps);
    const [loss = fresh.lost[0]] = lost;
    if (loss !== undefined) throw loss;
    if (sealed === null && again.length === 0) noteNothing(peer, call);
    if (sealed === null) run.finish("seal", "skipped", "Nothing waits to be sealed.");
    run.finish("eject", "skipped", "Unmount it before you pull it out.");
    run.describe(
      lastWords({ peer: peer.name, path: medium.path, written, again, why: fresh.why || whyAgain }),
    );
    return { ...written, again: [...again] };
  });
}

function trustedPeer({ kernel, store }: WriterDeps, name: string): Recipient {
  const peer = store.recipient(name);
  if (peer === undefined) {
    throw new Refusal("not-found", `No peer is called ${name}.`, {
      remedy: "Add its card and trust it first.",
    });
  }
  if (peer.state !== "trusted") {
    throw new Refusal("not-ready", `${name} is ${peer.state}, so nothing is sealed for it.`, {
      remedy:
        peer.state === "pending"
          ? "Compare its eight words and trust it first."
          : "Choose a peer that is trusted.",
    });
  }
  if (peer.side === kernel.identity().side) {
    throw new Refusal(
      "not-ready",
      `${name} is on the same side as this station, so there is nothing to carry to it.`,
    );
  }
  return peer;
}

async function openMedium({ media, kernel }: ExportDeps, path: string): Promise<Medium> {
  const medium = await media.look(path);
  if (medium.exists) {
    await refuseOwnDirectory(path, kernel.paths.root);
    return medium;
  }
  throw new Refusal("medium-failed", `There is no folder ${path}.`, {
    path,
    safe: "Nothing was written.",
    remedy: "Plug the medium in and mount it, or make the folder, then export again.",
  });
}

/** What lies in the station's directory is the station's to sweep. */
async function refuseOwnDirectory(path: string, station: string): Promise<void> {
  const [real, own] = [await realpath(path), await realpath(station)];
  if (real !== own && !real.startsWith(own + sep)) return;
  throw new Refusal("bad-input", `${path} lies in the station's own directory.`, {
    path,
    safe: "Nothing was written.",
    remedy: "Name the folder where the medium is mounted.",
  });
}

interface Carried {
  readonly written: readonly Written[];
  /** Why the read-back was no better. */
  readonly why: string;
  /** Batches that can never be carried, such as one whose sealed bytes are gone from the spool. */
  readonly lost: readonly Uncarriable[];
}

/** Copies batches onto the medium and reads all of them back; each is in the ledger as soon as that is done. */
async function carry(
  deps: ExportDeps,
  peer: Recipient,
  batches: readonly SealedBatch[],
  medium: Medium,
  call: Call,
  run: JobRun,
): Promise<Carried> {
  const volumes: Volume[] = [];
  const lost: Uncarriable[] = [];
  try {
    for (const batch of batches) {
      try {
        volumes.push(await copyOne(deps, peer, batch, medium, call, run));
      } catch (error) {
        if (!(error instanceof Uncarriable)) throw error;
        // What can never be carried must not keep all else from being carried.
        noteStopped(deps, batch, medium, call, error);
        lost.push(error);
      }
    }
    if (volumes.length === 0) return { written: [], why: "", lost };
    const { readBack, why } = await readBackVolumes(deps, volumes, medium, run);
    deps.kernel.step("copy.commit");
    call.commit((event) => {
      for (const volume of volumes) noteCopied(deps, volume, medium, readBack, event);
    });
    deps.kernel.changes.publish("transfer");
    run.describe({ readBack });
    const written = volumes.map(({ batch, bag }) => ({
      batch: batch.batch,
      sequence: batch.sequence,
      volumes: [bag],
      records: batch.records,
      bytes: batch.bytes,
      readBack,
    }));
    return { written, why, lost };
  } catch (error) {
    throw noteStopped(deps, batches[0], medium, call, error);
  }
}

async function copyOne(
  deps: ExportDeps,
  peer: Recipient,
  batch: SealedBatch,
  medium: Medium,
  call: Call,
  run: JobRun,
): Promise<Volume> {
  const volume = layOutVolume(deps, batch);
  const files = [...volume.parts, ...volume.tagFiles, volume.signature];
  run.describe({ batch: batch.batch, sequence: batch.sequence, records: batch.records, bytes: batch.bytes });
  run.waitAgain("copy", "flush", "read-back");
  run.showParts(volume.parts.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256, state: "waiting" })));
  deps.kernel.step("copy.begin");
  // Trust may have been taken back since the export began.
  trustedPeer(deps, peer.name);
  call.commit((event) => {
    const now = deps.kernel.clock().toISOString();
    deps.store.beginVolume(batch.id, volume.number, medium.path, volume.tagmanifestSha256, now);
    event({
      action: "transfer.copy-begun",
      object: batch.batch,
      details: { medium: medium.path, volume: volume.number, files: files.length },
    });
  });
  await copyVolume(deps, volume, medium, run);
  return volume;
}

function noteCopied(
  { kernel, store }: ExportDeps,
  { batch, number }: Volume,
  medium: Medium,
  readBack: ReadBack,
  event: Parameters<Parameters<Call["commit"]>[0]>[0],
): void {
  store.copied(batch.id, number, medium.path, readBack, kernel.clock().toISOString());
  event({
    action: "transfer.batch-copied",
    object: batch.batch,
    details: { medium: medium.path, volume: number, readBack, sha256: batch.sha256 },
  });
}

/** What acts outside writes its outcome too, when it is a bad one. Returns what is to be thrown. */
function noteStopped(
  deps: ExportDeps,
  batch: SealedBatch | undefined,
  medium: Medium,
  call: Call,
  error: unknown,
): unknown {
  const fault = diskFault(error, {
    what: "The medium",
    path: medium.path,
    safe: "The sealed batch stays in the station; nothing is lost.",
    remedy: "Check the medium, or take another, and export again; it goes on where it stopped.",
  });
  try {
    call.commit((event) =>
      event({
        action: "transfer.copy-stopped",
        object: batch?.batch ?? "",
        outcome: "failed",
        details: { medium: medium.path, code: fault instanceof Refusal ? fault.code : "internal" },
      }),
    );
  } catch (failure) {
    deps.kernel.log.warn({ error: String(failure) }, "a copy that stopped could not be logged");
  }
  return fault;
}

function noteNothing(peer: Recipient, call: Call): void {
  call.commit((event) => event({ action: "transfer.nothing-to-carry", object: peer.name }));
}

import { Refusal } from "../../../shared/errors.ts";
import { randomHex } from "../../station/crypto/random.ts";
import { sha256Hex } from "../../station/crypto/hash.ts";
import { fingerprint, parseSshPublicKey } from "../../station/crypto/sshsig.ts";
import { directionFrom } from "../../station/identity.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import type { Pool } from "../../station/pool/pool.ts";
import { diskFault } from "./disk-fault.ts";
import { batchFormat, batchId, manifestPartName, partName } from "./format/names.ts";
import { writeEnvelope, type Envelope } from "./format/envelope.ts";
import { writeManifest, type Have } from "./format/manifest.ts";
import type { JobRun } from "./job-run.ts";
import { planParts, type PartPlan } from "./plan-parts.ts";
import type { Spool } from "./spool.ts";
import type { BatchPart, NewNumber, OutStore, Recipient, RecordType, SealedBatch } from "./store-out.ts";
import type { TransferTasks } from "./tasks.ts";
import type { CarriedLogs, Witness } from "./witness.ts";

/** What sealing and copying are made from. */
export interface WriterDeps {
  readonly kernel: Kernel;
  readonly store: OutStore;
  readonly spool: Spool;
  readonly pool: Pool<TransferTasks>;
  /** What we hold of a peer's batches, for the manifest. The importer's half knows. */
  readonly haveFor: (peer: number) => Have;
  readonly witness: Witness;
  /** Plaintext of a records part (`partMiB` of station.json). */
  readonly partBytes: number;
}

/**
 * Lines of JSON shrink to a fifth or less; whoever sends what hardly shrinks may meet a full disk on the way, which
 * undoes the seal. Asking for all of it would refuse batches that fit well.
 */
const leastCompression = 2;

/** Room for the manifest, the parts' headers and the file system's own needs. */
const spareBytes = 8 * 1024 * 1024;

/** Another batch took the number, or one was given up, while the manifest was sealed. */
class NumberTaken extends Error {
  override readonly name = "NumberTaken";
}

/**
 * Seals everything that waits for a peer into one new batch, whose bytes never change again. A seal that fails
 * or is cancelled uses up no number and leaves the records waiting.
 *
 * @returns the batch, or null when nothing waits
 * @throws Refusal `not-ready` for a peer that isn't trusted, `no-room`, `cancelled`
 */
export async function sealBatch(
  deps: WriterDeps,
  peer: Recipient,
  call: Call,
  run: JobRun,
): Promise<SealedBatch | null> {
  const { kernel, store } = deps;
  const { lineage, side } = kernel.identity();
  const sealing = store.beginSealing(peer.id, lineage, kernel.clock().toISOString());
  try {
    run.safePoint();
    kernel.step("seal.claim");
    if (!store.claim(sealing, peer.id)) {
      store.dropSealing(sealing);
      return null;
    }
    const plans = await planParts(store, store.claimed(sealing), {
      bytes: deps.partBytes,
      threads: deps.pool.threads,
    });
    const counts = countTypes(plans);
    const estimatedBytes = plans.reduce((sum, plan) => sum + plan.estimatedBytes, 0);
    run.begin("seal", estimatedBytes, `${plans.length} parts for ${peer.name}.`);
    await deps.spool.needRoom(estimatedBytes / leastCompression + spareBytes);
    kernel.step("seal.spool");
    await deps.spool.create(sealing);
    const parts = await sealParts(deps, sealing, plans, peer, run);
    const batch = await numberAndCommit(deps, { sealing, peer, parts, counts, side }, call);
    run.finish(
      "seal",
      "done",
      `${counted(batch.records, "record")} in ${counted(parts.length, "part")}. These bytes no longer change.`,
    );
    return batch;
  } catch (error) {
    await undo(deps, sealing);
    throw diskFault(error, {
      what: "The station's disk",
      path: kernel.paths.spoolOut,
      safe: "Nothing was sealed and no number was used up; the records still wait.",
      remedy: "Free space on the station's disk or have it checked, then export again.",
    });
  }
}

/** Keeps every thread busy and one part waiting; what is read is read in the threads, so memory stays flat. */
async function sealParts(
  deps: WriterDeps,
  sealing: number,
  plans: readonly PartPlan[],
  peer: Recipient,
  run: JobRun,
): Promise<BatchPart[]> {
  const parts: BatchPart[] = [];
  const running = new Set<Promise<void>>();
  const failures: Error[] = [];
  const sealOne = async (plan: PartPlan, position: number): Promise<void> => {
    const name = partName(position);
    const sealed = await deps.pool.run("seal-records", {
      database: deps.kernel.paths.database,
      ranges: plan.ranges,
      records: plan.records,
      estimatedBytes: plan.estimatedBytes,
      recipient: peer.ageRecipient,
      path: deps.spool.draft(sealing, name),
    });
    await deps.spool.keep(sealing, name);
    parts.push({ position, name, records: plan.records, ...sealed });
    run.advance("seal", sealed.plainBytes, plan.records);
  };
  try {
    for (const [index, plan] of plans.entries()) {
      run.safePoint();
      deps.kernel.step("seal.part");
      const work = sealOne(plan, index + 1)
        .catch((error: Error) => void failures.push(error))
        .finally(() => running.delete(work));
      running.add(work);
      if (running.size > deps.pool.threads) await Promise.race(running);
      if (failures.length > 0) break;
    }
  } finally {
    await Promise.all(running);
  }
  if (failures[0] !== undefined) throw failures[0];
  return parts.toSorted((left, right) => left.position - right.position);
}

/** Types that the batch holds, for the manifest. */
function countTypes(plans: readonly PartPlan[]): Partial<Record<RecordType, number>> {
  const types = ["request", "response", "receipt"] as const;
  const counts = types.map(
    (type) => [type, plans.reduce((sum, plan) => sum + plan.counts[type], 0)] as const,
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

interface Contents {
  readonly sealing: number;
  readonly peer: Recipient;
  readonly parts: readonly BatchPart[];
  readonly counts: Partial<Record<RecordType, number>>;
  readonly side: "request" | "response";
}

/** The manifest is sealed last, under the next number; when another took it, only the manifest is sealed again. */
async function numberAndCommit(deps: WriterDeps, contents: Contents, call: Call): Promise<SealedBatch> {
  const { lineage } = deps.kernel.identity();
  for (;;) {
    const number = deps.store.nextNumber(contents.peer.id, lineage);
    const id = batchId(number.sequence, randomHex(8));
    const manifest = await sealManifest(deps, contents, id, number);
    deps.kernel.step("seal.sync");
    await deps.spool.sync(contents.sealing);
    const voids = deps.store.voids(contents.peer.id, lineage);
    deps.kernel.step("seal.checkpoint");
    const logs = deps.witness.forBatch(contents.peer.id);
    const envelope = envelopeFor(deps.kernel, contents, { id, number, manifest, voids, logs });
    try {
      return commitSealed(deps, contents, { envelope, number, manifest, logs }, call);
    } catch (error) {
      if (!(error instanceof NumberTaken)) throw error;
    }
  }
}

async function sealManifest(
  deps: WriterDeps,
  contents: Contents,
  id: string,
  number: NewNumber,
): Promise<BatchPart> {
  const { sealing, peer, parts, counts } = contents;
  const plain = writeManifest({
    format: batchFormat,
    batch: id,
    from: deps.kernel.identity().id,
    to: peer.station,
    sequence: number.sequence,
    parts: parts.map((part) => ({
      name: part.name,
      bytes: part.plainBytes,
      sha256: part.plainSha256,
      records: part.records,
    })),
    files: [],
    counts: { ...counts },
    purpose: "",
    revoked: deps.store.revokedOwnKeys().map((key) => fingerprint(parseSshPublicKey(key))),
    have: deps.haveFor(peer.id),
  });
  deps.kernel.step("seal.manifest");
  const path = deps.spool.draft(sealing, manifestPartName);
  const sealed = await deps.pool.run("seal-plain", { plain, recipient: peer.ageRecipient, path });
  await deps.spool.keep(sealing, manifestPartName);
  return { position: 0, name: manifestPartName, records: 0, ...sealed };
}

/** What an envelope says besides its contents. */
interface About {
  readonly id: string;
  readonly number: NewNumber;
  readonly manifest: BatchPart;
  readonly voids: Envelope["voids"];
  readonly logs: CarriedLogs;
}

function envelopeFor(kernel: Kernel, contents: Contents, about: About): Envelope {
  const { id, number, manifest, voids, logs } = about;
  const identity = kernel.identity();
  const [key] = kernel.keyring.fingerprints();
  if (key === undefined) throw new Refusal("not-ready", "This station has no signing key.");
  return {
    format: batchFormat,
    id,
    from: { station: identity.id, key, lineage: identity.lineage },
    to: { station: contents.peer.station, key: contents.peer.fingerprint },
    direction: directionFrom(contents.side),
    sequence: number.sequence,
    previous: number.previous,
    createdAt: kernel.clock().toISOString(),
    // Nothing on this side of the gap vouches for the clock.
    clock: "unsynchronised",
    parts: [manifest, ...contents.parts].map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
    parity: [],
    voids,
    checkpoint: logs.checkpoint,
    witnessed: logs.witnessed,
  };
}

/** One short transaction: number, `previous`, the bytes of batch.json and the event. */
function commitSealed(
  { kernel, store, witness }: WriterDeps,
  { sealing, peer, parts, counts }: Contents,
  { envelope, number, manifest, logs }: Pick<About, "number" | "manifest" | "logs"> & { envelope: Envelope },
  call: Call,
): SealedBatch {
  const bytes = writeEnvelope(envelope);
  const all = [manifest, ...parts];
  const batch: SealedBatch = {
    id: sealing,
    batch: envelope.id,
    sequence: number.sequence,
    sha256: sha256Hex(bytes),
    envelope: bytes,
    records: parts.reduce((sum, part) => sum + part.records, 0),
    bytes: all.reduce((sum, part) => sum + part.bytes, 0),
    state: "sealed",
  };
  kernel.step("seal.commit");
  call.commit((event) => {
    requireTrusted(store.recipient(peer.name), peer);
    const next = store.nextNumber(peer.id, envelope.from.lineage);
    if (next.sequence !== number.sequence || next.previous !== number.previous) throw new NumberTaken();
    if (store.voids(peer.id, envelope.from.lineage).length !== envelope.voids.length) throw new NumberTaken();
    store.seal(batch, {
      previous: number.previous,
      createdAt: envelope.createdAt,
      receiptsOnly: counts.request === undefined && counts.response === undefined,
    });
    for (const part of all) store.addPart(sealing, part);
    witness.sealed(peer.id, logs);
    event({
      action: "transfer.batch-sealed",
      object: batch.batch,
      details: {
        peer: peer.name,
        sequence: batch.sequence,
        sha256: batch.sha256,
        records: batch.records,
        bytes: batch.bytes,
        voids: envelope.voids.length,
      },
    });
  });
  kernel.changes.publish("transfer", "requests", "audit");
  return batch;
}

/** The peer as it is now must be the one that was sealed for. */
function requireTrusted(now: Recipient | undefined, sealedFor: Recipient): void {
  if (
    now?.state === "trusted" &&
    now.ageRecipient === sealedFor.ageRecipient &&
    now.fingerprint === sealedFor.fingerprint
  )
    return;
  throw new Refusal(
    "not-ready",
    `${sealedFor.name} is no longer trusted with the card that was sealed for.`,
    {
      safe: "Nothing was sealed and no number was used up; the records still wait.",
      remedy: "Look at the peer and export again.",
    },
  );
}

/** Gives the records free again. What can't be undone now, the next start sweeps. */
async function undo(deps: WriterDeps, sealing: number): Promise<void> {
  try {
    await dropSealing(deps, sealing);
  } catch (error) {
    deps.kernel.log.error({ sealing, error: String(error) }, "a failed seal could not be undone now");
  }
}

/** Drops one batch that was never sealed: its records wait again and its parts are gone. */
export async function dropSealing({ kernel, store, spool }: WriterDeps, sealing: number): Promise<void> {
  kernel.step("seal.release");
  store.dropSealing(sealing);
  await spool.remove(sealing);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

import { setImmediate as nextTurn } from "node:timers/promises";
import { Refusal } from "../../../shared/errors.ts";
import { randomHex } from "../../station/crypto/random.ts";
import { sha256Hex } from "../../station/crypto/hash.ts";
import { directionFrom } from "../../station/identity.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import type { Pool } from "../../station/pool/pool.ts";
import { diskFault } from "./disk-fault.ts";
import { batchFormat, batchId, manifestPartName, partName } from "./format/names.ts";
import { writeEnvelope, type Envelope } from "./format/envelope.ts";
import { writeManifest, type Have } from "./format/manifest.ts";
import type { JobRun } from "./job-run.ts";
import { Packer } from "./pack.ts";
import type { Spool } from "./spool.ts";
import type { BatchPart, NewNumber, OutStore, Recipient, SealedBatch } from "./store-out.ts";
import type { TransferTasks } from "./tasks.ts";

/** What sealing and copying are made from. */
export interface WriterDeps {
  readonly kernel: Kernel;
  readonly store: OutStore;
  readonly spool: Spool;
  readonly pool: Pool<TransferTasks>;
  /** What we hold of a peer's batches, for the manifest. The importer's half knows. */
  readonly haveFor: (peer: number) => Have;
  /** Size of a records part; the default unless a test needs many small ones. */
  readonly partBytes?: number;
}

/** Records claimed or released in one transaction: about 50 ms. */
const claimChunk = 10_000;

/** Room for the manifest, the parts' headers and the file system's own needs. */
const spareBytes = 8 * 1024 * 1024;

/** Another batch took the number while the manifest was sealed. */
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
    const claimed = await claimAll(deps, sealing, peer, run);
    if (claimed === 0) {
      store.forgetSealing(sealing);
      return null;
    }
    const claimedBytes = store.claimedBytes(sealing);
    run.begin("seal", claimedBytes, `${claimed} records for ${peer.name}.`);
    await deps.spool.needRoom(claimedBytes + spareBytes);
    kernel.step("seal.spool");
    await deps.spool.create(sealing);
    const packer = new Packer((after) => store.records(sealing, after), deps.partBytes);
    const parts = await sealParts(deps, sealing, packer, peer, run);
    const batch = await numberAndCommit(deps, { sealing, peer, parts, counts: packer.counts, side }, call);
    run.finish(
      "seal",
      "done",
      `${batch.records} records in ${parts.length} parts. These bytes no longer change.`,
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

async function claimAll(
  { kernel, store }: WriterDeps,
  sealing: number,
  peer: Recipient,
  run: JobRun,
): Promise<number> {
  let claimed = 0;
  for (;;) {
    run.safePoint();
    kernel.step("seal.claim");
    const count = store.claim(sealing, peer.id, kernel.identity().side, claimChunk);
    claimed += count;
    if (count < claimChunk) return claimed;
    await nextTurn();
  }
}

/** Keeps every thread busy and one part ready, so that memory stays at a few parts whatever the batch. */
async function sealParts(
  deps: WriterDeps,
  sealing: number,
  packer: Packer,
  peer: Recipient,
  run: JobRun,
): Promise<BatchPart[]> {
  const parts: BatchPart[] = [];
  const running = new Set<Promise<void>>();
  const spare: ArrayBuffer[] = [];
  let failure: unknown;
  try {
    for (let number = 1; failure === undefined; number += 1) {
      run.safePoint();
      const packed = await packer.next(spare.pop());
      if (packed === null) break;
      deps.kernel.step("seal.part");
      const name = partName(number);
      const work = sealOne(deps, sealing, name, packed.plain, peer).then(
        ({ memory, ...sealed }) => {
          spare.push(memory);
          parts.push({ position: number, name, records: packed.records, ...sealed });
          run.advance("seal", sealed.plainBytes, packed.records);
        },
        (error: unknown) => {
          failure ??= error;
        },
      );
      running.add(work);
      void work.finally(() => running.delete(work));
      if (running.size > deps.pool.threads) await Promise.race(running);
    }
  } finally {
    await Promise.all(running);
  }
  if (failure !== undefined) throw failure;
  return parts.toSorted((left, right) => left.position - right.position);
}

async function sealOne(
  deps: WriterDeps,
  sealing: number,
  name: string,
  plain: Uint8Array<ArrayBuffer>,
  peer: Recipient,
) {
  const path = deps.spool.path(sealing, name);
  return await deps.pool.run("seal-part", { plain, recipient: peer.ageRecipient, path }, [plain.buffer]);
}

interface Contents {
  readonly sealing: number;
  readonly peer: Recipient;
  readonly parts: readonly BatchPart[];
  readonly counts: Packer["counts"];
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
    const envelope = envelopeFor(deps.kernel, contents, id, number, manifest);
    try {
      return commitSealed(deps, contents, { envelope, number, manifest }, call);
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
    revoked: [],
    have: deps.haveFor(peer.id),
  });
  deps.kernel.step("seal.manifest");
  const { memory: _, ...sealed } = await sealOne(
    deps,
    sealing,
    manifestPartName,
    new Uint8Array(plain),
    peer,
  );
  return { position: 0, name: manifestPartName, records: 0, ...sealed };
}

function envelopeFor(
  kernel: Kernel,
  contents: Contents,
  id: string,
  number: NewNumber,
  manifest: BatchPart,
): Envelope {
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
    voids: [],
    checkpoint: null,
    witnessed: null,
  };
}

/** One short transaction: number, `previous`, the bytes of batch.json and the event. */
function commitSealed(
  { kernel, store }: WriterDeps,
  { sealing, peer, parts, counts }: Contents,
  { envelope, number, manifest }: { envelope: Envelope; number: NewNumber; manifest: BatchPart },
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
    store.seal(batch, {
      previous: number.previous,
      createdAt: envelope.createdAt,
      receiptsOnly: counts.request === undefined && counts.response === undefined,
    });
    for (const part of all) store.addPart(sealing, part);
    event({
      action: "transfer.batch-sealed",
      object: batch.batch,
      details: {
        peer: peer.name,
        sequence: batch.sequence,
        sha256: batch.sha256,
        records: batch.records,
        bytes: batch.bytes,
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
  do {
    kernel.step("seal.release");
  } while (store.release(sealing, claimChunk) === claimChunk);
  store.forgetSealing(sealing);
  await spool.remove(sealing);
}

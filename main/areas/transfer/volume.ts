import { sha256Hex } from "../../station/crypto/hash.ts";
import { signSshsig } from "../../station/crypto/sshsig.ts";
import { writeTagFiles } from "./format/bag.ts";
import { parseEnvelope } from "./format/envelope.ts";
import { writeReadme } from "./format/readme.ts";
import { bagName, batchNamespace, signatureName, tagmanifestName } from "./format/names.ts";
import type { WriterDeps } from "./seal.ts";
import type { SealedBatch } from "./store-out.ts";
import { Uncarriable } from "./uncarriable.ts";

/** One file of a bag: what it must hold, and where that comes from. */
export interface BagFile {
  /** Path within the bag, with `/`. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  /** The bytes themselves, or the file of the spool that holds them. */
  readonly from: Buffer | string;
}

/** Everything one bag holds. The same batch gives the same bytes on every medium. */
export interface Volume {
  readonly batch: SealedBatch;
  readonly number: number;
  readonly bag: string;
  readonly parts: readonly BagFile[];
  readonly tagFiles: readonly BagFile[];
  readonly signature: BagFile;
  readonly tagmanifestSha256: string;
}

/**
 * Lays out the one volume of a sealed batch and signs it.
 *
 * @throws Refusal `not-signed-in` while the station is locked
 */
export function layOutVolume({ kernel, store, spool }: WriterDeps, batch: SealedBatch): Volume {
  const envelope = parseEnvelope(batch.envelope);
  // The key that the envelope names, also where a newer one is in force: the peer takes it until it is revoked.
  const signing = kernel.keyring.signingBy(envelope.from.key);
  if (signing === undefined) {
    throw new Uncarriable(
      "not-ready",
      `${batch.batch} was sealed under a signing key that this station no longer has.`,
      {
        remedy: "Give the batch up, so that its records are sealed again under the present key.",
      },
    );
  }
  if (store.isRevoked(envelope.to.key)) {
    throw new Uncarriable(
      "not-ready",
      `${batch.batch} was sealed for a key of the peer that is revoked, so it is not carried again.`,
      {
        safe: "It may have arrived with an earlier copy; other batches are carried.",
        remedy:
          "Ask the other side whether it took this batch in. If not, give it up, so that its records are sealed for the new key.",
      },
    );
  }
  const sender = kernel.identity().name;
  const write = (volume: number) =>
    writeTagFiles({
      envelope,
      envelopeBytes: batch.envelope,
      volume,
      volumeCount: volume,
      parts: envelope.parts,
      readme: writeReadme({
        bag: bagName(batch.batch, volume),
        batch: batch.batch,
        volume,
        volumeCount: volume,
        sender,
        signerFingerprint: envelope.from.key,
      }),
    });
  // Numbered from what it holds: bag-info.txt names the volume, so it is laid out once to ask and once to keep.
  const number = store.volumeFor(batch.id, contentKey(write(1)));
  const files = write(number);
  const tagmanifest = needed(files, tagmanifestName);
  const signature = Buffer.from(signSshsig(tagmanifest, batchNamespace, signing));
  return {
    batch,
    number,
    bag: bagName(batch.batch, number),
    parts: envelope.parts.map((part) => ({ ...part, from: spool.path(batch.id, part.name) })),
    tagFiles: [...files].map(([name, content]) => bagFile(name, content)),
    signature: bagFile(signatureName, signature),
    tagmanifestSha256: contentKey(write(1)),
  };
}

function contentKey(files: ReadonlyMap<string, Buffer>): string {
  return sha256Hex(needed(files, tagmanifestName));
}

function needed(files: ReadonlyMap<string, Buffer>, name: string): Buffer {
  const content = files.get(name);
  if (content === undefined) throw new Error(`a bag without ${name} was laid out`);
  return content;
}

function bagFile(name: string, content: Buffer): BagFile {
  return { name, bytes: content.byteLength, sha256: sha256Hex(content), from: content };
}

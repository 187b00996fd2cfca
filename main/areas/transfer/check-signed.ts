import { fingerprint, verifySshsig } from "../../station/crypto/sshsig.ts";
import { directionFrom } from "../../station/identity.ts";
import type { ShapedBag } from "./check-shape.ts";
import { readVolume } from "./format/bag.ts";
import type { Envelope } from "./format/envelope.ts";
import { batchNamespace, dataFolder, tagmanifestName } from "./format/names.ts";
import type { PeerRow, StoreIn } from "./store-in.ts";
import { refusedFor } from "./verdict.ts";

/** A bag that a trusted peer signed, each of its tag files as signed. */
export interface SignedBag {
  readonly peer: PeerRow;
  /** Fingerprint of the key that signed. */
  readonly signer: string;
  readonly envelope: Envelope;
  readonly envelopeBytes: Buffer;
  /** The identity of the batch. */
  readonly sha256: string;
  readonly tagmanifest: Buffer;
  readonly signature: Buffer;
  /** Names of the parts and parity files in this volume. */
  readonly carries: ReadonlySet<string>;
}

/**
 * Step 2 of what readers enforce: the signature over the raw tagmanifest by a trusted key, its five
 * hashes, then the tag files one after the other. Nothing is parsed before it is known to be signed.
 *
 * @throws BagStop, FormatFault
 */
export function checkSigned(bag: string, shaped: ShapedBag, ledger: StoreIn): SignedBag {
  const tagmanifest = shaped.read(tagmanifestName);
  const { peer, signer } = trustedSigner(tagmanifest, shaped.signature, ledger);
  const { envelope, envelopeBytes, envelopeSha256, carries } = readVolume({
    bag,
    tagmanifest,
    read: (name) => shaped.read(name),
    dataNames: [...shaped.dataNames].map((name) => name.slice(dataFolder.length + 1)),
    accept({ direction }) {
      if (direction === directionFrom(peer.side)) return;
      throw refusedFor("bad-envelope", `batch.json: At direction: ${peer.name} is a ${peer.side} station`);
    },
  });
  return {
    peer,
    signer,
    envelope,
    envelopeBytes,
    sha256: envelopeSha256,
    tagmanifest,
    signature: shaped.signature,
    carries: new Set(carries.map(({ name }) => name)),
  };
}

/** First the cryptography, then type, namespace and at last trust. */
function trustedSigner(
  tagmanifest: Buffer,
  signature: Buffer,
  ledger: StoreIn,
): { peer: PeerRow; signer: string } {
  const proof = verifySshsig(tagmanifest, signature, batchNamespace);
  if (!proof.ok) throw refusedFor(proof.reason, proof.detail);
  const signer = fingerprint(proof.publicKey);
  const card = ledger.signer(signer);
  const peer = card === undefined ? undefined : ledger.peer(card.peer);
  if (card === undefined || peer === undefined) {
    throw refusedFor("untrusted-signer", `signed by ${signer}, which is on no card here`);
  }
  if (peer.state === "revoked" || card.state === "revoked") {
    throw refusedFor("revoked-signer", `signed by ${signer} of ${peer.name}, which is no longer trusted`);
  }
  // A replaced key still verifies what it sealed before the rotation: those batches are on their way.
  if (peer.state !== "trusted" || card.state === "offered") {
    throw refusedFor(
      "untrusted-signer",
      `signed by ${signer} of ${peer.name}, whose phrase nobody has compared`,
    );
  }
  return { peer, signer };
}

/** The first half of step 3: who it says it is from, and whom it is for. @throws BagStop */
export function checkAddress(
  { envelope, peer, signer }: Pick<SignedBag, "envelope" | "peer" | "signer">,
  us: { readonly station: string; readonly fingerprints: readonly string[] },
): void {
  if (envelope.from.station !== peer.station || envelope.from.key !== signer) {
    throw refusedFor(
      "from-is-not-signer",
      `${peer.name} signed it, and it says it is from another station or key`,
    );
  }
  if (envelope.to.station !== us.station || !us.fingerprints.includes(envelope.to.key)) {
    throw refusedFor("not-for-us", `it is for station ${envelope.to.station}, key ${envelope.to.key}`);
  }
}

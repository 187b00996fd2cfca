import { signBytes, verifyBytes, type SigningKeyPair } from "../crypto/ed25519.ts";
import { parseNote } from "../crypto/note.ts";
import { canonicalBase64 } from "../crypto/ssh-wire.ts";
import { verifierKeyId, type VerifierKey } from "../crypto/vkey.ts";
import { hashBytes } from "./tree.ts";

// C2SP tlog-checkpoint, signed-note and tlog-cosignature. Pure functions over keys and texts.

/** A log's head: whose, how many events, RFC 6962 root. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

/** Who signs, and under which name; a name has no plus and no white space. */
export interface NoteSigner {
  readonly name: string;
  readonly pair: SigningKeyPair;
}

/** The origin of a station's log; a restore begins a new lineage, so a new log (docs/format.md). */
export function logOrigin(station: string, lineage: string): string {
  return `sallyport/${station}/${lineage}`;
}

/** The three lines that signatures are over. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString("base64")}\n`;
}

/** Reads the text of a note as a checkpoint; extension lines are passed over. Null when it is none. */
export function parseCheckpointText(text: string): Checkpoint | null {
  const [origin = "", size = "", root = "", ...rest] = text.split("\n");
  const hash = canonicalBase64(root);
  if (origin === "" || rest.at(-1) !== "" || rest.slice(0, -1).includes("")) return null;
  if (!/^(0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) return null;
  if (hash?.length !== hashBytes) return null;
  return { origin, size: Number(size), root: Buffer.from(hash) };
}

/**
 * The first 40 bits of a root as two groups of five hex digits. Digits, not words: they are the beginning of the root that
 * stands in full beside them and in every C2SP tool's output, and whoever compares needs no list of words.
 */
export function shortCode(root: Buffer): string {
  const hex = root.toString("hex", 0, 5);
  return `${hex.slice(0, 5)}-${hex.slice(5)}`;
}

/** A note over a text that ends in LF, signed once for each signer (Ed25519, type 1). */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  const lines = signers.map(({ name, pair }) =>
    signatureLine(name, 1, pair.publicKey, signBytes(Buffer.from(text), pair.secretKey)),
  );
  return `${text}\n${lines.join("")}`;
}

/** What a note's known keys say about it. */
export type OpenedNote =
  | { readonly ok: true; readonly text: string; readonly signedBy: readonly VerifiedSignature[] }
  | { readonly ok: false; readonly fault: "not-a-note" | "bad-signature" | "unknown-key" };

export interface VerifiedSignature {
  readonly key: VerifierKey;
  /** Of a cosignature: when the witness made it, in seconds since 1970. */
  readonly time: number | null;
}

/**
 * Checks a note by known keys. As signed-note asks: other keys are passed over, a bad signature by a known key refuses the
 * whole note, and so does a note that no known key has signed. A wrong key is never a pass.
 */
export function openNote(note: string, keys: readonly VerifierKey[]): OpenedNote {
  const parsed = parseNote(note);
  if (parsed === null) return { ok: false, fault: "not-a-note" };
  const signedBy: VerifiedSignature[] = [];
  for (const { name, keyId, signature } of parsed.signatures) {
    const key = keys.find((one) => one.name === name && one.keyId === keyId);
    if (key === undefined) continue;
    const verified = verifySignature(parsed.text, signature, key);
    if (verified === null) return { ok: false, fault: "bad-signature" };
    signedBy.push(verified);
  }
  return signedBy.length === 0
    ? { ok: false, fault: "unknown-key" }
    : { ok: true, text: parsed.text, signedBy };
}

/**
 * A witness's timestamped cosignature of a note, added as its last line. Says: the consistent head with the largest size
 * that this witness has seen is this one. Whoever calls has checked and stored that (see witness.ts).
 *
 * @param at seconds since 1970
 */
export function cosign(note: string, { name, pair }: NoteSigner, at: number): string {
  const parsed = parseNote(note);
  if (parsed === null) throw new Error("not a signed note");
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(at));
  const signature = signBytes(cosignedBytes(parsed.text, BigInt(at)), pair.secretKey);
  return note + signatureLine(name, 4, pair.publicKey, Buffer.concat([time, signature]));
}

function verifySignature(text: string, signature: Buffer, key: VerifierKey): VerifiedSignature | null {
  if (key.type === 1) {
    return verifyBytes(Buffer.from(text), signature, key.publicKey) ? { key, time: null } : null;
  }
  if (signature.length < 8) return null;
  const time = signature.readBigUInt64BE();
  if (time > BigInt(Number.MAX_SAFE_INTEGER)) return null;
  const holds = verifyBytes(cosignedBytes(text, time), signature.subarray(8), key.publicKey);
  return holds ? { key, time: Number(time) } : null;
}

/** tlog-cosignature: a header line, a time line, then the whole text. */
function cosignedBytes(text: string, time: bigint): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${time}\n${text}`);
}

function signatureLine(name: string, type: 1 | 4, publicKey: Uint8Array, signature: Uint8Array): string {
  const id = Buffer.alloc(4);
  id.writeUInt32BE(verifierKeyId(name, type, publicKey));
  return `\u2014 ${name} ${Buffer.concat([id, signature]).toString("base64")}\n`;
}

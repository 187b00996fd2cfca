import type { Stanza } from "age-encryption";
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";

import { bech32 } from "@scure/base";

import { writeAgeHeader } from "./age-header.ts";
import { openStream, sealStream, streamBytes } from "./age-stream.ts";
import { hkdfSha256 } from "./hash.ts";
import { randomBytes } from "./random.ts";

// age v1 (C2SP age.md). Reading headers and making keys is the age library's; the body is ours, because the
// library's own cipher is plain JavaScript and the slowest stage of a seal by far.

/** A header beyond this is refused unread; one X25519 stanza needs 200 bytes. */
export const ageHeaderCapBytes = 64 * 1024;
const payloadNonceBytes = 16;
const macLineMark = Buffer.from("\n--- ");

/** `AGE-SECRET-KEY-1..` and its `age1..`. */
export type AgeKeyPair = { readonly identity: string; readonly recipient: string };

export type AgeReason = "bad-recipient" | "not-decryptable" | "bad-age";

/** An age file that is not opened; the reason is a word of the batch format's closed list. */
export class AgeFault extends Error {
  override readonly name = "AgeFault";
  readonly reason: AgeReason;

  constructor(reason: AgeReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** A new X25519 identity and its recipient. */
export async function generateAgeIdentity(): Promise<AgeKeyPair> {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** 32 secret bytes, kept as a key of the station, as an X25519 identity and its recipient. */
export async function ageKeyPairFromSecret(secret: Uint8Array): Promise<AgeKeyPair> {
  if (secret.byteLength !== 32) throw new Error("an X25519 identity has 32 bytes");
  const identity = bech32.encodeFromBytes("AGE-SECRET-KEY-", secret).toUpperCase();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** The `age1..` of an `AGE-SECRET-KEY-1..`. */
export async function ageRecipientOf(identity: string): Promise<string> {
  return identityToRecipient(identity);
}

/** Whether the text is an X25519 recipient with a right checksum; other kinds of `age1..` are not. */
export function isAgeRecipient(text: string): boolean {
  // age1, then 52 characters of key and 6 of checksum, in the alphabet of bech32.
  if (!/^age1[02-9ac-hj-np-z]{58}$/.test(text)) return false;
  try {
    new Encrypter().addRecipient(text);
    return true;
  } catch {
    return false;
  }
}

/** Encrypts for one X25519 recipient. Header, file key and nonce are new on every call. */
export function sealAge(plain: Buffer, recipient: string): Buffer {
  const { header, fileKey } = writeAgeHeader(recipient);
  const nonce = randomBytes(payloadNonceBytes);
  const file = Buffer.allocUnsafe(header.byteLength + payloadNonceBytes + streamBytes(plain.byteLength));
  header.copy(file);
  nonce.copy(file, header.byteLength);
  sealStream(
    plain,
    hkdfSha256(fileKey, nonce, "payload"),
    file.subarray(header.byteLength + payloadNonceBytes),
  );
  return file;
}

/**
 * Decrypts a binary age file with exactly one X25519 stanza, whole: nothing of it is given before its
 * end is proven.
 *
 * @param identities ours, the present one first; a rotated station still opens what was sealed before
 * @throws AgeFault `bad-recipient` (other or several stanzas), `not-decryptable` (none of our
 *   identities), `bad-age` (anything else)
 */
export async function openAge(file: Buffer, identities: string | readonly string[]): Promise<Buffer> {
  const headerBytes = findHeaderEnd(file);
  const fileKey = await openHeader(
    file.subarray(0, headerBytes),
    typeof identities === "string" ? [identities] : identities,
  );
  const nonce = file.subarray(headerBytes, headerBytes + payloadNonceBytes);
  if (nonce.byteLength < payloadNonceBytes) throw new AgeFault("bad-age", "ends after its header");
  const streamKey = hkdfSha256(fileKey, nonce, "payload");
  const plain = openStream(file.subarray(headerBytes + payloadNonceBytes), streamKey);
  if (plain === null) {
    throw new AgeFault("bad-age", "the payload was changed, cut short, or is followed by more");
  }
  return plain;
}

/**
 * Encrypts under a passphrase (scrypt), for what a person keeps; `age -d` asks for the passphrase.
 *
 * @param workFactor log2 of scrypt's N; 18 is age's own default, about a second
 */
export async function sealAgeWithPassphrase(
  plain: Uint8Array,
  passphrase: string,
  workFactor = 18,
): Promise<Buffer> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(workFactor);
  return Buffer.from(await encrypter.encrypt(Buffer.from(plain)));
}

function findHeaderEnd(file: Buffer): number {
  const head = file.subarray(0, ageHeaderCapBytes);
  const macLine = head.indexOf(macLineMark);
  const end = macLine < 0 ? -1 : head.indexOf(0x0a, macLine + 1);
  if (end < 0) throw new AgeFault("bad-age", "has no whole age header in its first 64 KiB");
  return end + 1;
}

async function openHeader(header: Buffer, identities: readonly string[]): Promise<Buffer> {
  const seen: { fault: AgeFault | null; isForOthers: boolean } = { fault: null, isForOthers: false };
  const decrypter = new Decrypter();
  // The library asks its identities in turn: the first only looks, the last is reached when none fits.
  decrypter.addIdentity({
    unwrapFileKey(stanzas: Stanza[]) {
      seen.fault = wrongStanzas(stanzas);
      if (seen.fault !== null) throw seen.fault;
      return null;
    },
  });
  for (const identity of identities) decrypter.addIdentity(identity);
  decrypter.addIdentity({
    unwrapFileKey() {
      seen.isForOthers = true;
      return null;
    },
  });
  try {
    return Buffer.from(await decrypter.decryptHeader(header));
  } catch (cause) {
    if (seen.fault !== null) throw seen.fault;
    if (seen.isForOthers) {
      throw new AgeFault("not-decryptable", "is sealed for a key that is not ours", { cause });
    }
    throw new AgeFault("bad-age", "has a header that age does not accept", { cause });
  }
}

function wrongStanzas(stanzas: readonly Stanza[]): AgeFault | null {
  const kinds = stanzas.map((stanza) => stanza.args[0] ?? "");
  if (kinds.length === 1 && kinds[0] === "X25519") return null;
  return new AgeFault(
    "bad-recipient",
    `must have exactly one X25519 recipient, has ${kinds.length}: ${kinds.slice(0, 4).join(", ")}`,
  );
}

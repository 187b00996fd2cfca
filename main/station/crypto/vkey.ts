import { sha256 } from "./hash.ts";
import { canonicalBase64 } from "./ssh-wire.ts";

// C2SP signed-note: a verifier key is `<name>+<key id as 8 hex digits>+<base64 of type byte and key>`.

/** 1 is Ed25519 over the note (logs); 4 is the timestamped cosignature of C2SP tlog-cosignature. */
export type VerifierKeyType = 1 | 4;

export type VerifierKey = {
  readonly name: string;
  readonly type: VerifierKeyType;
  /** First four bytes of SHA-256(name, LF, type, key), big-endian, as a signed note carries them. */
  readonly keyId: number;
  readonly publicKey: Buffer;
};

/** Names of keys have no plus and no white space (C2SP signed-note). */
const namePattern = /^[^+\s]+$/u;

/** The key id of C2SP signed-note for an Ed25519 key. */
export function verifierKeyId(name: string, type: VerifierKeyType, publicKey: Uint8Array): number {
  return sha256(Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([type]), publicKey])).readUInt32BE();
}

/** Writes `name+hex8+base64`. */
export function formatVerifierKey(name: string, type: VerifierKeyType, publicKey: Uint8Array): string {
  const id = verifierKeyId(name, type, publicKey).toString(16).padStart(8, "0");
  const key = Buffer.concat([Buffer.from([type]), publicKey]).toString("base64");
  return `${name}+${id}+${key}`;
}

/**
 * Reads `name+hex8+base64`; the base64 may itself hold a plus.
 *
 * @throws when the form, the type or the key id is wrong
 */
export function parseVerifierKey(text: string): VerifierKey {
  const [name = "", id = "", ...rest] = text.split("+");
  const bytes = canonicalBase64(rest.join("+"));
  const type = bytes?.[0];
  if (!namePattern.test(name) || bytes?.byteLength !== 33 || (type !== 1 && type !== 4)) {
    throw new Error("not a verifier key in the form `name+hex8+base64` of type 1 or 4");
  }
  const publicKey = bytes.subarray(1);
  const keyId = verifierKeyId(name, type, publicKey);
  if (id !== keyId.toString(16).padStart(8, "0")) {
    throw new Error("the key id of the verifier key does not fit its name and key");
  }
  return { name, type, keyId, publicKey };
}

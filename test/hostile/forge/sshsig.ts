import { createHash, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";

/** What may be bent in a signature (OpenSSH PROTOCOL.sshsig); everything absent is honest. */
export interface SignatureChanges {
  namespace?: string;
  hash?: "sha512" | "sha256";
  /** The name written in the blob, when it shall differ from the hash that was used. */
  hashName?: string;
  version?: number;
  reserved?: string;
  magic?: string;
  /** The wire form of the public key shown in the blob. */
  publicKeyBlob?: Buffer;
  /** Rewrites the 64 raw bytes. */
  rawSignature?: (raw: Buffer) => Buffer;
  /** The algorithm name beside the raw signature. */
  signatureType?: string;
  /** Bytes after the signature, inside the armour. */
  blobTail?: Buffer;
  /** Rewrites the finished armour. */
  armour?: (text: string) => string;
}

/** An SSH wire string: four bytes of length, then the bytes (RFC 4251 section 5). */
export function wireString(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value as Uint8Array);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** The wire form of an ed25519 public key. */
export function publicKeyBlob(rawPublicKey: Uint8Array): Buffer {
  return Buffer.concat([wireString("ssh-ed25519"), wireString(rawPublicKey)]);
}

/** `ssh-ed25519 AAAA..`, without a comment. */
export function publicKeyLine(rawPublicKey: Uint8Array): string {
  return `ssh-ed25519 ${publicKeyBlob(rawPublicKey).toString("base64")}`;
}

/** What `ssh-keygen -l` prints of a key: `SHA256:` and 43 base64 characters. */
export function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

/** Wraps a blob as ssh-keygen does, 70 characters a line. */
export function armourSignature(blob: Uint8Array): string {
  const lines =
    Buffer.from(blob)
      .toString("base64")
      .match(/.{1,70}/g) ?? [];
  return `-----BEGIN SSH SIGNATURE-----\n${lines.join("\n")}\n-----END SSH SIGNATURE-----\n`;
}

/** An armoured SSHSIG over `message`, sha512 unless told otherwise. */
export function signMessage(
  message: Uint8Array,
  key: { privateKey: KeyObject; rawPublicKey: Buffer },
  namespace: string,
  changes: SignatureChanges = {},
): string {
  const hash = changes.hash ?? "sha512";
  const middle = Buffer.concat([
    wireString(changes.namespace ?? namespace),
    wireString(changes.reserved ?? ""),
    wireString(changes.hashName ?? hash),
  ]);
  const digest = createHash(hash).update(message).digest();
  const signed = Buffer.concat([Buffer.from("SSHSIG"), middle, wireString(digest)]);
  const raw = sign(null, signed, key.privateKey);
  const version = Buffer.alloc(4);
  version.writeUInt32BE(changes.version ?? 1);
  const blob = Buffer.concat([
    Buffer.from(changes.magic ?? "SSHSIG"),
    version,
    wireString(changes.publicKeyBlob ?? publicKeyBlob(key.rawPublicKey)),
    middle,
    wireString(
      Buffer.concat([
        wireString(changes.signatureType ?? "ssh-ed25519"),
        wireString(changes.rawSignature?.(raw) ?? raw),
      ]),
    ),
    changes.blobTail ?? Buffer.alloc(0),
  ]);
  const text = armourSignature(blob);
  return changes.armour?.(text) ?? text;
}

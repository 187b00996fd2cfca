import type { SigningKeyPair } from "./ed25519.ts";
import { signBytes, verifyBytes } from "./ed25519.ts";
import { sha256, sha512 } from "./hash.ts";
import { canonicalBase64, SshReader, sshString } from "./ssh-wire.ts";

const ed25519KeyType = "ssh-ed25519";

/** The SSH wire form of an Ed25519 public key (RFC 8709 section 4). */
function encodeSshPublicKey(publicKey: Uint8Array): Buffer {
  return Buffer.concat([sshString(ed25519KeyType), sshString(publicKey)]);
}

/** The 32 key bytes of an SSH wire key, or null when it is anything but one whole Ed25519 key. */
function decodeSshPublicKey(blob: Buffer): Buffer | null {
  const reader = new SshReader(blob);
  const type = reader.string();
  const key = reader.string();
  if (type?.toString("latin1") !== ed25519KeyType || key?.byteLength !== 32) return null;
  return reader.isAtEnd ? key : null;
}

/** `ssh-ed25519 AAAA..`, as in authorized_keys, without a comment. */
export function formatSshPublicKey(publicKey: Uint8Array): string {
  return `${ed25519KeyType} ${encodeSshPublicKey(publicKey).toString("base64")}`;
}

/**
 * The 32 key bytes of `ssh-ed25519 AAAA..`; only what {@link formatSshPublicKey} writes is read.
 *
 * @throws on another key type, a comment, white space or base64 that is not canonical
 */
export function parseSshPublicKey(text: string): Buffer {
  const [type, encoded, ...rest] = text.split(" ");
  const blob = encoded === undefined ? null : canonicalBase64(encoded);
  const key = type === ed25519KeyType && blob !== null ? decodeSshPublicKey(blob) : null;
  if (key === null || rest.length > 0) {
    throw new Error("not an ssh-ed25519 public key in the form `ssh-ed25519 AAAA..`");
  }
  return key;
}

/** What `ssh-keygen -l` prints: `SHA256:` and 43 characters of base64 without padding. */
export function fingerprint(publicKey: Uint8Array): string {
  const digest = sha256(encodeSshPublicKey(publicKey)).toString("base64");
  return `SHA256:${digest.replace(/=$/, "")}`;
}

// OpenSSH, PROTOCOL.sshsig: the armour, the blob and the signed data, each its own function below.

const beginLine = "-----BEGIN SSH SIGNATURE-----";
const endLine = "-----END SSH SIGNATURE-----";
const magic = "SSHSIG";
const version = 1;
/** ssh-keygen breaks its base64 at 70 characters; readers take any width. */
const lineWidth = 70;

export type SshsigFault = "bad-signature" | "bad-key-type" | "wrong-namespace";
export type SshsigVerdict =
  | { readonly ok: true; readonly publicKey: Buffer }
  | { readonly ok: false; readonly reason: SshsigFault; readonly detail: string };

type Blob = {
  readonly key: Buffer;
  readonly namespace: Buffer;
  readonly hash: string;
  readonly signature: Buffer;
};

/** Signs the message in a namespace, sha512, armoured exactly as `ssh-keygen -Y sign` does. */
export function signSshsig(message: Uint8Array, namespace: string, keyPair: SigningKeyPair): string {
  const signature = signBytes(signedData(Buffer.from(namespace), "sha512", message), keyPair.secretKey);
  const blob = Buffer.concat([
    Buffer.from(magic),
    Buffer.from([0, 0, 0, version]),
    sshString(encodeSshPublicKey(keyPair.publicKey)),
    sshString(namespace),
    sshString(""),
    sshString("sha512"),
    sshString(Buffer.concat([sshString(ed25519KeyType), sshString(signature)])),
  ]);
  const body = blob.toString("base64");
  const lines = [beginLine];
  for (let at = 0; at < body.length; at += lineWidth) lines.push(body.slice(at, at + lineWidth));
  return `${[...lines, endLine].join("\n")}\n`;
}

/**
 * Checks an armoured signature: first the cryptography (`bad-signature`), then the key's type
 * (`bad-key-type`), then the namespace (`wrong-namespace`). Whether the key is trusted is the
 * caller's question; the key is in the answer.
 *
 * The cryptography of other key types than Ed25519 isn't ours to check (node:crypto under Electron
 * isn't either). A well-formed signature by such a key is `bad-key-type`: the only thing known about
 * it is that its type will never be accepted, and saying `bad-signature` would cry tampering.
 */
export function verifySshsig(
  message: Uint8Array,
  armoured: string | Uint8Array,
  namespace: string,
): SshsigVerdict {
  const bytes = unarmour(typeof armoured === "string" ? armoured : Buffer.from(armoured).toString("latin1"));
  if (bytes === null) return fault("bad-signature", "the armour is not that of an SSH signature");
  const blob = parseBlob(bytes);
  if (typeof blob === "string") return fault("bad-signature", blob);

  const type = new SshReader(blob.key).string()?.toString("latin1") ?? "";
  if (type !== ed25519KeyType) {
    return /^[a-z0-9@.-]{1,64}$/.test(type)
      ? fault("bad-key-type", `the key is of type ${type}`)
      : fault("bad-signature", "the key in the signature has no type");
  }
  const publicKey = decodeSshPublicKey(blob.key);
  const signature = ed25519Signature(blob.signature);
  if (publicKey === null || signature === null) {
    return fault("bad-signature", "the key or the signature is not a whole Ed25519 value");
  }
  const signed = signedData(blob.namespace, blob.hash, message);
  if (!verifyBytes(signed, signature, publicKey)) {
    return fault("bad-signature", "the signature does not fit the bytes");
  }
  if (!blob.namespace.equals(Buffer.from(namespace))) {
    return fault(
      "wrong-namespace",
      `signed in the namespace ${JSON.stringify(blob.namespace.toString("utf8").slice(0, 64))}`,
    );
  }
  return { ok: true, publicKey };
}

/**
 * Whether an armoured signature has its END line. One that hasn't was never finished (`interrupted`);
 * one that has is judged by {@link verifySshsig}. The last LF is not asked for: nothing depends on it.
 */
export function hasEndLine(armoured: string | Uint8Array): boolean {
  const text = typeof armoured === "string" ? armoured : Buffer.from(armoured).toString("latin1");
  return text.split("\n").includes(endLine);
}

function fault(reason: SshsigFault, detail: string): SshsigVerdict {
  return { ok: false, reason, detail };
}

function unarmour(text: string): Buffer | null {
  const lines = (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
  if (lines.length < 3 || lines[0] !== beginLine || lines.at(-1) !== endLine) return null;
  return canonicalBase64(lines.slice(1, -1).join(""));
}

function parseBlob(bytes: Buffer): Blob | string {
  const reader = new SshReader(bytes);
  if (reader.raw(magic.length)?.toString("latin1") !== magic) return "the blob has no SSHSIG mark";
  if (reader.uint32() !== version) return "the version is not 1";
  const key = reader.string();
  const namespace = reader.string();
  const reserved = reader.string();
  const hash = reader.string()?.toString("latin1");
  const signature = reader.string();
  if (key === null || namespace === null || reserved === null || signature === null) {
    return "the blob ends too early";
  }
  if (!reader.isAtEnd) return "bytes follow the blob";
  if (namespace.byteLength === 0) return "the namespace is empty";
  if (reserved.byteLength > 0) return "the reserved field is not empty";
  if (hash !== "sha512" && hash !== "sha256") return "the hash is neither sha512 nor sha256";
  return { key, namespace, hash, signature };
}

function ed25519Signature(blob: Buffer): Buffer | null {
  const reader = new SshReader(blob);
  const type = reader.string();
  const signature = reader.string();
  return type?.toString("latin1") === ed25519KeyType && reader.isAtEnd ? signature : null;
}

function signedData(namespace: Buffer, hash: string, message: Uint8Array): Buffer {
  return Buffer.concat([
    Buffer.from(magic),
    sshString(namespace),
    sshString(""),
    sshString(hash),
    sshString(hash === "sha256" ? sha256(message) : sha512(message)),
  ]);
}

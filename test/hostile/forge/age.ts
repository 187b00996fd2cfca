import {
  createCipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
} from "node:crypto";
import type { KeyObject } from "node:crypto";
import { decodeBech32, encodeBech32 } from "./bech32.ts";

/** A part's encryption written by hand from the age v1 page of C2SP, so that each byte can be bent. */

const chunkBytes = 65_536;

export interface AgeKeyPair {
  /** `AGE-SECRET-KEY-1..` */
  identity: string;
  /** `age1..` */
  recipient: string;
}

/** What may be bent in an age file; everything absent is honest. */
export interface AgeChanges {
  /** Stanzas written before and after the honest one, each as whole lines without the last LF. */
  stanzasBefore?: readonly string[];
  stanzasAfter?: readonly string[];
  /** Leave the honest stanza out. */
  withoutStanza?: boolean;
  /** Further recipients, each with an own honest X25519 stanza. */
  alsoFor?: readonly string[];
  versionLine?: string;
  /** Rewrites the finished header, after its MAC was computed. */
  header?: (text: string) => string;
  /** Rewrites the encrypted chunks, each with its tag. */
  chunks?: (chunks: Buffer[]) => Buffer[];
  /** Cut the plaintext at this size instead of 64 KiB. */
  chunkBytes?: number;
  /** Mark no chunk as the last, or end with an empty last one. */
  lastChunk?: "unmarked" | "empty";
  /** Rewrites the whole file. */
  file?: (bytes: Buffer) => Buffer;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64").replace(/=+$/, "");

/** HKDF-SHA-256 to 32 bytes. */
function derive(secret: Uint8Array, salt: Uint8Array, info: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, salt, info, 32));
}

function sealChunk(key: Buffer, nonce: Buffer, plain: Uint8Array): Buffer {
  const cipher = createCipheriv("chacha20-poly1305", key, nonce, { authTagLength: 16 });
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function rawHalf(key: KeyObject, half: "x" | "d"): Buffer {
  return Buffer.from(key.export({ format: "jwk" })[half] ?? "", "base64url");
}

/** A new X25519 pair in age's spelling. */
export function makeAgeKeyPair(): AgeKeyPair {
  const { privateKey } = generateKeyPairSync("x25519");
  return {
    identity: encodeBech32("age-secret-key-", rawHalf(privateKey, "d")).toUpperCase(),
    recipient: encodeBech32("age", rawHalf(createPublicKey(privateKey), "x")),
  };
}

/** The recipient of a secret identity, to see that the two belong together. */
export function recipientOf(identity: string): string {
  // The fixed PKCS #8 head of an X25519 key (RFC 8410 section 7); the 32 raw bytes follow it.
  const head = Buffer.from("302e020100300506032b656e04220420", "hex");
  const der = Buffer.concat([head, decodeBech32(identity).bytes]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return encodeBech32("age", rawHalf(createPublicKey(key), "x"));
}

/** One X25519 stanza that wraps `fileKey` for a recipient. */
export function x25519Stanza(recipient: string, fileKey: Uint8Array): string {
  const theirs = decodeBech32(recipient).bytes;
  const ephemeral = generateKeyPairSync("x25519");
  const share = rawHalf(ephemeral.publicKey, "x");
  const x = theirs.toString("base64url");
  const publicKey = createPublicKey({ format: "jwk", key: { kty: "OKP", crv: "X25519", x } });
  const shared = diffieHellman({ privateKey: ephemeral.privateKey, publicKey });
  const salt = Buffer.concat([share, theirs]);
  const wrapKey = derive(shared, salt, "age-encryption.org/v1/X25519");
  return `-> X25519 ${base64(share)}\n${base64(sealChunk(wrapKey, Buffer.alloc(12), fileKey))}`;
}

function encryptChunks(key: Buffer, plain: Uint8Array, changes: AgeChanges): Buffer[] {
  const size = changes.chunkBytes ?? chunkBytes;
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < plain.length; at += size) pieces.push(plain.subarray(at, at + size));
  if (pieces.length === 0 || changes.lastChunk === "empty") pieces.push(new Uint8Array());
  return pieces.map((piece, index) => {
    const nonce = Buffer.alloc(12);
    nonce.writeUIntBE(index, 5, 6);
    const isLast = index === pieces.length - 1;
    nonce[11] = isLast && changes.lastChunk !== "unmarked" ? 1 : 0;
    return sealChunk(key, nonce, piece);
  });
}

/** Encrypts `plain` for a recipient as one binary age file. */
export function encryptAge(plain: Uint8Array, recipient: string, changes: AgeChanges = {}): Buffer {
  const fileKey = randomBytes(16);
  const stanzas = [
    ...(changes.stanzasBefore ?? []),
    ...(changes.withoutStanza ? [] : [x25519Stanza(recipient, fileKey)]),
    ...(changes.alsoFor ?? []).map((other) => x25519Stanza(other, fileKey)),
    ...(changes.stanzasAfter ?? []),
  ];
  const version = changes.versionLine ?? "age-encryption.org/v1";
  const upToMac = [version, ...stanzas, "---"].join("\n");
  const macKey = derive(fileKey, new Uint8Array(), "header");
  const mac = createHmac("sha256", macKey).update(upToMac).digest();
  const header = `${upToMac} ${base64(mac)}\n`;
  const nonce = randomBytes(16);
  const chunks = encryptChunks(derive(fileKey, nonce, "payload"), plain, changes);
  const file = Buffer.concat([
    Buffer.from(changes.header?.(header) ?? header),
    nonce,
    ...(changes.chunks?.(chunks) ?? chunks),
  ]);
  return changes.file?.(file) ?? file;
}

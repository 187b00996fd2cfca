import { argon2Sync, createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { makeAgeKeyPair } from "./age.ts";
import type { AgeKeyPair } from "./age.ts";
import { fingerprintOf, publicKeyBlob, publicKeyLine, signMessage } from "./sshsig.ts";

export type Side = "request" | "response";

export interface SigningKey {
  privateKey: KeyObject;
  rawPublicKey: Buffer;
  fingerprint: string;
}

/** A station that exists only as keys: what an adversary holds who was trusted once. */
export interface Identity {
  name: string;
  side: Side;
  station: string;
  lineage: string;
  signing: SigningKey;
  age: AgeKeyPair;
}

/** What a sender needs to know of a reader. */
export interface Recipient {
  station: string;
  fingerprint: string;
  ageRecipient: string;
}

/** A new ed25519 key with the fingerprint that ssh-keygen prints. */
export function makeSigningKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const rawPublicKey = Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url");
  return { privateKey, rawPublicKey, fingerprint: fingerprintOf(publicKeyBlob(rawPublicKey)) };
}

/** A new station with keys of its own. */
export function makeIdentity(name: string, side: Side): Identity {
  return {
    name,
    side,
    station: randomBytes(16).toString("hex"),
    lineage: randomBytes(8).toString("hex"),
    signing: makeSigningKey(),
    age: makeAgeKeyPair(),
  };
}

/** The address of an identity, as its peers would take it from its card. */
export function recipientFor(identity: Identity): Recipient {
  return {
    station: identity.station,
    fingerprint: identity.signing.fingerprint,
    ageRecipient: identity.age.recipient,
  };
}

/** A C2SP verifier key: name, hash of name and key, then the algorithm byte and the key. */
export function verifierKey(name: string, algorithm: 1 | 4, rawPublicKey: Uint8Array): string {
  const typed = Buffer.concat([Buffer.from([algorithm]), rawPublicKey]);
  const named = Buffer.concat([Buffer.from(`${name}\n`), typed]);
  const id = createHash("sha256").update(named).digest("hex").slice(0, 8);
  return `${name}+${id}+${typed.toString("base64")}`;
}

/** The card of an identity: the line with its LF, then the signature by its own key. */
export function cardOf(identity: Identity, changes: Record<string, unknown> = {}): string {
  const line = `${JSON.stringify({
    format: "sallyport-card@v1",
    station: identity.station,
    name: identity.name,
    side: identity.side,
    signingKey: publicKeyLine(identity.signing.rawPublicKey),
    ageRecipient: identity.age.recipient,
    vaultRecipient: null,
    logKey: verifierKey(identity.name, 1, makeSigningKey().rawPublicKey),
    witnessKey: verifierKey(identity.name, 4, makeSigningKey().rawPublicKey),
    serial: 1,
    createdAt: "2026-11-21T08:00:00.000Z",
    replaces: null,
    ...changes,
  })}\n`;
  return line + signMessage(Buffer.from(line), identity.signing, "sallyport-card@v1");
}

/** Reads the address out of somebody's card; the signature is the reader's business. */
export function readCard(text: string): Recipient {
  const card = JSON.parse(text.slice(0, text.indexOf("\n"))) as Record<string, string>;
  const blob = Buffer.from((card["signingKey"] ?? "").split(" ")[1] ?? "", "base64");
  return {
    station: card["station"] ?? "",
    fingerprint: fingerprintOf(blob),
    ageRecipient: card["ageRecipient"] ?? "",
  };
}

/** The eight numbers (0 to 2,047) that a card's phrase spells. */
export function phraseNumbers(card: string): number[] {
  const line = card.slice(0, card.indexOf("\n") + 1);
  const derived = argon2Sync("argon2id", {
    message: createHash("sha256").update(line).digest(),
    nonce: createHash("sha256").update("sallyport-phrase@v1").digest().subarray(0, 16),
    parallelism: 1,
    tagLength: 32,
    memory: 65_536,
    passes: 3,
  });
  const bits = [...derived.subarray(0, 11)].map((byte) => byte.toString(2).padStart(8, "0"));
  return (bits.join("").match(/.{11}/g) ?? []).map((eleven) => Number.parseInt(eleven, 2));
}

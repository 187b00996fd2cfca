import { Refusal } from "../../../../shared/errors.ts";
import { isAgeRecipient } from "../../../station/crypto/age.ts";
import type { SigningKeyPair } from "../../../station/crypto/ed25519.ts";
import { fingerprint, parseSshPublicKey, signSshsig, verifySshsig } from "../../../station/crypto/sshsig.ts";
import type { VerifierKeyType } from "../../../station/crypto/vkey.ts";
import { parseVerifierKey } from "../../../station/crypto/vkey.ts";
import { cardCapBytes } from "./caps.ts";
import {
  closedObject,
  integer,
  nullOr,
  oneOf,
  parseClosedJson,
  ShapeError,
  text,
  textLike,
} from "./closed.ts";
import { fingerprintPattern, stationNamePattern, stationPattern, timePattern } from "./names.ts";

export const cardFormat = "sallyport-card@v1";
export const cardNamespace = "sallyport-card@v1";

/** The public identity of a station. Its identity is `station`; its keys are versions of it. */
export type Card = {
  readonly format: typeof cardFormat;
  /** 32 hex digits. */
  readonly station: string;
  readonly name: string;
  readonly side: "request" | "response";
  /** `ssh-ed25519 AAAA..` */
  readonly signingKey: string;
  readonly ageRecipient: string;
  readonly vaultRecipient: string | null;
  /** C2SP verifier keys that carry the card's name. */
  readonly logKey: string;
  readonly witnessKey: string;
  /** From 1, one more with every new card. */
  readonly serial: number;
  readonly createdAt: string;
  /** Fingerprint of the signing key that this card's key follows. */
  readonly replaces: string | null;
};

/** A card whose own signature holds. */
export type SignedCard = {
  readonly card: Card;
  /** The JSON line with its LF: what was signed, and what the phrase is made of. */
  readonly line: Buffer;
  /** The key of the second signature, which is the key that `replaces` names; null without one. */
  readonly replacedKey: Buffer | null;
};

const fields = [
  "format",
  "station",
  "name",
  "side",
  "signingKey",
  "ageRecipient",
  "vaultRecipient",
  "logKey",
  "witnessKey",
  "serial",
  "createdAt",
  "replaces",
] as const satisfies readonly (keyof Card)[];

const beginSignature = "-----BEGIN SSH SIGNATURE-----\n";

/** Writes and signs a card; `replaced` is the key pair that `replaces` names. */
export function writeCard(
  card: Omit<Card, "format">,
  signing: SigningKeyPair,
  replaced?: SigningKeyPair,
): string {
  const whole: Card = { ...card, format: cardFormat };
  const ordered = Object.fromEntries(fields.map((field) => [field, whole[field]]));
  const line = `${JSON.stringify(ordered)}\n`;
  const signatures = [signing, ...(replaced === undefined ? [] : [replaced])].map((keyPair) =>
    signSshsig(Buffer.from(line), cardNamespace, keyPair),
  );
  return line + signatures.join("");
}

/**
 * Reads a card and checks its own signature, and that of the key it replaces.
 *
 * @throws Refusal `refused`, naming what is wrong; nobody has vouched for the card yet in any case
 */
export function parseCard(bytes: Uint8Array): SignedCard {
  try {
    return readCard(Buffer.from(bytes));
  } catch (cause) {
    if (!(cause instanceof ShapeError)) throw cause;
    throw new Refusal(
      "refused",
      `This is not a card that can be taken: ${cause.message}. Ask for the card file once more, unchanged.`,
      {},
      { cause },
    );
  }
}

function readCard(file: Buffer): SignedCard {
  if (file.byteLength > cardCapBytes) throw new ShapeError("it is larger than 8 KiB");
  const line = file.subarray(0, file.indexOf(0x0a) + 1);
  if (line[0] !== 0x7b || line.at(-2) !== 0x7d) throw new ShapeError("its first line is not { to }");
  const card = readFields(line);
  const [own, second, ...more] = splitSignatures(file.subarray(line.byteLength));
  if (own === undefined || more.length > 0) {
    throw new ShapeError("it must carry one signature, or two when it replaces a key");
  }
  const ownKey = checkSignature(line, own);
  if (!ownKey.equals(parseSshPublicKey(card.signingKey))) {
    throw new ShapeError("its first signature is not by its own signing key");
  }
  if ((second === undefined) !== (card.replaces === null)) {
    throw new ShapeError("a second signature and the field replaces must come together");
  }
  if (second === undefined) return { card, line, replacedKey: null };
  const replacedKey = checkSignature(line, second);
  if (fingerprint(replacedKey) !== card.replaces) {
    throw new ShapeError("its second signature is not by the key that it replaces");
  }
  return { card, line, replacedKey };
}

function splitSignatures(rest: Buffer): string[] {
  const [before, ...bodies] = rest.toString("latin1").split(beginSignature);
  if (before !== "") throw new ShapeError("something else follows its first line");
  return bodies.map((body) => beginSignature + body);
}

function checkSignature(line: Buffer, armoured: string): Buffer {
  const verdict = verifySshsig(line, armoured, cardNamespace);
  if (!verdict.ok) {
    throw new ShapeError(`its signature is ${verdict.reason} (${verdict.detail})`);
  }
  return verdict.publicKey;
}

function readFields(line: Buffer): Card {
  const found = closedObject(parseClosedJson(line), "card", fields);
  const name = textLike(found.name, "name", stationNamePattern, "1 to 32 of a-z, 0-9 and -");
  return {
    format: oneOf(found.format, "format", [cardFormat]),
    station: textLike(found.station, "station", stationPattern, "32 hex digits"),
    name,
    side: oneOf(found.side, "side", ["request", "response"]),
    signingKey: signingKey(found.signingKey),
    ageRecipient: recipient(found.ageRecipient, "ageRecipient"),
    vaultRecipient: nullOr(found.vaultRecipient, "vaultRecipient", recipient),
    logKey: verifierKey(found.logKey, "logKey", name, 1),
    witnessKey: verifierKey(found.witnessKey, "witnessKey", name, 4),
    serial: integer(found.serial, "serial", 1),
    createdAt: textLike(found.createdAt, "createdAt", timePattern, "a time in UTC"),
    replaces: nullOr(found.replaces, "replaces", (value, path) =>
      textLike(value, path, fingerprintPattern, "a fingerprint"),
    ),
  };
}

function signingKey(value: unknown): string {
  const found = text(value, "signingKey");
  try {
    parseSshPublicKey(found);
  } catch (cause) {
    throw new ShapeError("At signingKey: expected ssh-ed25519 AAAA..", { cause });
  }
  return found;
}

function recipient(value: unknown, path: string): string {
  const found = text(value, path);
  if (!isAgeRecipient(found)) throw new ShapeError(`At ${path}: expected age1..`);
  return found;
}

function verifierKey(value: unknown, path: string, name: string, type: VerifierKeyType): string {
  const found = text(value, path);
  let key;
  try {
    key = parseVerifierKey(found);
  } catch (cause) {
    throw new ShapeError(`At ${path}: expected a verifier key`, { cause });
  }
  if (key.name !== name || key.type !== type) {
    throw new ShapeError(`At ${path}: expected the name ${name} and algorithm ${type}`);
  }
  return found;
}

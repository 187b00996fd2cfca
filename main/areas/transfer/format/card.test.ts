import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { Refusal } from "../../../../shared/errors.ts";
import { generateAgeIdentity } from "../../../station/crypto/age.ts";
import { generateSigningKeyPair } from "../../../station/crypto/ed25519.ts";
import { sha256Hex } from "../../../station/crypto/hash.ts";
import { fingerprint, formatSshPublicKey, signSshsig } from "../../../station/crypto/sshsig.ts";
import { formatVerifierKey } from "../../../station/crypto/vkey.ts";
import type { Card } from "./card.ts";
import { parseCard, writeCard } from "./card.ts";
import { phraseWords } from "./phrase-words.ts";
import { cardPhrase } from "./phrase.ts";

const pair = generateSigningKeyPair();
const old = generateSigningKeyPair();
const { recipient } = await generateAgeIdentity();
const fields: Omit<Card, "format"> = {
  station: "0123456789abcdef0123456789abcdef",
  name: "low",
  side: "request",
  signingKey: formatSshPublicKey(pair.publicKey),
  ageRecipient: recipient,
  vaultRecipient: null,
  logKey: formatVerifierKey("low", 1, generateSigningKeyPair().publicKey),
  witnessKey: formatVerifierKey("low", 4, generateSigningKeyPair().publicKey),
  serial: 1,
  createdAt: "2026-11-21T08:00:00.000Z",
  replaces: null,
};
const rotated = { ...fields, serial: 2, replaces: fingerprint(old.publicKey) };
const card = writeCard(fields, pair);

const read = (text: string) => parseCard(Buffer.from(text));

/** A card with changed fields, signed by its own key all the same. */
function cardWith(change: Record<string, unknown>): string {
  const line = `${JSON.stringify({ ...JSON.parse(card.split("\n")[0] ?? ""), ...change })}\n`;
  return line + signSshsig(Buffer.from(line), "sallyport-card@v1", pair);
}

describe("a card", () => {
  test("makes the round trip", () => {
    const parsed = read(card);
    expect(parsed.card).toEqual({ format: "sallyport-card@v1", ...fields });
    expect(parsed.replacedKey).toBeNull();
    expect(card.startsWith(parsed.line.toString())).toBe(true);
  });

  test("of a rotation gives the replaced key, whose signature it carries", () => {
    expect(read(writeCard(rotated, pair, old)).replacedKey).toEqual(old.publicKey);
  });

  const changed: [string, string][] = [
    ["another station", card.replace("0123456789abcdef", "1123456789abcdef")],
    ["no signature", `${card.split("\n")[0]}\n`],
    ["text between line and signature", card.replace("\n", "\n\n")],
    ["text after the signature", `${card}x`],
    ["a rotation without the old key's signature", writeCard(rotated, pair)],
    ["a rotation signed by another old key", writeCard(rotated, pair, generateSigningKeyPair())],
    ["a second signature though nothing is replaced", writeCard(fields, pair, old)],
    ["three signatures", writeCard(rotated, pair, old) + (card.split("}\n")[1] ?? "")],
    ["another's signature", writeCard(fields, old)],
    [
      "a signature for a batch",
      `${card.split("\n")[0]}\n${signSshsig(Buffer.from(`${card.split("\n")[0]}\n`), "sallyport-batch@v1", pair)}`,
    ],
    ["an unknown field", cardWith({ more: 1 })],
    ["a missing field", cardWith({ replaces: undefined })],
    ["another format", cardWith({ format: "sallyport-card@v2" })],
    ["a bad name", cardWith({ name: "Low" })],
    ["a bad side", cardWith({ side: "both" })],
    ["serial 0", cardWith({ serial: 0 })],
    ["a post-quantum recipient", cardWith({ ageRecipient: "age1pq1qqqq" })],
    ["a log key of another name", cardWith({ logKey: formatVerifierKey("law", 1, pair.publicKey) })],
    ["a log key of algorithm 4", cardWith({ logKey: fields.witnessKey })],
    ["a witness key that is none", cardWith({ witnessKey: "low" })],
    ["a signing key with a comment", cardWith({ signingKey: `${fields.signingKey} me` })],
    ["a first line that is not one object", `[]\n${card}`],
    ["more than 8 KiB", `${card}${" ".repeat(8192)}`],
    ["nothing", ""],
  ];
  test.each(changed)("with %s is refused in a sentence", (_name, text) => {
    expect(() => read(text)).toThrow(Refusal);
    expect(() => read(text)).toThrow(/^This is not a card that can be taken: .+\./);
  });

  test("changed at any byte is refused", () => {
    fc.assert(
      fc.property(fc.nat(card.length - 2), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = Buffer.from(card);
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        expect(() => parseCard(bytes)).toThrow(Refusal);
      }),
    );
  });
});

describe("the phrase", () => {
  test("draws from the published BIP-39 list", () => {
    expect(sha256Hex(`${phraseWords.join("\n")}\n`)).toBe(
      "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda",
    );
    expect(phraseWords).toHaveLength(2048);
  });

  test("is 8 words of it, the same each time, and another for another card", () => {
    const phrase = cardPhrase(read(card).line);
    expect(phrase).toMatch(/^[a-z]{3,8}( [a-z]{3,8}){7}$/);
    expect(cardPhrase(read(card).line)).toBe(phrase);
    expect(cardPhrase(read(writeCard({ ...fields, serial: 2 }, pair)).line)).not.toBe(phrase);
  });
});

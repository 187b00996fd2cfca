import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { encryptAge, makeAgeKeyPair, recipientOf } from "./age.ts";
import { makeBag, tagmanifestName, signatureName, contentOf, writeBag } from "./bag.ts";
import { partOf, seal } from "./batch.ts";
import { decodeBech32 } from "./bech32.ts";
import { cardOf, makeIdentity, phraseNumbers, recipientFor, verifierKey } from "./identity.ts";
import { bagsOn, openBag, verifiesWithSshKeygen } from "./reader.ts";
import { receiptRecord, requestLine } from "./records.ts";
import { publicKeyLine, signMessage } from "./sshsig.ts";
import { bombFrame, compress, rawFrame } from "./zstd.ts";

const scratch = mkdtempSync(join(tmpdir(), "forge-test-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const low = makeIdentity("low", "request");
const high = makeIdentity("high", "response");

describe("the forge agrees with stock tools", () => {
  test("age-keygen names the same recipient for a forged identity", () => {
    const { identity, recipient } = makeAgeKeyPair();
    const printed = execFileSync("age-keygen", ["-y"], { input: identity }).toString().trim();
    expect(printed).toBe(recipient);
    expect(recipientOf(identity)).toBe(recipient);
    expect(decodeBech32(recipient).bytes).toHaveLength(32);
  });

  test.each([0, 1, 65_535, 65_536, 65_537, 200_000])("age opens %d bytes", (size) => {
    const plain = Buffer.alloc(size, "sally");
    const file = join(scratch, `identity-${size}`);
    writeFileSync(file, `${high.age.identity}\n`);
    const input = encryptAge(plain, high.age.recipient);
    expect(execFileSync("age", ["-d", "-i", file], { input })).toEqual(plain);
  });

  test("age refuses what the hooks bend", () => {
    const file = join(scratch, "identity-bent");
    writeFileSync(file, `${high.age.identity}\n`);
    const opens = (input: Buffer): boolean => {
      try {
        execFileSync("age", ["-d", "-i", file], { input, stdio: ["pipe", "ignore", "ignore"] });
        return true;
      } catch {
        return false;
      }
    };
    const plain = Buffer.alloc(100_000);
    const to = high.age.recipient;
    expect(opens(encryptAge(plain, to))).toBe(true);
    expect(opens(encryptAge(plain, to, { chunks: (chunks) => chunks.toReversed() }))).toBe(false);
    expect(opens(encryptAge(plain, to, { lastChunk: "unmarked" }))).toBe(false);
    expect(opens(encryptAge(plain, to, { lastChunk: "empty" }))).toBe(false);
    expect(opens(encryptAge(plain, to, { header: (text) => text.replace("--- ", "--- A") }))).toBe(false);
  });

  test("zstd opens an honest frame and a hand-made one", () => {
    const plain = Buffer.alloc(300_000, "carry work across\n");
    for (const frame of [compress(plain), rawFrame(plain)]) {
      const out = execFileSync("zstd", ["-d", "-q", "-c"], { input: frame });
      expect(out).toEqual(plain);
    }
    const bomb = bombFrame(3 * 131_072, 0x41);
    const unchecked = ["-d", "-q", "-c", "--no-check"];
    const out = execFileSync("zstd", unchecked, { input: bomb });
    expect(out).toEqual(Buffer.alloc(3 * 131_072, "A"));
  });

  test.each(["sha512", "sha256"] as const)("ssh-keygen verifies a %s signature", (hash) => {
    const message = Buffer.from("a tagmanifest\n");
    const key = publicKeyLine(low.signing.rawPublicKey);
    const signature = signMessage(message, low.signing, "sallyport-batch@v1", { hash });
    expect(verifiesWithSshKeygen(message, signature, key, "sallyport-batch@v1")).toBe(true);
    expect(verifiesWithSshKeygen(message, signature, key, "sallyport-card@v1")).toBe(false);
    expect(verifiesWithSshKeygen(Buffer.from("b"), signature, key, "sallyport-batch@v1")).toBe(false);
  });

  test("ssh-keygen prints the fingerprint that an envelope carries", () => {
    const file = join(scratch, "key.pub");
    writeFileSync(file, `${publicKeyLine(low.signing.rawPublicKey)} low\n`);
    const printed = execFileSync("ssh-keygen", ["-l", "-f", file]).toString();
    expect(printed).toContain(low.signing.fingerprint);
  });

  test("a whole bag passes sha256sum, ssh-keygen, age, zstd and jq", () => {
    const lines = [requestLine("r-1", '{ "kept" : 1.0 }'), requestLine("r-2", '"\\u00e9"')];
    const sealed = seal({
      from: low,
      to: recipientFor(high),
      sequence: 1,
      previous: null,
      parts: [partOf(lines.slice(0, 1)), partOf(lines.slice(1))],
    });
    const bag = makeBag(sealed);
    const root = writeBag(scratch, bag);
    expect(bagsOn(scratch)).toEqual([`${sealed.id}.v1`]);
    expect(openBag(root, high.age.identity).lines).toEqual(lines);
    const id = execFileSync("jq", ["-r", ".id", join(root, "batch.json")]).toString();
    expect(id).toBe(`${sealed.id}\n`);
    const signature = contentOf(bag.files, signatureName).toString();
    const signed = contentOf(bag.files, tagmanifestName);
    const key = publicKeyLine(low.signing.rawPublicKey);
    expect(verifiesWithSshKeygen(signed, signature, key, "sallyport-batch@v1")).toBe(true);
  });

  test("cards and receipts verify in their own namespaces", () => {
    const card = cardOf(low);
    const end = card.indexOf("\n") + 1;
    const key = publicKeyLine(low.signing.rawPublicKey);
    const line = Buffer.from(card.slice(0, end));
    expect(verifiesWithSshKeygen(line, card.slice(end), key, "sallyport-card@v1")).toBe(true);
    const receipt = receiptRecord(low, '{"batch":"b000001-0000000000000000"}');
    const payload = Buffer.from(String(receipt["payload"]));
    const signature = String(receipt["signature"]);
    expect(verifiesWithSshKeygen(payload, signature, key, "sallyport-receipt@v1")).toBe(true);
  });
});

describe("derived values", () => {
  test("a phrase is eight numbers of eleven bits, the same for the same card", () => {
    const card = cardOf(low);
    const numbers = phraseNumbers(card);
    expect(numbers).toHaveLength(8);
    expect(numbers.every((number) => number >= 0 && number < 2048)).toBe(true);
    expect(phraseNumbers(card)).toEqual(numbers);
    expect(phraseNumbers(cardOf(high))).not.toEqual(numbers);
  });

  test("a verifier key has the published form", () => {
    // The example key in the documentation of Go's golang.org/x/mod/sumdb/note.
    const known = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const raw = Buffer.from(known.split("+")[2] ?? "", "base64").subarray(1);
    expect(verifierKey("PeterNeumann", 1, raw)).toBe(known);
  });
});

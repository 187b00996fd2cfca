import { readFileSync } from "node:fs";

import { expect, test } from "vitest";
import * as z from "zod";

import { batchReasons, batchStates, lineReasons } from "../../../../shared/contract/reasons.ts";
import { ageRecipientOf } from "../../../station/crypto/age.ts";
import { signingKeyPairFromSeed } from "../../../station/crypto/ed25519.ts";
import { sha256Hex } from "../../../station/crypto/hash.ts";
import { fingerprint, formatSshPublicKey, signSshsig } from "../../../station/crypto/sshsig.ts";
import { formatVerifierKey } from "../../../station/crypto/vkey.ts";
import type { TagFileName } from "./bag.ts";
import { readVolume, writeTagFiles } from "./bag.ts";
import { parseCard, writeCard } from "./card.ts";
import { checkLine, writeReceiptLine } from "./lines.ts";
import { parseManifest, writeManifest } from "./manifest.ts";
import { bagName, batchId } from "./names.ts";
import { openManifestPart, openPart } from "./part.ts";
import { cardPhrase } from "./phrase.ts";
import {
  parseReceiptPayload,
  receiptId,
  signReceipt,
  verifyReceipt,
  writeReceiptPayload,
} from "./receipt.ts";

const page = readFileSync(new URL("../../../../docs/format.md", import.meta.url), "utf8");

/** The fenced block of the page that names itself so, in its shape. */
function vector<Shape extends z.ZodRawShape>(name: string, shape: Shape) {
  const blocks = page
    .split("```json\n")
    .slice(1)
    .map((rest) => rest.split("\n```")[0] ?? "");
  const block = blocks.find((text) => text.includes(`"vector": "${name}"`));
  return z.strictObject({ vector: z.literal(name), ...shape }).parse(JSON.parse(block ?? "null"));
}

const pairOf = (seed: string) => signingKeyPairFromSeed(Buffer.from(seed, "hex"));
const text = z.string();
const key = vector("key", { seed: text, publicKey: text, ssh: text, fingerprint: text });
const batch = vector("batch", {
  bag: text,
  batchJson: text,
  batchSha256: text,
  bagit: text,
  bagInfo: text,
  manifest: text,
  readme: text,
  tagmanifest: text,
  signature: text,
});
const sealed = z.strictObject({ cipher: text, cipherSha256: text, plain: text, plainSha256: text });
const parts = vector("parts", { identity: text, recipient: text, manifest: sealed, records: sealed });

test("the key vector holds", () => {
  const { publicKey } = pairOf(key.seed);
  expect(publicKey.toString("hex")).toBe(key.publicKey);
  expect(formatSshPublicKey(publicKey)).toBe(key.ssh);
  expect(fingerprint(publicKey)).toBe(key.fingerprint);
});

test("the verifier key vector holds", () => {
  const one = z.strictObject({ seed: text, type: z.union([z.literal(1), z.literal(4)]), text });
  const { name, log, witness } = vector("verifier-keys", { name: text, log: one, witness: one });
  for (const each of [log, witness]) {
    expect(formatVerifierKey(name, each.type, pairOf(each.seed).publicKey)).toBe(each.text);
  }
});

test("the card vector holds", () => {
  const card = vector("card", { line: text, sha256: text, phrase: text, signature: text });
  expect(sha256Hex(card.line)).toBe(card.sha256);
  const parsed = parseCard(Buffer.from(card.line + card.signature));
  expect(cardPhrase(parsed.line)).toBe(card.phrase);
  expect(writeCard(parsed.card, pairOf(key.seed))).toBe(card.line + card.signature);
});

test("the name vectors hold", () => {
  const one = z.strictObject({ sequence: z.int(), random: text, volume: z.int(), batch: text, bag: text });
  for (const each of vector("names", { names: z.array(one) }).names) {
    expect(batchId(each.sequence, each.random)).toBe(each.batch);
    expect(bagName(each.batch, each.volume)).toBe(each.bag);
  }
});

test("the batch vector is read, and written to the same bytes", () => {
  const files = batchFiles();
  const tagmanifest = Buffer.from(batch.tagmanifest);
  const dataNames = ["manifest.zst.age", "part-00001.zst.age"];
  const volume = readVolume({
    bag: batch.bag,
    tagmanifest,
    read: (name) => files.get(name) ?? Buffer.alloc(0),
    dataNames,
  });
  expect(volume.envelopeSha256).toBe(batch.batchSha256);
  expect(volume.envelope.from.key).toBe(key.fingerprint);
  const written = writeTagFiles({
    envelope: volume.envelope,
    envelopeBytes: Buffer.from(batch.batchJson),
    volume: 1,
    volumeCount: 1,
    parts: volume.carries,
    readme: batch.readme,
  });
  expect(written).toEqual(new Map([...files, ["tagmanifest-sha256.txt", tagmanifest]]));
  expect(signSshsig(tagmanifest, "sallyport-batch@v1", pairOf(key.seed))).toBe(batch.signature);
});

test("the part vectors open to their plaintexts", async () => {
  expect(await ageRecipientOf(parts.identity)).toBe(parts.recipient);
  const { envelope } = readBatch();
  for (const [index, part] of [parts.manifest, parts.records].entries()) {
    expect(sha256Hex(Buffer.from(part.cipher, "base64"))).toBe(part.cipherSha256);
    expect(envelope.parts[index]?.sha256).toBe(part.cipherSha256);
  }
  const manifestBytes = await openManifestPart(Buffer.from(parts.manifest.cipher, "base64"), parts.identity);
  expect(manifestBytes.toString()).toBe(parts.manifest.plain);
  const manifest = parseManifest(manifestBytes, envelope);
  expect(writeManifest(manifest)).toEqual(manifestBytes);
  const [declared] = manifest.parts;
  if (declared === undefined) throw new Error("the vector has a records part");
  const records = await openPart(Buffer.from(parts.records.cipher, "base64"), parts.identity, declared);
  expect(records.toString()).toBe(parts.records.plain);
  expect(sha256Hex(records)).toBe(parts.records.plainSha256);
});

test("the receipt vector holds", () => {
  const receipt = vector("receipt", { seed: text, payload: text, id: text, signature: text, line: text });
  const payload = parseReceiptPayload(receipt.payload);
  expect(payload.batchSha256).toBe(batch.batchSha256);
  expect(receiptId(payload)).toBe(receipt.id);
  expect(writeReceiptPayload(payload)).toBe(receipt.payload);
  const pair = pairOf(receipt.seed);
  expect(signReceipt(receipt.payload, pair)).toBe(receipt.signature);
  expect(verifyReceipt(receipt.payload, receipt.signature)).toEqual({ ok: true, publicKey: pair.publicKey });
  const verdict = checkLine(Buffer.from(receipt.line.slice(0, -1)));
  if (!verdict.ok || verdict.record.type !== "receipt") throw new Error("the vector is a receipt");
  expect(writeReceiptLine(verdict.record).toString()).toBe(receipt.line);
});

test("the line vectors end as the page says", () => {
  const one = z.strictObject({ line: text, reason: text.nullable() });
  for (const { line, reason } of vector("lines", { lines: z.array(one) }).lines) {
    const verdict = checkLine(Buffer.from(line));
    expect([line, verdict.ok ? null : verdict.reason]).toEqual([line, reason]);
  }
});

test("the page has the closed lists in their order", () => {
  for (const words of [batchReasons, batchStates, lineReasons]) {
    expect(page).toContain(`: ${words.map((word) => `\`${word}\``).join(" ")}.\n`);
  }
});

function readBatch() {
  const files = batchFiles();
  return readVolume({
    bag: batch.bag,
    tagmanifest: Buffer.from(batch.tagmanifest),
    read: (name) => files.get(name) ?? Buffer.alloc(0),
    dataNames: ["manifest.zst.age", "part-00001.zst.age"],
  });
}

function batchFiles(): Map<TagFileName, Buffer> {
  return new Map<TagFileName, Buffer>([
    ["README.txt", Buffer.from(batch.readme)],
    ["bag-info.txt", Buffer.from(batch.bagInfo)],
    ["bagit.txt", Buffer.from(batch.bagit)],
    ["batch.json", Buffer.from(batch.batchJson)],
    ["manifest-sha256.txt", Buffer.from(batch.manifest)],
  ]);
}

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { generateAgeIdentity } from "../../../station/crypto/age.ts";
import { generateSigningKeyPair } from "../../../station/crypto/ed25519.ts";
import { sha256Hex } from "../../../station/crypto/hash.ts";
import { fingerprint, formatSshPublicKey, signSshsig } from "../../../station/crypto/sshsig.ts";
import { formatVerifierKey } from "../../../station/crypto/vkey.ts";
import type { TagFileName } from "./bag.ts";
import { readVolume, writeTagFiles } from "./bag.ts";
import { fileCapBytes } from "./caps.ts";
import { writeCard } from "./card.ts";
import type { Envelope, PartEntry } from "./envelope.ts";
import { writeEnvelope } from "./envelope.ts";
import { FormatFault } from "./fault.ts";
import { writeRequestLine } from "./lines.ts";
import { haveNothing, writeManifest } from "./manifest.ts";
import { bagName, isPayloadName, manifestPartName, partName, tagmanifestName } from "./names.ts";
import { sealPart } from "./part.ts";
import { writeReadme } from "./readme.ts";

const home = mkdtempSync(join(tmpdir(), "bag-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const signing = generateSigningKeyPair();
const reader = await generateAgeIdentity();
const id = "b000012-9f2c4e0d7a615b38";
const low = "00112233445566778899aabbccddeeff";
const high = "ffeeddccbbaa99887766554433221100";
const lines = ['{"any": "JSON"}', "[1,  2]", '"text"'].map((body, index) =>
  writeRequestLine(
    { id: `r-${index}`, revision: 1, createdAt: "2026-11-21T08:00:00.000Z", kind: "echo", user: "alice" },
    body,
  ),
);

const records = sealPart(Buffer.concat(lines), reader.recipient);
const manifest = sealPart(
  writeManifest({
    format: "sallyport-batch@v1",
    batch: id,
    from: low,
    to: high,
    sequence: 12,
    parts: [
      { name: partName(1), bytes: records.plainBytes, sha256: records.plainSha256, records: lines.length },
    ],
    files: [],
    counts: { request: lines.length },
    purpose: "",
    revoked: [],
    have: haveNothing,
  }),
  reader.recipient,
);
const parts: PartEntry[] = [
  { name: manifestPartName, bytes: manifest.cipherBytes, sha256: manifest.cipherSha256 },
  { name: partName(1), bytes: records.cipherBytes, sha256: records.cipherSha256 },
];
const envelope: Envelope = {
  format: "sallyport-batch@v1",
  id,
  from: { station: low, key: fingerprint(signing.publicKey), lineage: "0123456789abcdef" },
  to: { station: high, key: fingerprint(generateSigningKeyPair().publicKey) },
  direction: "request-to-response",
  sequence: 12,
  previous: sha256Hex("before"),
  createdAt: "2026-11-21T08:00:00.000Z",
  clock: "unsynchronised",
  parts,
  parity: [],
  voids: [],
  checkpoint: null,
  witnessed: null,
};
const envelopeBytes = writeEnvelope(envelope);
const bag = bagName(id, 1);
const readme = writeReadme({
  bag,
  batch: id,
  volume: 1,
  volumeCount: 1,
  sender: "low",
  signerFingerprint: fingerprint(signing.publicKey),
});
const files = writeTagFiles({ envelopeBytes, envelope, volume: 1, volumeCount: 1, parts, readme });
const dataNames = ["manifest.zst.age", "part-00001.zst.age"];

describe("a volume opens with stock tools", () => {
  const folder = join(home, bag);

  beforeAll(() => {
    mkdirSync(join(folder, "data"), { recursive: true });
    mkdirSync(join(home, "sallyport-keys"));
    for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
    writeFileSync(join(folder, manifestPartName), manifest.cipher);
    writeFileSync(join(folder, partName(1)), records.cipher);
    const tagmanifest = files.get(tagmanifestName) ?? Buffer.alloc(0);
    writeFileSync(
      join(folder, `${tagmanifestName}.sig`),
      signSshsig(tagmanifest, "sallyport-batch@v1", signing),
    );
    const card = writeCard(
      {
        station: low,
        name: "low",
        side: "request",
        signingKey: formatSshPublicKey(signing.publicKey),
        ageRecipient: reader.recipient,
        vaultRecipient: null,
        logKey: formatVerifierKey("low", 1, signing.publicKey),
        witnessKey: formatVerifierKey("low", 4, signing.publicKey),
        serial: 1,
        createdAt: "2026-11-21T08:00:00.000Z",
        replaces: null,
      },
      signing,
    );
    writeFileSync(join(home, "sallyport-keys", "low.card"), card);
    writeFileSync(join(home, "sallyport-keys", "identity.age"), `${reader.identity}\n`);
  });

  test("by exactly the commands of its README, and gives back the same lines", () => {
    const commands = readFileSync(join(folder, "README.txt"), "utf8")
      .split("\n")
      .filter((line) => line.startsWith("    "));
    expect(commands.length).toBeGreaterThanOrEqual(10);
    let printed = "";
    for (const command of commands) {
      printed += execFileSync("bash", ["-o", "pipefail", "-c", command], {
        cwd: folder,
        env: { ...process.env, HOME: home },
        encoding: "utf8",
      });
    }
    expect(printed).toContain('Good "sallyport-batch@v1" signature for low');
    expect(printed).toContain("part-00001.jsonl: OK");
    expect(printed).toContain("request\tr-2\n");
    const opened = join(home, "sallyport-opened");
    expect(readFileSync(join(opened, "part-00001.jsonl")).equals(Buffer.concat(lines))).toBe(true);
    expect(readdirSync(opened).toSorted()).toEqual(["manifest.json", "part-00001.jsonl", "parts.sha256"]);
    expect(dirname(opened)).toBe(home);
  });
});

/** The reason that a changed volume comes to; changed tag files are put into the tagmanifest again. */
function reasonOf(change: {
  files?: Partial<Record<TagFileName, string>>;
  tagmanifest?: (text: string) => string;
  bag?: string;
  data?: string[];
  resign?: boolean;
}): string {
  const changed = new Map<TagFileName, Buffer>();
  let tagmanifest = "";
  for (const [name, bytes] of files) {
    if (name === tagmanifestName) continue;
    const now = Buffer.from(change.files?.[name as TagFileName] ?? bytes);
    changed.set(name as TagFileName, now);
    tagmanifest += `${sha256Hex(change.resign === false ? bytes : now)}  ${name}\n`;
  }
  try {
    readVolume({
      bag: change.bag ?? bag,
      tagmanifest: Buffer.from(change.tagmanifest?.(tagmanifest) ?? tagmanifest),
      read: (name) => changed.get(name) ?? Buffer.alloc(0),
      dataNames: change.data ?? dataNames,
    });
    return "ok";
  } catch (error) {
    if (error instanceof FormatFault) return error.reason;
    throw error;
  }
}

const textOf = (name: string): string => files.get(name)?.toString() ?? "";
const manifestText = textOf("manifest-sha256.txt");
const bagInfo = textOf("bag-info.txt");

describe("a volume is read", () => {
  test("as what was written", () => {
    const volume = readVolume({
      bag,
      tagmanifest: files.get(tagmanifestName) ?? Buffer.alloc(0),
      read: (name) => files.get(name) ?? Buffer.alloc(0),
      dataNames: [...dataNames, ".DS_Store", "._part-00001.zst.age"],
    });
    const envelopeSha256 = sha256Hex(envelopeBytes);
    expect(volume).toEqual({ envelope, envelopeBytes, envelopeSha256, volume: 1, carries: parts });
  });

  test("and none of its files comes near its cap", () => {
    for (const [name, bytes] of files) {
      expect(bytes.byteLength).toBeLessThan(fileCapBytes[name as keyof typeof fileCapBytes]);
    }
  });

  const cases: [string, string, Parameters<typeof reasonOf>[0]][] = [
    [
      "a tag file that is not what was signed",
      "damaged",
      { files: { "README.txt": "changed" }, resign: false },
    ],
    ["a README of any text", "ok", { files: { "README.txt": "any" } }],
    ["a tagmanifest with one space", "bad-manifest", { tagmanifest: (text) => text.replace("  ", " ") }],
    [
      "a tagmanifest without batch.json",
      "bad-manifest",
      { tagmanifest: (text) => text.replace(/.*batch.json\n/, "") },
    ],
    [
      "a tagmanifest with a sixth file",
      "bad-manifest",
      { tagmanifest: (text) => `${text}${"0".repeat(64)}  data/x\n` },
    ],
    [
      "a tagmanifest with a name twice",
      "bad-manifest",
      { tagmanifest: (text) => text + (text.split("\n")[0] ?? "") + "\n" },
    ],
    ["a tagmanifest without its last LF", "bad-manifest", { tagmanifest: (text) => text.trimEnd() }],
    ["a tagmanifest in capitals", "bad-manifest", { tagmanifest: (text) => text.toUpperCase() }],
    [
      "bagit.txt of 0.97",
      "bad-bagit",
      { files: { "bagit.txt": textOf("bagit.txt").replace("1.0", "0.97") } },
    ],
    ["bagit.txt with a BOM", "bad-bagit", { files: { "bagit.txt": `\ufeff${textOf("bagit.txt")}` } }],
    [
      "bagit.txt with CRLF",
      "bad-bagit",
      { files: { "bagit.txt": textOf("bagit.txt").replaceAll("\n", "\r\n") } },
    ],
    [
      "batch.json of another format",
      "unsupported-format",
      { files: { "batch.json": textOf("batch.json").replace("batch@v1", "batch@v2") } },
    ],
    [
      "batch.json with a space before",
      "bad-envelope",
      { files: { "batch.json": ` ${textOf("batch.json")}` } },
    ],
    ["bad bagit.txt and a bad batch.json", "bad-bagit", { files: { "bagit.txt": "x", "batch.json": "x" } }],
    [
      "a manifest with a star",
      "bad-manifest",
      { files: { "manifest-sha256.txt": manifestText.replace("  ", " *") } },
    ],
    [
      "a manifest with a path that climbs",
      "bad-manifest",
      { files: { "manifest-sha256.txt": manifestText.replace("data/part-00001.zst.age", "data/../../x") } },
    ],
    [
      "a manifest with a name twice",
      "bad-manifest",
      { files: { "manifest-sha256.txt": manifestText + manifestText } },
    ],
    [
      "a manifest with another hash",
      "part-not-in-envelope",
      { files: { "manifest-sha256.txt": manifestText.replace(records.cipherSha256, "0".repeat(64)) } },
    ],
    [
      "a manifest with a part more",
      "part-not-in-envelope",
      { files: { "manifest-sha256.txt": `${manifestText}${"0".repeat(64)}  data/part-00002.zst.age\n` } },
    ],
    [
      "a manifest without the manifest part",
      "part-not-in-volume",
      {
        files: { "manifest-sha256.txt": manifestText.split("\n").slice(1).join("\n") },
        data: ["part-00001.zst.age"],
      },
    ],
    [
      "manifest lines in another order",
      "ok",
      { files: { "manifest-sha256.txt": `${manifestText.trimEnd().split("\n").toReversed().join("\n")}\n` } },
    ],
    ["a part that is not there", "part-not-in-volume", { data: ["manifest.zst.age"] }],
    ["a part that no manifest lists", "unexpected-file", { data: [...dataNames, "part-00002.zst.age"] }],
    ["bag-info with five lines", "bad-bag-info", { files: { "bag-info.txt": `${bagInfo}A: b\n` } }],
    [
      "bag-info in another order",
      "bad-bag-info",
      { files: { "bag-info.txt": `${bagInfo.trimEnd().split("\n").toReversed().join("\n")}\n` } },
    ],
    [
      "bag-info of another day",
      "bad-bag-info",
      { files: { "bag-info.txt": bagInfo.replace("11-21", "11-22") } },
    ],
    [
      "bag-info of another batch",
      "bad-bag-info",
      { files: { "bag-info.txt": bagInfo.replace("b000012", "b000013") } },
    ],
    [
      "another Payload-Oxum",
      "bad-oxum",
      { files: { "bag-info.txt": bagInfo.replace(/Oxum: \d+/, "Oxum: 1") } },
    ],
    [
      "another Payload-Oxum in a folder of another name",
      "bad-oxum",
      { files: { "bag-info.txt": bagInfo.replace(/Oxum: \d+/, "Oxum: 1") }, bag: "x" },
    ],
    ["a folder of another volume", "name-mismatch", { bag: bagName(id, 2) }],
    ["a plan of more volumes", "ok", { files: { "bag-info.txt": bagInfo.replace("1 of 1", "1 of 7") } }],
    [
      "a plan of fewer volumes than its number",
      "ok",
      { files: { "bag-info.txt": bagInfo.replace("1 of 1", "3 of 2") }, bag: bagName(id, 3) },
    ],
  ];
  test.each(cases)("%s: %s", (_name, reason, change) => {
    expect(reasonOf(change)).toBe(reason);
  });
});

describe("names in data/", () => {
  test.each([
    "part-1.zst.age",
    "part-000001.zst.age",
    "manifest.zst.age.bak",
    "PART-00001.zst.age",
    "..",
    "part-00001.zst.age\n",
  ])("%j is no part, no parity and no manifest", (name) => {
    expect(isPayloadName(`data/${name}`)).toBe(false);
  });
});

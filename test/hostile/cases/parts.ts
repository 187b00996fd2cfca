import { gzipSync } from "node:zlib";
import type { Expectation, HostileCase } from "../case.ts";
import { imports, usedUp } from "../case.ts";
import { encryptAge, makeAgeKeyPair } from "../forge/age.ts";
import type { AgeChanges } from "../forge/age.ts";
import { contentOf, rewrite } from "../forge/bag.ts";
import { partOf } from "../forge/batch.ts";
import type { Loose, PartPlan } from "../forge/batch.ts";
import { requestLine, sha256Hex } from "../forge/records.ts";
import { bombFrame, compress, compressWith, rawFrame, skippableFrame, zstdParameter } from "../forge/zstd.ts";
import { freshId } from "../scene.ts";

/** Step 4: what lies inside the ciphertexts, all of it signed, so that a fault uses the number up. */

/** Bends the age step of one part; 0 is the manifest. */
function age(name: string, changes: AgeChanges, expect: Expectation, which = 1): HostileCase {
  return {
    name: `age: ${name}`,
    prepare: (scene) => ({
      seal: {
        encrypt: (compressed, part) =>
          encryptAge(compressed, scene.reader.ageRecipient, part === which ? changes : {}),
      },
    }),
    expect,
  };
}

const other = makeAgeKeyPair();
const scryptStanza = `-> scrypt ${"A".repeat(22)} 22\n${"A".repeat(43)}`;
const sshStanza = `-> ssh-ed25519 ${"A".repeat(6)} ${"A".repeat(43)}\n${"A".repeat(43)}`;
const grease = "-> grease-1 some args\nQUJD";

const ageCases: HostileCase[] = [
  {
    name: "age: a part is sealed for somebody else",
    seal: {
      encrypt: (compressed) => encryptAge(compressed, other.recipient),
    },
    expect: usedUp("not-decryptable"),
  },
  {
    name: "age: only the records part is sealed for somebody else",
    prepare: (scene) => ({
      seal: {
        encrypt: (compressed, part) =>
          encryptAge(compressed, part === 1 ? other.recipient : scene.reader.ageRecipient),
      },
    }),
    expect: usedUp("not-decryptable"),
  },
  age("a second reader", { alsoFor: [other.recipient] }, usedUp("bad-recipient")),
  age(
    "a hundred thousand stanzas",
    { stanzasAfter: Array.from({ length: 100_000 }, () => grease) },
    usedUp("bad-age", "bad-recipient"),
  ),
  age("an unknown stanza before", { stanzasBefore: [grease] }, usedUp("bad-recipient")),
  age("an unknown stanza after", { stanzasAfter: [grease] }, usedUp("bad-recipient")),
  age("an ssh stanza beside", { stanzasAfter: [sshStanza] }, usedUp("bad-recipient")),
  age(
    "only a passphrase of work factor 22",
    { withoutStanza: true, stanzasAfter: [scryptStanza] },
    usedUp("bad-recipient"),
  ),
  age("only an ssh stanza", { withoutStanza: true, stanzasAfter: [sshStanza] }, usedUp("bad-recipient")),
  age("no stanza", { withoutStanza: true }, usedUp("bad-age", "bad-recipient")),
  age(
    "a header of a megabyte",
    { stanzasAfter: [`-> grease ${"x".repeat(1_000_000)}\n`] },
    usedUp("bad-age"),
  ),
  age("version 2", { versionLine: "age-encryption.org/v2" }, usedUp("bad-age")),
  age(
    "armoured",
    {
      file: (bytes) =>
        Buffer.from(
          `-----BEGIN AGE ENCRYPTED FILE-----\n${bytes.toString("base64")}\n-----END AGE ENCRYPTED FILE-----\n`,
        ),
    },
    usedUp("bad-age"),
  ),
  age("empty", { file: () => Buffer.alloc(0) }, usedUp("bad-age")),
  age(
    "a header alone",
    { file: (bytes) => bytes.subarray(0, bytes.indexOf("\n--- ") + 50) },
    usedUp("bad-age"),
  ),
  age(
    "a header that never ends",
    { file: () => Buffer.from("age-encryption.org/v1\n-> X25519 ") },
    usedUp("bad-age"),
  ),
  age(
    "a MAC of another header",
    { header: (text) => text.replace(/--- .{4}/, "--- AAAA") },
    usedUp("bad-age"),
  ),
  age("base64 with padding", { header: (text) => text.replace(/(--- \S+)/, "$1=") }, usedUp("bad-age")),
  age("CRLF in the header", { header: (text) => text.replaceAll("\n", "\r\n") }, usedUp("bad-age")),
  age(
    "a share of all zeros",
    { header: (text) => text.replace(/X25519 \S+/, `X25519 ${"A".repeat(43)}`) },
    usedUp("bad-age", "not-decryptable"),
  ),
  age("the last byte missing", { file: (bytes) => bytes.subarray(0, -1) }, usedUp("bad-age")),
  age("a byte too many", { file: (bytes) => Buffer.concat([bytes, Buffer.from("x")]) }, usedUp("bad-age")),
  age("the payload missing", { chunks: () => [] }, usedUp("bad-age")),
  age(
    "a chunk with a wrong tag",
    { chunks: (chunks) => chunks.map((chunk) => Buffer.concat([chunk.subarray(0, -1), Buffer.from([0])])) },
    usedUp("bad-age"),
  ),
  age("no chunk marked last", { lastChunk: "unmarked" }, usedUp("bad-age")),
  age("an empty last chunk", { lastChunk: "empty" }, usedUp("bad-age")),
  age("chunks of another size", { chunkBytes: 64 }, usedUp("bad-age")),
  age("the manifest has a second reader", { alsoFor: [other.recipient] }, usedUp("bad-recipient"), 0),
  age("the manifest ends a byte early", { file: (bytes) => bytes.subarray(0, -1) }, usedUp("bad-age"), 0),
];

/** Incompressible text, so that the ciphertext has several chunks. */
function noisyLines(): PartPlan {
  const noise = Array.from({ length: 20 }, () =>
    requestLine(
      freshId("noise"),
      JSON.stringify(Array.from({ length: 1200 }, () => Math.random().toString(36)).join("")),
    ),
  );
  return partOf(noise);
}

function manyChunks(name: string, chunks: NonNullable<AgeChanges["chunks"]>): HostileCase {
  return {
    name: `age: ${name}`,
    prepare: (scene) => ({
      parts: [noisyLines()],
      seal: {
        encrypt: (compressed, part) =>
          encryptAge(compressed, scene.reader.ageRecipient, part === 1 ? { chunks } : {}),
      },
    }),
    expect: usedUp("bad-age"),
  };
}

const chunkCases: HostileCase[] = [
  manyChunks("the last chunk dropped", (chunks) => chunks.slice(0, -1)),
  manyChunks("the first chunk dropped", (chunks) => chunks.slice(1)),
  manyChunks("two chunks swapped", ([first, second, ...rest]) =>
    first !== undefined && second !== undefined ? [second, first, ...rest] : [],
  ),
  manyChunks("a chunk twice", ([first, ...rest]) => (first === undefined ? [] : [first, first, ...rest])),
  manyChunks("cut at a chunk's end", (chunks) => chunks.slice(0, 1)),
  manyChunks("cut one byte after a chunk's end", ([first, second]) =>
    first !== undefined && second !== undefined ? [first, second.subarray(0, 1)] : [],
  ),
];

/** Bends the zstd step of the records part. */
function zstd(
  name: string,
  change: (plain: Uint8Array) => Uint8Array,
  expect: Expectation = usedUp("bad-zstd"),
  which = 1,
): HostileCase {
  return {
    name: `zstd: ${name}`,
    seal: { compress: (plain, part) => (part === which ? change(plain) : compress(plain)) },
    expect,
  };
}

/** What the library itself wrote as the checksum of this content. */
const checksumOf = (plain: Uint8Array): Buffer => compress(plain).subarray(-4);

const split = (plain: Uint8Array): [Uint8Array, Uint8Array] => [plain.subarray(0, 10), plain.subarray(10)];

const zstdCases: HostileCase[] = [
  zstd("two frames", (plain) => Buffer.concat(split(plain).map(compress)), usedUp("bad-zstd")),
  zstd("a whole frame and an empty one", (plain) =>
    Buffer.concat([compress(plain), compress(Buffer.alloc(0))]),
  ),
  zstd("an empty frame first", (plain) => Buffer.concat([compress(Buffer.alloc(0)), compress(plain)])),
  zstd("a skippable frame first", (plain) =>
    Buffer.concat([skippableFrame(Buffer.from("hidden")), compress(plain)]),
  ),
  zstd("a skippable frame last", (plain) =>
    Buffer.concat([compress(plain), skippableFrame(Buffer.from("hidden"))]),
  ),
  zstd("a skippable frame alone", () => skippableFrame(Buffer.from("hidden"))),
  zstd("one byte behind the frame", (plain) => Buffer.concat([compress(plain), Buffer.from([0])])),
  zstd("a page of zeros behind the frame", (plain) => Buffer.concat([compress(plain), Buffer.alloc(4096)])),
  zstd("the last byte missing", (plain) => compress(plain).subarray(0, -1)),
  zstd("the checksum missing", (plain) => compress(plain).subarray(0, -4)),
  zstd("a wrong checksum", (plain) => Buffer.concat([compress(plain).subarray(0, -4), Buffer.alloc(4)])),
  zstd("no content checksum", (plain) => compressWith(plain, { [zstdParameter.checksum]: 0 })),
  zstd("nothing at all", () => Buffer.alloc(0)),
  zstd("the plain lines", (plain) => plain),
  zstd("gzip", (plain) => gzipSync(plain)),
  zstd("zstd within zstd", (plain) => compress(compress(plain)), usedUp("plain-size")),
  zstd("a dictionary", (plain) => rawFrame(plain, { dictionaryId: 7, checksum: checksumOf(plain) })),
  zstd("a window of 2^31", (plain) => rawFrame(plain, { windowLog: 31, checksum: checksumOf(plain) })),
  zstd("a window of 2^28", (plain) => rawFrame(plain, { windowLog: 28, checksum: checksumOf(plain) })),
  zstd("the reserved bit", (plain) => rawFrame(plain, { reservedBit: true, checksum: checksumOf(plain) })),
  zstd(
    "a content size that lies low",
    (plain) => rawFrame(plain, { contentBytes: 1n, checksum: checksumOf(plain) }),
    usedUp("bad-zstd", "plain-size"),
  ),
  zstd(
    "a content size of 2^63",
    (plain) => rawFrame(plain, { contentBytes: 2n ** 63n, checksum: checksumOf(plain) }),
    usedUp("bad-zstd", "plain-size"),
  ),
  zstd("a frame that is not in the manifest's part", () => Buffer.from("x"), usedUp("bad-zstd"), 0),
  zstd("64 MiB where a few bytes are declared", () => bombFrame(64 * 2 ** 20, 0x41), usedUp("plain-size")),
  zstd(
    "a window of 2^27 is the largest that is read",
    (plain) => rawFrame(plain, { windowLog: 27, checksum: checksumOf(plain) }),
    imports(),
  ),
];

const manifestPart = (content: Loose): Loose => (content["parts"] as Loose[])[0] ?? {};

/** Bends the manifest after the parts were counted. */
function manifest(name: string, change: (content: Loose) => void, ...reasons: string[]): HostileCase {
  return {
    name: `manifest: ${name}`,
    seal: { manifest: change },
    expect: usedUp(...(reasons.length === 0 ? ["bad-manifest-record"] : reasons)),
  };
}
function manifestText(
  name: string,
  change: (text: string) => string | Uint8Array,
  ...reasons: string[]
): HostileCase {
  return {
    name: `manifest text: ${name}`,
    seal: { manifestText: change },
    expect: usedUp(...(reasons.length === 0 ? ["bad-manifest-record"] : reasons)),
  };
}

const manifestFields = [
  "format",
  "batch",
  "from",
  "to",
  "sequence",
  "parts",
  "files",
  "counts",
  "purpose",
  "revoked",
  "have",
];

const manifestCases: HostileCase[] = [
  ...manifestFields.map((field) =>
    manifest(`${field} is missing`, (m) => void delete m[field], "bad-manifest-record"),
  ),
  ...manifestFields.map((field) =>
    manifest(
      `${field} is true`,
      (m) => void (m[field] = true),
      "bad-manifest-record",
      "manifest-of-another-batch",
    ),
  ),
  manifest("an unknown field", (m) => void (m["extra"] = 1)),
  manifest("an unknown field in a part", (m) => void (manifestPart(m)["extra"] = 1)),
  manifest("an unknown field in have", (m) => void ((m["have"] as Loose)["extra"] = 1)),
  manifest(
    "a format of the future",
    (m) => void (m["format"] = "sallyport-batch@v2"),
    "bad-manifest-record",
    "unsupported-format",
  ),
  manifest(
    "it is of another batch",
    (m) => void (m["batch"] = "b000001-0123456789abcdef"),
    "manifest-of-another-batch",
  ),
  manifest(
    "it is from another station",
    (m) => void (m["from"] = "0".repeat(32)),
    "manifest-of-another-batch",
  ),
  manifest("it is for another station", (m) => void (m["to"] = "0".repeat(32)), "manifest-of-another-batch"),
  manifest("it has another number", (m) => void (m["sequence"] = 999_999), "manifest-of-another-batch"),
  manifest("it lists no parts", (m) => void (m["parts"] = [])),
  manifest(
    "it lists itself",
    (m) =>
      void (m["parts"] as Loose[]).unshift({
        name: "data/manifest.zst.age",
        bytes: 1,
        sha256: sha256Hex("x"),
        records: 1,
      }),
  ),
  manifest(
    "it lists a part that the envelope lacks",
    (m) => void (m["parts"] as Loose[]).push({ ...manifestPart(m), name: "data/part-00002.zst.age" }),
  ),
  manifest("it lists a part twice", (m) => void (m["parts"] as Loose[]).push({ ...manifestPart(m) })),
  manifest("a part's hash is upper case", (m) => void (manifestPart(m)["sha256"] = "A".repeat(64))),
  manifest("a part's size is negative", (m) => void (manifestPart(m)["bytes"] = -1)),
  manifest("a part's records are a fraction", (m) => void (manifestPart(m)["records"] = 0.5)),
  manifest(
    "a part above 64 MiB",
    (m) => void (manifestPart(m)["bytes"] = 64 * 2 ** 20 + 1),
    "plain-size",
    "bad-manifest-record",
  ),
  manifest(
    "a part of 2^53-1 bytes",
    (m) => void (manifestPart(m)["bytes"] = Number.MAX_SAFE_INTEGER),
    "plain-size",
    "bad-manifest-record",
  ),
  manifest("counts of a negative number", (m) => void (m["counts"] = { request: -1 })),
  manifest("revoked holds no fingerprint", (m) => void (m["revoked"] = ["mine"])),
  manifest("have.through is negative", (m) => void ((m["have"] as Loose)["through"] = -1)),
  manifest("have.also is a number", (m) => void ((m["have"] as Loose)["also"] = 3)),
  manifest("have.lineage is short", (m) => void ((m["have"] as Loose)["lineage"] = "abc")),
  manifestText("empty", () => "\n"),
  manifestText("a list", (text) => `[${text.trimEnd()}]\n`),
  manifestText("two lines", (text) => `${text}${text}`),
  manifestText("no last LF", (text) => text.trimEnd(), "bad-manifest-record", "unterminated-part"),
  manifestText("a key twice", (text) => text.replace(/^\{/, '{"purpose":"x",')),
  manifestText("a key twice, once escaped", (text) => text.replace(/^\{/, '{"purpos\\u0065":"x",')),
  manifestText("__proto__", (text) => text.replace(/^\{/, '{"__proto__":{},')),
  manifestText("a size written with a fraction", (text) => text.replace(/"bytes":(\d+)/, '"bytes":$1.0')),
  manifestText("a number written with an exponent", (text) =>
    text.replace(/"records":(\d+)/, '"records":$1e0'),
  ),
  manifestText("bytes that are no UTF-8", (text) =>
    Buffer.from(text.replace('"purpose":""', '"purpose":"\xff"'), "latin1"),
  ),
  manifestText("a space in front", (text) => ` ${text}`),
  manifestText("a megabyte of brackets", () => `${"[".repeat(1_000_000)}\n`),
  manifestText(
    "above 16 MiB",
    (text) => text.replace('"purpose":""', `"purpose":"${"x".repeat(16 * 2 ** 20)}"`),
    "plain-size",
  ),
];

const claims: HostileCase[] = [
  {
    name: "have: claims of batches that never were are ignored",
    seal: {
      manifest: (m) =>
        void (m["have"] = {
          lineage: "0123456789abcdef",
          through: 999_999,
          also: [5, 4, 3, 3, 1_000_000],
          safeThrough: 1_000_000,
        }),
    },
    expect: imports(),
  },
  {
    name: "purpose may be any text",
    seal: { manifest: (m) => void (m["purpose"] = "<b>\u202Egnp.exe\u001b[31m") },
    expect: imports(),
  },
];

const plainCases: HostileCase[] = [
  {
    name: "plaintext: a byte more than declared",
    seal: {
      compress: (plain, part) => compress(part === 1 ? Buffer.concat([plain, Buffer.from("\n")]) : plain),
    },
    expect: usedUp("plain-size"),
  },
  {
    name: "plaintext: a byte less than declared",
    seal: { compress: (plain, part) => compress(part === 1 ? plain.subarray(1) : plain) },
    expect: usedUp("plain-size"),
  },
  {
    name: "plaintext: as long as declared, and other",
    seal: {
      compress: (plain, part) =>
        compress(part === 1 ? Buffer.from(Buffer.from(plain).toString().replace("alice", "mallo")) : plain),
    },
    expect: usedUp("plain-mismatch"),
  },
  {
    name: "plaintext: no last LF",
    prepare: () => ({ parts: [{ plain: Buffer.from(requestLine(freshId())), records: 1 }] }),
    expect: usedUp("unterminated-part"),
  },
  {
    name: "plaintext: no last LF comes before a wrong count",
    prepare: () => ({ parts: [{ plain: Buffer.from(requestLine(freshId())), records: 5 }] }),
    expect: usedUp("unterminated-part"),
  },
  {
    name: "plaintext: nothing",
    parts: [{ plain: Buffer.alloc(0), records: 0 }],
    expect: usedUp("unterminated-part", "bad-manifest-record", "record-count"),
  },
  {
    name: "plaintext: a record more than counted",
    prepare: () => ({
      parts: [{ ...partOf([requestLine(freshId()), requestLine(freshId())]), records: 1 }],
    }),
    expect: usedUp("record-count"),
  },
  {
    name: "plaintext: a record less than counted",
    prepare: () => ({ parts: [{ ...partOf([requestLine(freshId())]), records: 2 }] }),
    expect: usedUp("record-count"),
  },
  {
    name: "plaintext: more than 10,000 bad lines",
    parts: [partOf(Array.from({ length: 10_001 }, () => "no"))],
    expect: usedUp("too-many-bad-lines"),
  },
  {
    name: "plaintext: 10,000 bad lines are all kept",
    parts: [partOf([...Array.from({ length: 10_000 }, () => "no"), requestLine("survivor-1")])],
    expect: { ...imports(1), quarantined: 10_000 },
  },
];

const declaredBytes = 65 * 2 ** 20 + 1;

const sizes: HostileCase[] = [
  {
    name: "a ciphertext declared above 65 MiB is not even copied",
    seal: {
      envelope: (envelope) => {
        const [, part = {}] = envelope["parts"] as Loose[];
        part["bytes"] = declaredBytes;
      },
    },
    bag: {
      changes: {
        tags: (files) => {
          const sum = contentOf(files, "data/manifest.zst.age").length + declaredBytes;
          rewrite(files, "bag-info.txt", (text) => text.replace(/Oxum: \S+/, `Oxum: ${sum}.2`));
        },
      },
    },
    expect: usedUp("too-large"),
  },
];

export const partCases: readonly HostileCase[] = [
  ...ageCases,
  ...chunkCases,
  ...zstdCases,
  ...manifestCases,
  ...claims,
  ...plainCases,
  ...sizes,
];

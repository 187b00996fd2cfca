import type { HostileCase } from "../case.ts";
import { imports, refused } from "../case.ts";
import type { Loose, SealChanges } from "../forge/batch.ts";
import { sha256Hex } from "../forge/records.ts";

/** batch.json, signed as it stands: a closed object whose every field has one shape. */

type Change = (envelope: Loose) => void;

const hash = sha256Hex("x");

const inner = (envelope: Loose, name: string): Loose => envelope[name] as Loose;
const partsOf = (envelope: Loose): Loose[] => envelope["parts"] as Loose[];
const part = (envelope: Loose, index: number): Loose => partsOf(envelope)[index] ?? {};

const set =
  (name: string, value: unknown): Change =>
  (envelope) => {
    envelope[name] = value;
  };
const setIn =
  (object: string, name: string, value: unknown): Change =>
  (envelope) => {
    inner(envelope, object)[name] = value;
  };
const setPart =
  (index: number, name: string, value: unknown): Change =>
  (envelope) => {
    part(envelope, index)[name] = value;
  };

const bad = (name: string, envelope: Change): HostileCase => ({
  name: `envelope: ${name}`,
  seal: { envelope },
  expect: refused("bad-envelope"),
});

const badText = (name: string, envelopeText: NonNullable<SealChanges["envelopeText"]>): HostileCase => ({
  name: `envelope text: ${name}`,
  seal: { envelopeText },
  expect: refused("bad-envelope"),
});

const topFields = [
  "id",
  "from",
  "to",
  "direction",
  "sequence",
  "previous",
  "createdAt",
  "clock",
  "parts",
  "parity",
  "voids",
  "checkpoint",
  "witnessed",
];

const missing: HostileCase[] = [
  ...topFields.map((name) => bad(`${name} is missing`, (envelope) => void delete envelope[name])),
  ...["station", "key", "lineage"].map((name) =>
    bad(`from.${name} is missing`, (envelope) => void delete inner(envelope, "from")[name]),
  ),
  ...["station", "key"].map((name) =>
    bad(`to.${name} is missing`, (envelope) => void delete inner(envelope, "to")[name]),
  ),
  ...["name", "bytes", "sha256"].map((name) =>
    bad(`parts[1].${name} is missing`, (envelope) => void delete part(envelope, 1)[name]),
  ),
];

const unknown: HostileCase[] = [
  bad("an unknown field", set("extra", 1)),
  bad("an unknown field in from", setIn("from", "extra", 1)),
  bad("an unknown field in to", setIn("to", "lineage", "0123456789abcdef")),
  bad("an unknown field in a part", setPart(1, "records", 1)),
  badText("a __proto__ field", (text) => text.replace(/^\{/, '{"__proto__":{"id":"x"},')),
  badText("a constructor field", (text) => text.replace(/^\{/, '{"constructor":{"prototype":{}},')),
];

const shapes: HostileCase[] = [
  bad("format is a number", set("format", 1)),
  ...["b1-0123456789abcdef", "B000001-0123456789abcdef", "b000001-0123456789abcde", "../../etc", "", 7].map(
    (id) => bad(`id is ${JSON.stringify(id)}`, set("id", id)),
  ),
  bad("id has upper-case digits", (envelope) => {
    envelope["id"] = String(envelope["id"]).slice(0, 8) + "0123456789ABCDEF";
  }),
  bad("the number in id is not sequence", (envelope) => {
    envelope["id"] = "b999999-0123456789abcdef";
  }),
  bad("the number in id has a zero too many", (envelope) => {
    envelope["id"] = String(envelope["id"]).replace(/^b/, "b0");
  }),
  ...["f".repeat(31), "F".repeat(32), "g".repeat(32), null, 0].map((station) =>
    bad(`from.station is ${JSON.stringify(station)}`, setIn("from", "station", station)),
  ),
  ...["SHA256:abc", "MD5:00", hash, null].map((key) =>
    bad(`from.key is ${JSON.stringify(key)}`, setIn("from", "key", key)),
  ),
  ...["SHA256:", `SHA256:${"A".repeat(44)}`, `SHA256:${"*".repeat(43)}`].map((key) =>
    bad(`to.key is ${JSON.stringify(key)}`, setIn("to", "key", key)),
  ),
  bad("from.lineage is null", setIn("from", "lineage", null)),
  bad("from.lineage is short", setIn("from", "lineage", "0123456789abcde")),
  bad("from is a list", set("from", [])),
  bad("to is a string", set("to", "us")),
  bad("direction is the other", set("direction", "response-to-request")),
  bad("direction is no direction", set("direction", "sideways")),
  bad("clock is a word of its own", set("clock", "atomic")),
  ...["2026-11-21", "2026-11-21T08:00:00Z", "2026-11-21T08:00:00.000+00:00", 1_795_000_000_000, null].map(
    (time) => bad(`createdAt is ${JSON.stringify(time)}`, set("createdAt", time)),
  ),
  ...["abc", hash.toUpperCase(), `${hash}0`, 0].map((previous) =>
    bad(`previous is ${JSON.stringify(previous)}`, set("previous", previous)),
  ),
];

const replaceSequence =
  (spelling: string) =>
  (text: string): string =>
    text.replace(/"sequence":\d+/, `"sequence":${spelling}`);

const integers: HostileCase[] = [
  ...[0, -1, 1.5, "1", null, true, [1]].map((value) =>
    bad(`sequence is ${JSON.stringify(value)}`, set("sequence", value)),
  ),
  badText("sequence is written with a fraction", (text) =>
    text.replace(/"sequence":(\d+)/, '"sequence":$1.0'),
  ),
  badText("sequence is written with an exponent", (text) =>
    text.replace(/"sequence":(\d+)/, '"sequence":$1e0'),
  ),
  badText("sequence has a leading zero", (text) => text.replace(/"sequence":(\d+)/, '"sequence":0$1')),
  badText("sequence has a plus sign", (text) => text.replace(/"sequence":(\d+)/, '"sequence":+$1')),
  badText("sequence is 2^53", (text) =>
    replaceSequence("9007199254740992")(text).replace(/"id":"b\d+/, '"id":"b9007199254740992'),
  ),
  badText("sequence is 1e400", replaceSequence("1e400")),
  badText("sequence is NaN", replaceSequence("NaN")),
  bad("a part of negative size", setPart(1, "bytes", -1)),
  bad("a part of a size and a half", setPart(1, "bytes", 1.5)),
  badText("a part's size written with a fraction", (text) => text.replace(/"bytes":(\d+)/, '"bytes":$1.0')),
  badText("a part's size written as minus zero", (text) => text.replace(/"bytes":\d+/, '"bytes":-0')),
];

const partLists: HostileCase[] = [
  bad("parts is empty", set("parts", [])),
  bad("parts is an object", set("parts", {})),
  bad("the manifest is not among the parts", (envelope) => void partsOf(envelope).shift()),
  bad("the manifest is not first", (envelope) => void partsOf(envelope).reverse()),
  bad("the manifest is there twice", (envelope) => void partsOf(envelope).push({ ...part(envelope, 0) })),
  bad("a part is there twice", (envelope) => void partsOf(envelope).push({ ...part(envelope, 1) })),
  bad("the numbers have a gap", setPart(1, "name", "data/part-00002.zst.age")),
  bad("the numbers begin at 0", setPart(1, "name", "data/part-00000.zst.age")),
  ...[
    "data/../part-00001.zst.age",
    "/data/part-00001.zst.age",
    "data/part-1.zst.age",
    "data/part-000001.zst.age",
    "data/Part-00001.zst.age",
    "data/part-00001.zst.age\u0000",
    "data/part-00001.zst",
    "batch.json",
    1,
  ].map((name) => bad(`a part is named ${JSON.stringify(name)}`, setPart(1, "name", name))),
  bad("a part's hash is upper case", (envelope) => {
    part(envelope, 1)["sha256"] = String(part(envelope, 1)["sha256"]).toUpperCase();
  }),
  bad("a part's hash is short", setPart(1, "sha256", "abc")),
  bad("more than 99,999 parts", (envelope) => {
    for (let number = 2; number <= 99_999; number++) {
      const name = `data/part-${String(number).padStart(5, "0")}.zst.age`;
      partsOf(envelope).push({ name, bytes: 1, sha256: hash });
    }
  }),
];

const parityOf = (envelope: Loose, changes: Loose = {}): Loose => ({
  name: "data/parity-00001.bin",
  bytes: part(envelope, 1)["bytes"],
  sha256: hash,
  of: ["data/part-00001.zst.age"],
  ...changes,
});
const badParity = (name: string, make: (envelope: Loose) => Loose[]): HostileCase =>
  bad(`parity: ${name}`, (envelope) => void (envelope["parity"] = make(envelope)));

const parity: HostileCase[] = [
  bad("parity is null", set("parity", null)),
  badParity("bytes are not of the longest member", (e) => [parityOf(e, { bytes: 1 })]),
  badParity("the manifest is in a group", (e) => [
    parityOf(e, { of: ["data/manifest.zst.age", "data/part-00001.zst.age"] }),
  ]),
  badParity("a part is in two groups", (e) => [parityOf(e), parityOf(e, { name: "data/parity-00002.bin" })]),
  badParity("a part is twice in one group", (e) => [
    parityOf(e, { of: ["data/part-00001.zst.age", "data/part-00001.zst.age"] }),
  ]),
  badParity("a group names no part of this batch", (e) => [parityOf(e, { of: ["data/part-00007.zst.age"] })]),
  badParity("a group is empty", (e) => [parityOf(e, { of: [] })]),
  badParity("a name climbs out", (e) => [parityOf(e, { name: "data/../../parity" })]),
  badParity("a name is that of a part", (e) => [parityOf(e, { name: "data/part-00001.zst.age" })]),
  badParity("a name is there twice", (e) => [parityOf(e), parityOf(e, { of: [] })]),
  badParity("an unknown field", (e) => [parityOf(e, { kind: "xor" })]),
];

const voids: HostileCase[] = [
  bad("voids is null", set("voids", null)),
  bad("a void without its hash", set("voids", [{ sequence: 1 }])),
  bad("a void with an unknown field", set("voids", [{ sequence: 1, sha256: hash, why: "" }])),
  bad("a void of number 0", set("voids", [{ sequence: 0, sha256: hash }])),
  bad("a void of this very number", (envelope) => {
    envelope["voids"] = [{ sequence: envelope["sequence"], sha256: hash }];
  }),
  bad("a void of a number to come", set("voids", [{ sequence: 999_999, sha256: hash }])),
  bad("a void of no hash", set("voids", [{ sequence: 1, sha256: "abc" }])),
];

const proofs = (count: number, hashes: number): unknown =>
  Array.from({ length: count }, (_, index) => ({
    since: index + 1,
    hashes: Array.from({ length: hashes }, () => Buffer.alloc(32).toString("base64")),
  }));
const note = `sallyport/${"a".repeat(32)}/${"b".repeat(16)}\n1\n${Buffer.alloc(32).toString("base64")}\n\n\u2014 low+00000000 ${Buffer.alloc(68).toString("base64")}\n`;

const checkpoints: HostileCase[] = [
  bad("checkpoint is a string", set("checkpoint", note)),
  bad("checkpoint without proofs", set("checkpoint", { note })),
  bad("checkpoint with an unknown field", set("checkpoint", { note, proofs: [], extra: 1 })),
  bad("checkpoint with three proofs", set("checkpoint", { note, proofs: proofs(3, 1) })),
  bad("a proof of 65 hashes", set("checkpoint", { note, proofs: proofs(1, 65) })),
  bad("a proof's hash is no base64", set("checkpoint", { note, proofs: [{ since: 1, hashes: ["!"] }] })),
  bad("a note above 64 KiB", set("checkpoint", { note: note + "x".repeat(65_536), proofs: [] })),
  bad("witnessed is an object", set("witnessed", { note })),
  bad("witnessed above 64 KiB", set("witnessed", note + "x".repeat(65_536))),
];

const texts: HostileCase[] = [
  badText("empty", () => ""),
  badText("no JSON", () => "no\n"),
  badText("no last LF", (text) => text.trimEnd()),
  badText("two LF", (text) => `${text}\n`),
  badText("CRLF", (text) => text.replace("\n", "\r\n")),
  badText("a space in front", (text) => ` ${text}`),
  badText("a byte order mark", (text) => `\uFEFF${text}`),
  badText("UTF-16", (text) => Buffer.from(`\uFEFF${text}`, "utf16le")),
  badText("bytes that are no UTF-8", (text) => Buffer.from(text.replace("unsync", "\xffsync"), "latin1")),
  badText("a list", (text) => `[${text.trimEnd()}]\n`),
  badText("two objects", (text) => text.trimEnd() + text),
  badText("null", () => "null\n"),
  badText("a trailing comma", (text) => text.replace(/\}\n$/, ",}\n")),
  badText("a comment", (text) => text.replace(/^\{/, "{/**/")),
  badText("a key twice", (text) => text.replace(/^\{/, '{"clock":"synchronised",')),
  badText("a key twice, once escaped", (text) => text.replace(/^\{/, '{"\\u0063lock":"synchronised",')),
  badText("a key twice in from", (text) => text.replace('"from":{', '"from":{"key":"x",')),
  badText("ten thousand opening brackets", (text) => text.replace(/^\{/, `{"x":${"[".repeat(10_000)}`)),
  badText("a million opening brackets", () => `${"[".repeat(1_000_000)}\n`),
  badText("a megabyte of escaped quotes", (text) => text.replace(/^\{/, `{"x":"${'\\"'.repeat(500_000)}",`)),
];

const formats: HostileCase[] = [
  {
    name: "a later format is told apart from a bad envelope, whatever else is new in it",
    seal: {
      envelope: (envelope) => {
        envelope["format"] = "sallyport-batch@v2";
        envelope["extra"] = { fields: ["we", "do", "not", "know"] };
        delete envelope["clock"];
      },
    },
    expect: refused("unsupported-format"),
  },
  {
    name: "format is missing",
    seal: { envelope: (envelope) => void delete envelope["format"] },
    expect: refused("bad-envelope", "unsupported-format"),
  },
  {
    name: "format in upper case is another format",
    seal: { envelope: set("format", "SALLYPORT-BATCH@V1") },
    expect: refused("unsupported-format"),
  },
];

const accepted: HostileCase[] = [
  {
    name: "a batch dated 1970 is taken, because time decides nothing",
    seal: { envelope: set("createdAt", "1970-01-01T00:00:00.000Z") },
    bag: {
      changes: {
        tags: (files) => {
          const text = Buffer.from(files.get("bag-info.txt") as Uint8Array).toString();
          files.set("bag-info.txt", Buffer.from(text.replace("2026-11-21", "1970-01-01")));
        },
      },
    },
    expect: imports(),
  },
  {
    name: "a batch dated 2099 by a synchronised clock is taken",
    seal: {
      envelope: (envelope) => {
        envelope["createdAt"] = "2099-12-31T23:59:59.999Z";
        envelope["clock"] = "synchronised";
      },
    },
    bag: {
      changes: {
        tags: (files) => {
          const text = Buffer.from(files.get("bag-info.txt") as Uint8Array).toString();
          files.set("bag-info.txt", Buffer.from(text.replace("2026-11-21", "2099-12-31")));
        },
      },
    },
    expect: imports(),
  },
];

const signer: HostileCase[] = [
  {
    name: "from.station is nobody we know",
    seal: { envelope: setIn("from", "station", "0".repeat(32)) },
    expect: refused("from-is-not-signer"),
  },
  {
    name: "from.key is another key than the one that signed",
    seal: { envelope: setIn("from", "key", `SHA256:${"A".repeat(43)}`) },
    expect: refused("from-is-not-signer"),
  },
  {
    name: "the batch is for another station",
    seal: { envelope: setIn("to", "station", "0".repeat(32)) },
    expect: refused("not-for-us"),
  },
  {
    name: "the batch is for a key that we never had",
    seal: { envelope: setIn("to", "key", `SHA256:${"A".repeat(43)}`) },
    expect: refused("not-for-us"),
  },
  {
    name: "a false sender comes before a wrong reader",
    seal: {
      envelope: (envelope) => {
        inner(envelope, "from")["station"] = "0".repeat(32);
        inner(envelope, "to")["station"] = "0".repeat(32);
      },
    },
    expect: refused("from-is-not-signer"),
  },
  {
    name: "the batch comes from the reader itself, by name",
    prepare: (scene) => ({
      seal: { envelope: setIn("from", "station", scene.reader.station) },
    }),
    expect: refused("from-is-not-signer"),
  },
];

export const envelopeCases: readonly HostileCase[] = [
  ...missing,
  ...unknown,
  ...shapes,
  ...integers,
  ...partLists,
  ...parity,
  ...voids,
  ...checkpoints,
  ...texts,
  ...formats,
  ...accepted,
  ...signer,
];

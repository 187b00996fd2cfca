import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Envelope } from "./envelope.ts";
import { parseEnvelope, writeEnvelope } from "./envelope.ts";
import { FormatFault } from "./fault.ts";
import { batchId, manifestPartName, parseBagName, partName, sequenceOfBatchId } from "./names.ts";

const hash = (digit: string): string => digit.repeat(64);
const key = `SHA256:${"A".repeat(43)}`;
const part = (name: string, bytes: number) => ({ name, bytes, sha256: hash("a") });
const whole: Envelope = {
  format: "sallyport-batch@v1",
  id: "b000012-9f2c4e0d7a615b38",
  from: { station: "0".repeat(32), key, lineage: "0".repeat(16) },
  to: { station: "1".repeat(32), key },
  direction: "request-to-response",
  sequence: 12,
  previous: hash("b"),
  createdAt: "2026-11-21T08:00:00.000Z",
  clock: "unsynchronised",
  parts: [part(manifestPartName, 412), part(partName(1), 28113), part(partName(2), 9)],
  parity: [
    { name: "data/parity-00001.bin", bytes: 28113, sha256: hash("c"), of: [partName(1), partName(2)] },
  ],
  voids: [{ sequence: 11, sha256: hash("d") }],
  checkpoint: {
    note: "sallyport/0/0\n12\nx\n\n\u2014 low AAAA\n",
    proofs: [{ since: 4711, hashes: [`${"A".repeat(43)}=`] }],
  },
  witnessed: null,
};

function reasonOf(text: string | Buffer): string {
  try {
    parseEnvelope(Buffer.from(text));
    return "ok";
  } catch (error) {
    if (error instanceof FormatFault) return error.reason;
    throw error;
  }
}
const text = writeEnvelope(whole).toString();
const changed = (change: object): string => `${JSON.stringify({ ...whole, ...change })}\n`;
const first = { id: "b000001-9f2c4e0d7a615b38", sequence: 1, previous: null, voids: [] };

test("batch.json makes the round trip, and begins with its format", () => {
  expect(parseEnvelope(Buffer.from(text))).toEqual(whole);
  expect(text.startsWith('{"format":"sallyport-batch@v1","id":')).toBe(true);
  expect(text.endsWith("}\n")).toBe(true);
});

describe("taken", () => {
  test.each<[string, string]>([
    ["the first batch", changed(first)],
    ["white space between tokens", `${JSON.stringify(whole, null, 2)}\n`],
    ["seven digits from a million on", changed({ id: "b1000000-9f2c4e0d7a615b38", sequence: 1_000_000 })],
    ["no parts but the manifest", changed({ parts: whole.parts.slice(0, 1), parity: [] })],
    [
      "a ciphertext above the cap, which only step 4 refuses",
      changed({ parts: [part(manifestPartName, 2 ** 52)], parity: [] }),
    ],
    ["a checkpoint whose note proves nothing", changed({ checkpoint: { note: "x", proofs: [] } })],
    ["a witnessed note", changed({ witnessed: "note" })],
    ["any escape for a known letter", text.replace('"format"', '"form\\u0061t"')],
  ])("%s", (_name, json) => {
    expect(reasonOf(json)).toBe("ok");
  });
});

describe("bad-envelope", () => {
  test.each<[string, string | Buffer]>([
    ["no LF", text.trimEnd()],
    ["a second LF", `${text}\n`],
    ["CRLF", text.replace("\n", "\r\n")],
    ["a BOM", `\ufeff${text}`],
    ["no JSON", "{\n}x}\n"],
    ["no object", "[{}]\n"],
    ["not UTF-8", Buffer.concat([Buffer.from('{"\xff"', "latin1"), Buffer.from(text.slice(1))])],
    ["a key twice", text.replace('"clock"', '"clock":"synchronised","clock"')],
    ["a format twice", text.replace('{"format"', '{"format":"sallyport-batch@v2","format"')],
    ["an unknown field", changed({ more: 1 })],
    ["__proto__", text.replace("{", '{"__proto__":{},')],
    ["an unknown field further in", changed({ to: { ...whole.to, lineage: "0".repeat(16) } })],
    ["no format", changed({ format: undefined })],
    ["a format that is no text", changed({ format: 1 })],
    ...Object.keys(whole)
      .filter((field) => field !== "format")
      .map((field): [string, string] => [`no ${field}`, changed({ [field]: undefined })]),
    ...Object.keys(whole)
      .filter((field) => field !== "format")
      .map((field): [string, string] => [`true for ${field}`, changed({ [field]: true })]),
    ["an id of another number", changed({ id: "b000013-9f2c4e0d7a615b38" })],
    ["an id with spare zeros", changed({ id: "b0000012-9f2c4e0d7a615b38" })],
    ["an id in capitals", changed({ id: "b000012-9F2C4E0D7A615B38" })],
    ["sequence 0", changed({ id: "b000000-9f2c4e0d7a615b38", sequence: 0 })],
    ["a sequence with a fraction", text.replace('"sequence":12,"prev', '"sequence":12.0,"prev')],
    ["a sequence with an exponent", text.replace('"sequence":12,"prev', '"sequence":12e0,"prev')],
    ["a number above 2^53-1", text.replace("4711", "9007199254740992")],
    ["a minus before zero", text.replace("4711", "-0")],
    ["a previous at 1", changed({ ...first, previous: hash("b") })],
    ["no previous at 12", changed({ previous: null })],
    ["a hash in capitals", changed({ previous: hash("B") })],
    ["a station too short", changed({ to: { station: "1", key } })],
    ["a key that is no fingerprint", changed({ to: { ...whole.to, key: "SHA256:x" } })],
    ["another direction", changed({ direction: "sideways" })],
    ["another clock", changed({ clock: "slow" })],
    ["a time with an offset", changed({ createdAt: "2026-11-21T08:00:00+01:00" })],
    ["no parts", changed({ parts: [], parity: [] })],
    ["no manifest", changed({ parts: whole.parts.slice(1) })],
    ["a gap in the parts", changed({ parts: [whole.parts[0], whole.parts[2]], parity: [] })],
    ["parts in another order", changed({ parts: [whole.parts[0], whole.parts[2], whole.parts[1]] })],
    ["the manifest twice", changed({ parts: [whole.parts[0], whole.parts[0]], parity: [] })],
    ["a name that climbs", changed({ parts: [whole.parts[0], part("data/../x", 1)], parity: [] })],
    ["a negative size", changed({ parts: [part(manifestPartName, -1)], parity: [] })],
    [
      "an unknown field in a part",
      changed({ parts: [{ ...part(manifestPartName, 1), kind: "x" }], parity: [] }),
    ],
    [
      "parity of the manifest",
      changed({ parity: [{ ...whole.parity[0], bytes: 412, of: [manifestPartName] }] }),
    ],
    ["parity of an unknown part", changed({ parity: [{ ...whole.parity[0], of: [partName(3)] }] })],
    ["parity of nothing", changed({ parity: [{ ...whole.parity[0], bytes: 0, of: [] }] })],
    ["parity of another size", changed({ parity: [{ ...whole.parity[0], bytes: 28112 }] })],
    [
      "a part in two groups",
      changed({ parity: [whole.parity[0], { ...whole.parity[0], name: "data/parity-00002.bin" }] }),
    ],
    [
      "a part twice in a group",
      changed({ parity: [{ ...whole.parity[0], of: [partName(1), partName(1)] }] }),
    ],
    [
      "a parity name twice",
      changed({
        parity: [
          { ...whole.parity[0], of: [partName(1)] },
          { ...whole.parity[0], bytes: 9, of: [partName(2)] },
        ],
      }),
    ],
    ["another parity name", changed({ parity: [{ ...whole.parity[0], name: "data/part-00003.zst.age" }] })],
    ["a void of itself", changed({ voids: [{ sequence: 12, sha256: hash("d") }] })],
    ["a void of a later number", changed({ voids: [{ sequence: 13, sha256: hash("d") }] })],
    ["a void twice", changed({ voids: [...whole.voids, ...whole.voids] })],
    ["three proofs", changed({ checkpoint: { note: "x", proofs: Array(3).fill({ since: 1, hashes: [] }) } })],
    [
      "65 hashes",
      changed({
        checkpoint: { note: "x", proofs: [{ since: 1, hashes: Array(65).fill(`${"A".repeat(43)}=`) }] },
      }),
    ],
    [
      "a hash of another length",
      changed({ checkpoint: { note: "x", proofs: [{ since: 1, hashes: ["AAAA"] }] } }),
    ],
    ["a note above 64 KiB", changed({ witnessed: "x".repeat(64 * 1024 + 1) })],
    ["a checkpoint as text", changed({ checkpoint: "note" })],
    ["half of a character pair", changed({ witnessed: "x" }).replace('"x"', '"\\ud800"')],
    ["100,000 levels", `{"format":"sallyport-batch@v1","x":${"[".repeat(100_000)}${"]".repeat(100_000)}}\n`],
  ])("%s", (_name, json) => {
    expect(reasonOf(json)).toBe("bad-envelope");
  });
});

describe("unsupported-format comes before every other field", () => {
  test.each([
    changed({ format: "sallyport-batch@v2" }),
    '{"format":"sallyport-batch@v2","anything":-1.5}\n',
    '{"format":""}\n',
  ])("%s", (json) => {
    expect(reasonOf(json)).toBe("unsupported-format");
  });
});

test("any change of a byte ends in a verdict", () => {
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.nat(255), (at, byte) => {
      const bytes = Buffer.from(text);
      bytes[at] = byte;
      expect(["ok", "bad-envelope", "unsupported-format"]).toContain(reasonOf(bytes));
    }),
    { numRuns: 2000 },
  );
});

test("batch ids and bag names hold their number", () => {
  expect(batchId(12, "9f2c4e0d7a615b38")).toBe("b000012-9f2c4e0d7a615b38");
  fc.assert(
    fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (sequence) => {
      expect(sequenceOfBatchId(batchId(sequence, "0".repeat(16)))).toBe(sequence);
    }),
  );
  expect(sequenceOfBatchId("b9999999999999999-0000000000000000")).toBeNull();
  expect(parseBagName("b000012-9f2c4e0d7a615b38.v999")).toEqual({
    id: "b000012-9f2c4e0d7a615b38",
    volume: 999,
  });
  for (const name of [
    "b000012-9f2c4e0d7a615b38",
    "b000012-9f2c4e0d7a615b38.v0",
    "b000012-9f2c4e0d7a615b38.v01",
    "b000012-9f2c4e0d7a615b38.v1000",
    "x.v1",
  ]) {
    expect(parseBagName(name)).toBeNull();
  }
});

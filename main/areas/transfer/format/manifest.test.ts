import { describe, expect, test } from "vitest";

import type { Envelope } from "./envelope.ts";
import { FormatFault } from "./fault.ts";
import type { Manifest } from "./manifest.ts";
import { haveNothing, parseManifest, writeManifest } from "./manifest.ts";
import { manifestPartName, partName } from "./names.ts";

const hash = "a".repeat(64);
const key = `SHA256:${"A".repeat(43)}`;
const low = "0".repeat(32);
const high = "1".repeat(32);
const envelope: Envelope = {
  format: "sallyport-batch@v1",
  id: "b000012-9f2c4e0d7a615b38",
  from: { station: low, key, lineage: "0".repeat(16) },
  to: { station: high, key },
  direction: "request-to-response",
  sequence: 12,
  previous: hash,
  createdAt: "2026-11-21T08:00:00.000Z",
  clock: "unsynchronised",
  parts: [manifestPartName, partName(1), partName(2)].map((name) => ({ name, bytes: 9, sha256: hash })),
  parity: [],
  voids: [],
  checkpoint: null,
  witnessed: null,
};
const lines = { name: partName(1), bytes: 271034, sha256: hash, records: 3447 };
const file = { name: partName(2), bytes: 9000, sha256: hash };
const whole: Manifest = {
  format: "sallyport-batch@v1",
  batch: envelope.id,
  from: low,
  to: high,
  sequence: 12,
  parts: [lines, file],
  files: [{ sha256: hash, bytes: 9000, parts: [partName(2)] }],
  counts: { request: 3447, "kind-of-later": 0 },
  purpose: "",
  revoked: [key],
  have: { lineage: "2".repeat(16), through: 9, also: [11], safeThrough: 8 },
};

function reasonOf(text: string): string {
  try {
    parseManifest(Buffer.from(text), envelope);
    return "ok";
  } catch (error) {
    if (error instanceof FormatFault) return error.reason;
    throw error;
  }
}
const text = writeManifest(whole).toString();
const changed = (change: object): string => `${JSON.stringify({ ...whole, ...change })}\n`;

test("the manifest makes the round trip", () => {
  expect(parseManifest(Buffer.from(text), envelope)).toEqual(whole);
  expect(reasonOf(changed({ have: haveNothing }))).toBe("ok");
  expect(reasonOf(changed({ have: { ...whole.have, through: 1, also: [0], safeThrough: 99 } }))).toBe("ok");
});

describe("manifest-of-another-batch", () => {
  test.each([
    { batch: "b000012-0000000000000000" },
    { from: high },
    { to: low },
    { sequence: 13 },
    { batch: "x", parts: [] },
  ])("%j", (change) => {
    expect(reasonOf(changed(change))).toBe("manifest-of-another-batch");
  });
});

describe("bad-manifest-record", () => {
  test.each<[string, string]>([
    ["no LF", text.trimEnd()],
    ["two lines", text.replace(",", ",\n")],
    ["a line after", `${text}{}\n`],
    ["a space before", ` ${text}`],
    ["a key twice", text.replace('"purpose"', '"purpose":"x","purpose"')],
    ["a fraction", text.replace("271034", "271034.0")],
    ["another format", changed({ format: "sallyport-batch@v2" })],
    ["an unknown field, in a manifest of another batch too", changed({ more: 1, sequence: 13 })],
    ...Object.keys(whole).flatMap((field): [string, string][] => [
      [`no ${field}`, changed({ [field]: undefined })],
      [`true for ${field}`, changed({ [field]: true })],
    ]),
    ["a part less", changed({ parts: [lines] })],
    ["a part more", changed({ parts: [lines, file, { ...file, name: partName(3) }] })],
    ["parts in another order", changed({ parts: [file, lines] })],
    ["no records in a records part", changed({ parts: [{ ...lines, records: 0 }, file] })],
    ["a part that is neither lines nor file", changed({ files: [] })],
    ["a file of a records part", changed({ files: [{ sha256: hash, bytes: 271034, parts: [partName(1)] }] })],
    ["a file part in two files", changed({ files: [...whole.files, ...whole.files] })],
    ["a file of another size", changed({ files: [{ sha256: hash, bytes: 8999, parts: [partName(2)] }] })],
    ["an unknown field in a part", changed({ parts: [{ ...lines, kind: "x" }, file] })],
    ["a type out of form", changed({ counts: { Request: 1 } })],
    ["a count that is no number", changed({ counts: { request: "1" } })],
    ["a revoked key that is no fingerprint", changed({ revoked: ["x"] })],
    ["have with a field more", changed({ have: { ...whole.have, more: 1 } })],
    ["have with a lineage out of form", changed({ have: { ...whole.have, lineage: "x" } })],
  ])("%s", (_name, json) => {
    expect(reasonOf(json)).toBe("bad-manifest-record");
  });
});

test("a part declared above 64 MiB is plain-size", () => {
  expect(reasonOf(changed({ parts: [{ ...lines, bytes: 64 * 1024 * 1024 + 1 }, file] }))).toBe("plain-size");
});

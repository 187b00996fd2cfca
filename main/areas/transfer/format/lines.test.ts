import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { generateSigningKeyPair } from "../../../station/crypto/ed25519.ts";
import { FormatFault, LineFault } from "./fault.ts";
import {
  bodyLimits,
  checkBody,
  checkLine,
  splitLines,
  writeReceiptLine,
  writeRequestLine,
  writeResponseLine,
} from "./lines.ts";
import type { ReceiptPayload } from "./receipt.ts";
import {
  parseReceiptPayload,
  receiptId,
  receiptPages,
  signReceipt,
  verifyReceipt,
  writeReceiptPayload,
} from "./receipt.ts";

const mib = 1024 * 1024;
const common = { id: "r-4f1c", revision: 1, createdAt: "2026-11-21T08:00:00.000Z" };
const request = { ...common, kind: "echo", user: "alice" };
const requestWith = (body: string): string => writeRequestLine(request, body).toString().trimEnd();
const line = requestWith("{}");

function reasonOf(text: string | Buffer): string {
  const verdict = checkLine(Buffer.from(text));
  return verdict.ok ? "ok" : verdict.reason;
}

describe("bodies", () => {
  test("come back byte for byte, whatever their white space, digits and escapes", () => {
    for (const body of [
      '{ "a" : 1.0 , "b":[ ] }',
      "1e2",
      "9007199254740993",
      '"\\u0041\\/"',
      "-0",
      '"\u2028"',
      "null",
      "[\t1,\r2]",
      '{"body":{"type":1}}',
    ]) {
      const verdict = checkLine(Buffer.from(requestWith(body)));
      expect(verdict).toMatchObject({ ok: true, bodyText: body, record: { type: "request", ...request } });
    }
  });

  test("of any JSON value cross as a request and as the response that echoes it", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, "\t"), (value, indent) => {
        const source = JSON.stringify(value, null, indent).replaceAll("\n", " ");
        fc.pre(
          !source.includes("__proto__") &&
            !source.includes("\\u0000") &&
            source.isWellFormed() &&
            !/\\ud[89a-f]/.test(source),
        );
        const body = checkBody(Buffer.from(` ${source}\r\n`));
        expect(body).toEqual({ ok: true, text: source });
        expect(checkLine(Buffer.from(requestWith(source)))).toMatchObject({ ok: true, bodyText: source });
        const response = writeResponseLine({ ...common, request: "r-4f1c", status: "ok" }, source);
        expect(checkLine(response.subarray(0, -1))).toMatchObject({ ok: true, bodyText: source });
      }),
    );
  });

  test("at every limit of submission still fit the widest record around them", () => {
    const widest = { id: "i".repeat(64), revision: 1, createdAt: common.createdAt };
    const bodies = [
      `"${"x".repeat(bodyLimits.bytes - 2)}"`,
      "[".repeat(bodyLimits.depth) + "]".repeat(bodyLimits.depth),
      JSON.stringify(Object.fromEntries(Array.from({ length: bodyLimits.members }, (_, n) => [`k${n}`, n]))),
    ];
    for (const body of bodies) {
      expect(checkBody(Buffer.from(body))).toMatchObject({ ok: true });
      const lines = [
        writeRequestLine({ ...widest, kind: "k".repeat(32), user: "u".repeat(64) }, body),
        writeResponseLine({ ...widest, request: "r".repeat(64), status: "ok" }, body),
      ];
      for (const each of lines) expect(reasonOf(each.subarray(0, -1))).toBe("ok");
    }
  });

  test.each<[string, string | Buffer]>([
    ["line-too-long", `"${"x".repeat(bodyLimits.bytes)}"`],
    ["bad-utf8", Buffer.from([0x22, 0xff, 0x22])],
    ["nul", '"\\u0000"'],
    ["bad-json", ""],
    ["bad-json", "{"],
    ["bad-json", "1 2"],
    ["bad-json", "[1,\n2]"],
    ["bad-json", "\ufeff1"],
    ["duplicate-key", '{"a":1,"a":1}'],
    ["forbidden-key", '{"__proto__":1}'],
    ["lone-surrogate", '"\\ud800"'],
    ["too-deep", "[".repeat(64) + "]".repeat(64)],
    ["bad-number", "1e999"],
  ])("are refused at submission as %s", (reason, body) => {
    expect(checkBody(Buffer.from(body))).toEqual({ ok: false, reason });
  });
});

describe("the first broken rule decides", () => {
  // Each text breaks the named rule and later ones.
  test.each<[string, string | Buffer]>([
    ["line-too-long", Buffer.alloc(mib + 1, 0xff)],
    ["bad-utf8", Buffer.concat([Buffer.from([0xff, 0]), Buffer.from(line)])],
    ["bad-utf8", Buffer.from([0x7b, 0xed, 0xa0, 0x80, 0x7d])],
    ["bad-utf8", Buffer.from([0x7b, 0xc0, 0x80, 0x7d])],
    ["nul", '{"a":"\u0000",}'],
    ["nul", '{"a":"\\u0000","a":1}'],
    ["nul", '{"a":"\\u0000",}'],
    ["bad-json", '{"a":"\\\\u0000",}'],
    ["bad-json", `${line} `],
    ["bad-json", ` ${line}`],
    ["bad-json", `${line}\r`],
    ["bad-json", `\ufeff${line}`],
    ["bad-json", ""],
    ["bad-json", "[]"],
    ["bad-json", '"text"'],
    ["bad-json", `${line}${line}`],
    ["bad-json", '{"a":1,"a":1,"__proto__":1e999,}'],
    ["duplicate-key", '{"a":1,"\\u0061":1,"__proto__":"\\ud800"}'],
    ["forbidden-key", '{"__proto__":"\\ud800"}'],
    ["lone-surrogate", `{"a":"\\ud800","b":${"[".repeat(70)}${"]".repeat(70)}}`],
    ["too-deep", `{"a":${"[".repeat(64)}1e999${"]".repeat(64)}}`],
    ["too-many-keys", `{"a":1e999${Array.from({ length: 10_000 }, (_, n) => `,"k${n}":1`).join("")}}`],
    ["bad-number", '{"type":"later","a":1e999}'],
    ["unknown-type", '{"type":"later","more":1}'],
    ["unknown-type", line.replace("request", "Request")],
    ["unknown-type", line.replace("request", "toString")],
    ["bad-record", "{}"],
    ["bad-record", '{"type":1}'],
    ["bad-record", '{"type":null}'],
  ])("%s", (reason, text) => {
    expect(reasonOf(text)).toBe(reason);
  });

  test("a record of depth 64 and 10,000 members is taken, one more is not", () => {
    const nested = (depth: number): string => requestWith("[".repeat(depth) + "]".repeat(depth));
    expect(reasonOf(nested(63))).toBe("ok");
    expect(reasonOf(nested(64))).toBe("too-deep");
    const wide = (members: number): string =>
      requestWith(`{${Array.from({ length: members }, (_, n) => `"k${n}":1`).join(",")}}`);
    expect(reasonOf(wide(10_000 - 7))).toBe("ok");
    expect(reasonOf(wide(10_000 - 6))).toBe("too-many-keys");
  });

  test("a line of exactly 1 MiB is taken, one byte more is not", () => {
    const fill = (bytes: number): string => requestWith(`"${"x".repeat(bytes - requestWith('""').length)}"`);
    expect(Buffer.byteLength(fill(mib))).toBe(mib);
    expect(reasonOf(fill(mib))).toBe("ok");
    expect(reasonOf(`${fill(mib).slice(0, -2)}x"}`)).toBe("line-too-long");
    expect(() => writeRequestLine(request, `"${"x".repeat(mib)}"`)).toThrow(LineFault);
  });
});

describe("records are closed", () => {
  const response = writeResponseLine({ ...common, request: "r-4f1c", status: "ok" }, "1")
    .toString()
    .trimEnd();

  test("keys in any order, with escapes and white space, are the same record", () => {
    const shuffled = `{ "body" : 1,"user":"\\u0061lice","kind":"echo","createdAt":"${common.createdAt}","revision": 1,"\\u0069d":"r-4f1c","type":"request"}`;
    expect(checkLine(Buffer.from(shuffled))).toMatchObject({
      ok: true,
      bodyText: "1",
      record: { type: "request", ...request },
    });
  });

  test.each<[string, string]>([
    ["an unknown field", line.replace("{", '{"more":1,')],
    ["no body", line.replace(',"body":{}', "")],
    ["no id", line.replace('"id":"r-4f1c",', "")],
    ["an id in capitals", line.replace("r-4f1c", "R-4f1c")],
    ["an id of 65", line.replace("r-4f1c", "r".repeat(65))],
    ["an id that is no text", line.replace('"r-4f1c"', "7")],
    ["an id with a letter like another", line.replace("r-4f1c", "r-4f1\u0441")],
    ["revision 2", line.replace('"revision":1', '"revision":2')],
    ["revision 0", line.replace('"revision":1', '"revision":0')],
    ["revision 1.0", line.replace('"revision":1', '"revision":1.0')],
    ["revision 1e0", line.replace('"revision":1', '"revision":1e0')],
    ["a revision as text", line.replace('"revision":1', '"revision":"1"')],
    ["a time without milliseconds", line.replace(".000Z", "Z")],
    ["a kind in capitals", line.replace("echo", "Echo")],
    ["a kind that begins with a digit", line.replace("echo", "1echo")],
    ["a user with a space", line.replace("alice", "al ice")],
    ["an empty user", line.replace("alice", "")],
    ["a response's field in a request", line.replace('"user":"alice"', '"user":"alice","status":"ok"')],
    ["another status", response.replace('"ok"', '"fine"')],
    ["a status of more", response.replace('"ok"', '"ok "')],
    ["an error without its body", response.replace('"ok"', '"error"')],
    [
      "an error with a field more",
      response.replace('"ok","body":1', '"error","body":{"code":"x","message":"y","more":1}'),
    ],
    [
      "an error whose code is no text",
      response.replace('"ok","body":1', '"error","body":{"code":1,"message":"y"}'),
    ],
    ["a request that is no id", response.replace('"request":"r-4f1c"', '"request":"!"')],
  ])("%s is bad-record", (_name, text) => {
    expect(text).not.toBe(line);
    expect(reasonOf(text)).toBe("bad-record");
  });

  test("an error with code and message is taken", () => {
    expect(reasonOf(response.replace('"ok","body":1', '"error","body":{"code":"x","message":"y"}'))).toBe(
      "ok",
    );
  });

  test("any bytes end in a verdict", () => {
    fc.assert(
      fc.property(fc.nat(line.length - 1), fc.uint8Array({ maxLength: 4 }), fc.nat(4), (at, add, drop) => {
        const bytes = Buffer.from(line);
        const mixed = Buffer.concat([bytes.subarray(0, at), add, bytes.subarray(at + drop)]);
        expect(typeof checkLine(mixed).ok).toBe("boolean");
      }),
      { numRuns: 3000 },
    );
  });
});

describe("lines split on LF alone", () => {
  test("U+2028, U+2029, CR and NUL stay inside", () => {
    const lines = ['"\u2028"', "a\rb", "", "\u2029\u0085", "\u0000"].map((text) => Buffer.from(text));
    const part = Buffer.concat(lines.flatMap((each) => [each, Buffer.from("\n")]));
    expect([...splitLines(part)]).toEqual(lines);
  });

  test("a part without its last LF, or without anything, is unterminated", () => {
    for (const part of ["{}", "{}\n{}", ""]) {
      expect(() => [...splitLines(Buffer.from(part))]).toThrow(FormatFault);
    }
  });
});

describe("receipts", () => {
  const payload: ReceiptPayload = {
    batch: "b000012-9f2c4e0d7a615b38",
    batchSha256: "a".repeat(64),
    sequence: 12,
    state: "imported",
    reason: null,
    counts: { imported: 1, duplicate: 1, quarantined: 1 },
    people: "one",
    page: 1,
    pages: 1,
    exceptions: [
      {
        part: "data/part-00001.zst.age",
        line: 2,
        type: "request",
        id: "r-1",
        verdict: "duplicate",
        reason: null,
      },
      {
        part: "data/part-00001.zst.age",
        line: 3,
        type: null,
        id: null,
        verdict: "quarantined",
        reason: "bad-json",
      },
    ],
  };
  const pair = generateSigningKeyPair();
  const text = writeReceiptPayload(payload);
  const receiptLine = (payloadText: string, id = receiptId(payload)): string =>
    writeReceiptLine({ ...common, id, payload: payloadText, signature: signReceipt(payloadText, pair) })
      .toString()
      .trimEnd();
  const changed = (change: object): string => JSON.stringify({ ...payload, ...change });

  test("cross as a record and prove themselves outside it", () => {
    const verdict = checkLine(Buffer.from(receiptLine(text)));
    expect(verdict).toMatchObject({ ok: true, receipt: payload });
    if (!verdict.ok || verdict.record.type !== "receipt") throw new Error("unreachable");
    expect(verdict.record.payload).toBe(text);
    expect(verifyReceipt(verdict.record.payload, verdict.record.signature)).toEqual({
      ok: true,
      publicKey: pair.publicKey,
    });
    expect(verifyReceipt(`${text} `, verdict.record.signature)).toMatchObject({ reason: "bad-signature" });
  });

  test("of many exceptions come in pages of 1,000, each with the counts of the whole", () => {
    const exceptions = Array.from({ length: 2001 }, (_, n) => ({
      part: "data/part-00001.zst.age",
      line: n + 1,
      type: "request",
      id: "i".repeat(64),
      verdict: "quarantined" as const,
      reason: "receipt-mismatch" as const,
    }));
    const pages = receiptPages({ ...payload, exceptions });
    expect(pages.map((page) => [page.page, page.pages, page.exceptions.length])).toEqual([
      [1, 3, 1000],
      [2, 3, 1000],
      [3, 3, 1],
    ]);
    for (const page of pages) {
      const pageText = writeReceiptPayload(page);
      expect(parseReceiptPayload(pageText)).toEqual(page);
      expect(reasonOf(receiptLine(pageText, receiptId(page)))).toBe("ok");
    }
    expect(receiptPages({ ...payload, exceptions: [] })).toHaveLength(1);
  });

  test("of a refused batch carry its reason, and zeros", () => {
    const refused = {
      state: "refused",
      reason: "bad-zstd",
      counts: { imported: 0, duplicate: 0, quarantined: 0 },
      exceptions: [],
    };
    expect(reasonOf(receiptLine(changed(refused), "b000012-9f2c4e0d7a615b38.refused.1"))).toBe("ok");
    for (const wrong of [
      { ...refused, reason: null },
      { ...refused, reason: "because" },
      { ...refused, counts: payload.counts },
    ]) {
      expect(reasonOf(receiptLine(changed(wrong), "b000012-9f2c4e0d7a615b38.refused.1"))).toBe("bad-record");
    }
  });

  test.each<[string, string]>([
    ["a payload that is no JSON", "x"],
    ["a payload with a field more", changed({ more: 1 })],
    ["a payload with a key twice", text.replace('"people"', '"people":"two","people"')],
    ["a number with a fraction", text.replace('"sequence":12', '"sequence":12.0')],
    ["a batch that is no batch id", changed({ batch: "b12" })],
    ["another state", changed({ state: "held" })],
    ["a reason though imported", changed({ reason: "bad-zstd" })],
    ["three people", changed({ people: "three" })],
    ["1,001 exceptions", changed({ exceptions: Array(1001).fill(payload.exceptions[0]) })],
    [
      "an exception that was imported",
      changed({ exceptions: [{ ...payload.exceptions[0], verdict: "imported" }] }),
    ],
    [
      "a duplicate with a reason",
      changed({ exceptions: [{ ...payload.exceptions[0], reason: "conflict" }] }),
    ],
    [
      "a quarantined line without a reason",
      changed({ exceptions: [{ ...payload.exceptions[1], reason: null }] }),
    ],
    ["line 0", changed({ exceptions: [{ ...payload.exceptions[0], line: 0 }] })],
    ["a part out of form", changed({ exceptions: [{ ...payload.exceptions[0], part: "/etc/x" }] })],
  ])("%s is bad-record", (_name, payloadText) => {
    expect(reasonOf(receiptLine(payloadText))).toBe("bad-record");
  });

  test("a page beyond the pages is bad-record, even under its own id", () => {
    const id = "b000012-9f2c4e0d7a615b38.imported.2";
    expect(reasonOf(receiptLine(changed({ page: 2 }), id))).toBe("bad-record");
    expect(reasonOf(receiptLine(changed({ page: 2, pages: 2 }), id))).toBe("ok");
  });

  test("a sequence that is not the batch's is left to the ledger, as receipt-mismatch", () => {
    expect(reasonOf(receiptLine(changed({ sequence: 13 })))).toBe("ok");
  });

  test("an id that is not the payload's is bad-record; a higher revision is not", () => {
    expect(reasonOf(receiptLine(text, "b000012-9f2c4e0d7a615b38.imported.2"))).toBe("bad-record");
    expect(reasonOf(receiptLine(text).replace('"revision":1', '"revision":2'))).toBe("ok");
  });
});

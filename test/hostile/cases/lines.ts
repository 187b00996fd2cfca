import { bodies } from "../../support/bodies.ts";
import { line, requestLine, requestRecord, responseRecord } from "../forge/records.ts";

/** Step 5 and 6: one line each; `reason` null where the line must land. */
export interface HostileLine {
  name: string;
  bytes: Uint8Array;
  reason: string | null | readonly string[];
}

let count = 0;
const nextId = (): string => {
  count += 1;
  return `line-${count}`;
};

const text = (name: string, content: string, reason: HostileLine["reason"]): HostileLine => ({
  name,
  bytes: Buffer.from(content),
  reason,
});
/** A request around a body's exact text. */
const body = (name: string, bodyText: string, reason: HostileLine["reason"]): HostileLine =>
  text(name, requestLine(nextId(), bodyText), reason);
/** A request around a body of raw bytes, given in latin1. */
const rawBody = (name: string, latin1: string, reason: HostileLine["reason"]): HostileLine => ({
  name,
  bytes: Buffer.from(requestLine(nextId(), latin1), "latin1"),
  reason,
});
/** A request with some fields changed. */
const fields = (
  name: string,
  changes: Record<string, unknown>,
  reason: HostileLine["reason"] = "bad-record",
): HostileLine => text(name, line({ ...requestRecord(nextId()), ...changes }), reason);

const mebibyte = 1_048_576;
const envelopeBytes = requestLine("line-00000", "").length;

function ofLength(name: string, bytes: number, reason: HostileLine["reason"]): HostileLine {
  const id = `size-${bytes}`.padEnd(10, "0").slice(0, 10);
  return text(name, requestLine(id, `"${"x".repeat(bytes - envelopeBytes - 2)}"`), reason);
}

const lengths: HostileLine[] = [
  ofLength("a line of exactly 1 MiB lands", mebibyte, null),
  ofLength("a line one byte above 1 MiB", mebibyte + 1, "line-too-long"),
  { name: "3 MiB of one byte", bytes: Buffer.alloc(3 * mebibyte, "x"), reason: "line-too-long" },
  {
    name: "2 MiB of broken UTF-8 is too long first",
    bytes: Buffer.alloc(2 * mebibyte, 0xff),
    reason: "line-too-long",
  },
];

const utf8: HostileLine[] = [
  rawBody("a lone continuation byte", '"\x80"', "bad-utf8"),
  rawBody("an overlong slash", '"\xc0\xaf"', "bad-utf8"),
  rawBody("an overlong NUL", '"\xc0\x80"', "bad-utf8"),
  rawBody("a surrogate in UTF-8", '"\xed\xa0\x80"', "bad-utf8"),
  rawBody("above U+10FFFF", '"\xf4\x90\x80\x80"', "bad-utf8"),
  rawBody("a sequence cut short", '"\xe2\x82"', "bad-utf8"),
  rawBody("0xFF", '"\xff"', "bad-utf8"),
  { name: "UTF-16", bytes: Buffer.from(requestLine(nextId()), "utf16le"), reason: ["bad-utf8", "nul"] },
  rawBody("broken UTF-8 comes before NUL", '"\xff\\u0000"', "bad-utf8"),
];

const nul: HostileLine[] = [
  rawBody("a raw NUL", '"\0"', "nul"),
  body("an escaped NUL", '"\\u0000"', "nul"),
  body("an escaped NUL in a key", '{"a\\u0000b":1}', "nul"),
  body("an escaped NUL behind an escaped backslash", '"\\\\\\u0000"', "nul"),
  body("an escaped backslash before u0000 is no NUL", '"\\\\u0000"', null),
  { name: "NUL comes before JSON", bytes: Buffer.from("no\0json"), reason: "nul" },
  { name: "a line of NULs", bytes: Buffer.alloc(100), reason: "nul" },
];

const json: HostileLine[] = [
  text("an empty line", "", "bad-json"),
  text("white space", "   ", "bad-json"),
  text("CRLF at the end", `${requestLine(nextId())}\r`, "bad-json"),
  text("a byte order mark in front", `\uFEFF${requestLine(nextId())}`, "bad-json"),
  text("a space in front", ` ${requestLine(nextId())}`, "bad-json"),
  text("a space behind", `${requestLine(nextId())} `, "bad-json"),
  text("a list", `[${requestLine(nextId())}]`, "bad-json"),
  text("a string", '"request"', "bad-json"),
  text("a number", "1", "bad-json"),
  text("null", "null", "bad-json"),
  text("two objects", requestLine(nextId()) + requestLine(nextId()), "bad-json"),
  text("half an object", '{"type":"request"', "bad-json"),
  text("braces alone", "{}}", "bad-json"),
  body("a trailing comma", "[1,]", "bad-json"),
  body("NaN", "NaN", "bad-json"),
  body("Infinity", "-Infinity", "bad-json"),
  body("single quotes", "'a'", "bad-json"),
  body("a comment", "1/* one */", "bad-json"),
  body("a leading zero", "007", "bad-json"),
  body("a plus sign", "+1", "bad-json"),
  body("a bare point", ".5", "bad-json"),
  body("hexadecimal", "0x10", "bad-json"),
  body("a control character", '"\u0001"', "bad-json"),
  body("a tab in a string", '"\t"', "bad-json"),
  body("an unknown escape", '"\\x41"', "bad-json"),
  body("a half escape", '"\\u00g0"', "bad-json"),
  body("nothing", "", "bad-json"),
  body("a megabyte of escaped quotes lands", `"${'\\"'.repeat(500_000)}"`, null),
  body("half a megabyte of escaped quotes that never end", `"${'\\"'.repeat(250_000)}`, "bad-json"),
  body("a bare CR between tokens lands", "[1,\r2]", null),
  body("line and paragraph separators land", '"\u2028\u2029"', null),
  body("white space within lands", " [ 1 ,\t2 ] ", null),
];

const keys: HostileLine[] = [
  text("a key twice", requestLine(nextId()).replace(/\}$/, ',"kind":"echo"}'), "duplicate-key"),
  text("the type twice", requestLine(nextId()).replace("{", '{"type":"receipt",'), "duplicate-key"),
  body("a key twice in the body", '{"a":1,"a":1}', "duplicate-key"),
  body("a key twice, once escaped", '{"a":1,"\\u0061":2}', "duplicate-key"),
  body("a key twice, deep", '[[{"x":{"y":1,"y":2}}]]', "duplicate-key"),
  body("the empty key twice", '{"":1,"":2}', "duplicate-key"),
  body("a number as a key twice", '{"1":1,"1":2}', "duplicate-key"),
  body("a pair escaped and not", '{"\\ud83d\\ude00":1,"😀":2}', "duplicate-key"),
  body("a key twice that also is forbidden", '{"__proto__":1,"__proto__":2}', "duplicate-key"),
  body("one key in two objects lands", '[{"a":1},{"a":2}]', null),
  body("normalisation twins land", '{"caf\u00e9":1,"cafe\u0301":2}', null),
  body("case twins land", '{"a":1,"A":2}', null),
  body(
    "hash-colliding looking keys land",
    `{${Array.from({ length: 500 }, (_, i) => `"k${i * 65_536}":1`).join(",")}}`,
    null,
  ),
  body("__proto__", '{"__proto__":{"admin":true}}', "forbidden-key"),
  body("__proto__ escaped", '{"\\u005f_proto__":1}', "forbidden-key"),
  body("__proto__ deep", '[[[{"a":{"__proto__":null}}]]]', "forbidden-key"),
  text("__proto__ at the top", requestLine(nextId()).replace("{", '{"__proto__":1,'), "forbidden-key"),
  body("constructor and prototype land", '{"constructor":{"prototype":{"x":1}}}', null),
  body("__proto__ as a value lands", '["__proto__"]', null),
];

const surrogates: HostileLine[] = [
  body("a lone high surrogate", '"\\ud800"', "lone-surrogate"),
  body("a lone low surrogate", '"\\udc00"', "lone-surrogate"),
  body("a pair the wrong way round", '"\\udc00\\ud800"', "lone-surrogate"),
  body("a high one before a letter", '"\\ud800a"', "lone-surrogate"),
  body("two high ones", '"\\ud800\\ud800\\udc00"', "lone-surrogate"),
  body("a lone surrogate in a key", '{"\\uD800":1}', "lone-surrogate"),
  body("a pair lands", '"\\ud83d\\ude80"', null),
  body("an escaped backslash before ud800 lands", '"\\\\ud800"', null),
];

const depth = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
const members = (total: number): string =>
  `{${Array.from({ length: total - 7 }, (_, index) => `"${index}a":0`).join(",")}}`;

const limits: HostileLine[] = [
  body("63 levels in the body land, the record being one", depth(63), null),
  body("64 levels in the body", depth(64), "too-deep"),
  body("500,000 levels", depth(500_000), "too-deep"),
  body("objects 64 deep", `${'{"a":'.repeat(64)}1${"}".repeat(64)}`, "too-deep"),
  body("exactly 10,000 members land", members(10_000), null),
  body("10,001 members", members(10_001), "too-many-keys"),
  body("100,000 empty objects land", `[${Array.from({ length: 100_000 }, () => "{}").join(",")}]`, null),
  body("too deep comes before too many", `[${depth(64)},${members(10_001)}]`, "too-deep"),
];

const numbers: HostileLine[] = [
  body("1e400", "1e400", "bad-number"),
  body("-1e400", "-1e400", "bad-number"),
  body("1e309 in a list", "[1,1e309]", "bad-number"),
  body("400 digits", "9".repeat(400), "bad-number"),
  body("the largest double lands", "1.7976931348623157e308", null),
  body("an integer above 2^53 lands, digit by digit", "9007199254740993", null),
  body("minus zero lands", "-0", null),
  body("many decimals land", "0.1000000000000000055511151231257827021181583404541015625", null),
];

const types: HostileLine[] = [
  ...["exploit", "Request", "", "constructor", "toString", "batch"].map((type) =>
    fields(`the type ${JSON.stringify(type)}`, { type }, "unknown-type"),
  ),
  text("an unknown type with fields of its own", '{"type":"hologram","x":1}', ["unknown-type", "bad-record"]),
  text("no type", '{"id":"x-1"}', ["unknown-type", "bad-record"]),
  text("an empty object", "{}", ["unknown-type", "bad-record"]),
  fields("a type that is no string", { type: 1 }, ["unknown-type", "bad-record"]),
];

const without = (field: string): HostileLine => {
  const record = requestRecord(nextId());
  delete record[field];
  return text(`no ${field}`, line(record), "bad-record");
};

const records: HostileLine[] = [
  ...["id", "revision", "createdAt", "kind", "user", "body"].map(without),
  fields("an unknown field", { extra: 1 }),
  fields("an origin of its own", { origin: "0".repeat(32) }),
  ...["", "R-1", "-r", ".r", "../r", "r/1", "r 1", "r".repeat(65), "ré", 1, null, ["r-1"]].map((id) =>
    fields(`the id ${JSON.stringify(id).slice(0, 20)}`, { id }),
  ),
  ...[0, 2, -1, 1.5, "1", null].map((revision) =>
    fields(`the revision ${JSON.stringify(revision)}`, { revision }),
  ),
  text("the revision 1.0", requestLine(nextId()).replace('"revision":1', '"revision":1.0'), "bad-record"),
  text("the revision 1e0", requestLine(nextId()).replace('"revision":1', '"revision":1e0'), "bad-record"),
  ...["yesterday", "2026-11-21", "2026-11-21T08:00:00.000+01:00", 0].map((createdAt) =>
    fields(`created ${JSON.stringify(createdAt)}`, { createdAt }),
  ),
  ...["Echo", "1echo", "", "e".repeat(33), "echo;rm", "../echo", 1].map((kind) =>
    fields(`the kind ${JSON.stringify(kind)}`, { kind }),
  ),
  ...["Alice", "", "-a", "a".repeat(65), "alice\n", "=cmd", 1].map((user) =>
    fields(`the user ${JSON.stringify(user).slice(0, 20)}`, { user }),
  ),
  text("a response from the side that asks", line(responseRecord(nextId(), "r-1")), "wrong-direction"),
  text(
    "a malformed response from the side that asks is malformed first",
    line({ ...responseRecord(nextId(), "r-1"), extra: 1 }),
    "bad-record",
  ),
];

const strings: HostileLine[] = bodies.map((content, index) =>
  body(`sample body ${index + 1} lands`, content, null),
);

const screen: HostileLine[] = [
  body("markup lands as text", '"<img src=x onerror=alert(1)><script>1</script>"', null),
  body("a script link lands as text", '"javascript:alert(1)"', null),
  body("terminal escapes land as text", '"\\u001b]0;owned\\u0007\\u001b[2J"', null),
  body("a spreadsheet formula lands as text", "\"=cmd|' /C calc'!A0\"", null),
  body("right-to-left overrides land as text", '"\u202Egnp.exe"', null),
  body("stacked accents land as text", `"Z${"\u0351".repeat(2000)}"`, null),
  body("a family emoji lands as text", '"👩‍👩‍👧‍👦"', null),
  body("a UNC path lands as text", '"\\\\\\\\host\\\\share"', null),
  body("one word of a megabyte lands as text", `"${"w".repeat(1_000_000)}"`, null),
];

export const hostileLines: readonly HostileLine[] = [
  ...lengths,
  ...utf8,
  ...nul,
  ...json,
  ...keys,
  ...surrogates,
  ...limits,
  ...numbers,
  ...types,
  ...records,
  ...strings,
  ...screen,
];

/** The exact text of the body of a line that lands, without white space around it. */
export function bodyOf(bytes: Uint8Array): string {
  const content = Buffer.from(bytes).toString();
  return content.slice(content.indexOf('"body":') + 7, -1).trim();
}
/** The id of a line that lands. */
export function idOf(bytes: Uint8Array): string {
  return /"id":"([^"]+)"/.exec(Buffer.from(bytes).toString("utf8", 0, 200))?.[1] ?? "";
}

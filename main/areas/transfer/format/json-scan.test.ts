import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { scanJson } from "./json-scan.ts";

const scan = (text: string) => scanJson(Buffer.from(text));

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Depth and members of a parsed value, counted the slow way. */
function measure(value: unknown): { depth: number; members: number } {
  if (typeof value !== "object" || value === null) return { depth: 0, members: 0 };
  const inner = Object.values(value).map(measure);
  return {
    depth: 1 + Math.max(0, ...inner.map((each) => each.depth)),
    members:
      (Array.isArray(value) ? 0 : Object.keys(value).length) +
      inner.reduce((sum, each) => sum + each.members, 0),
  };
}

describe("what is JSON", () => {
  test("every value that JSON.stringify writes, with depth and members as counted", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 1, "\t"), (value, indent) => {
        const found = scan(JSON.stringify(value, null, indent));
        expect(found).toMatchObject({ isJson: true, hasDuplicateKey: false, ...measure(value) });
      }),
    );
  });

  test("exactly what JSON.parse takes, for texts changed anywhere", () => {
    const character = fc.constantFrom(
      ...Array.from('{}[]:,"\\ \n\t0123456789-+.eEtruefalsn/bu\u00e9\u{1f600}x\u0001'),
    );
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.nat(),
        fc.nat(3),
        fc.array(character, { maxLength: 3 }),
        (value, at, drop, add) => {
          const text = JSON.stringify(value);
          const start = at % (text.length + 1);
          const changed = (text.slice(0, start) + add.join("") + text.slice(start + drop)).toWellFormed();
          expect([changed, scan(changed).isJson]).toEqual([changed, parses(changed)]);
        },
      ),
      { numRuns: 20_000 },
    );
  });

  test("exactly what JSON.parse takes, for short soups of JSON characters", () => {
    const token = fc.constantFrom(
      ...Array.from('{}[]:,"\\-0123e.E+ '),
      "true",
      "false",
      "null",
      '"a"',
      "\\u",
      "d800",
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 8 }), (tokens) => {
        const text = tokens.join("");
        expect([text, scan(text).isJson]).toEqual([text, parses(text)]);
      }),
      { numRuns: 20_000 },
    );
  });

  test.each([
    "",
    " ",
    "\ufeff{}",
    "{} {}",
    "{}x",
    "NaN",
    "01",
    "1.",
    ".5",
    "+1",
    "'a'",
    "[1,]",
    '{"a":1,}',
    "{a:1}",
    '"\t"',
    '"\\x41"',
    "\u00a01",
    "tru",
    '"a',
    "{",
    "[",
    '{"a"',
    '{"a":',
  ])("not %j", (text) => {
    expect(scan(text).isJson).toBe(false);
  });
});

describe("what JSON.parse hides", () => {
  test.each([
    ['{"a":1,"a":2}', true],
    ['{"a":1,"\\u0061":2}', true],
    ['{"\\u0061":1,"a":2}', true],
    ['{"x":[{"b":1},{"b":2}],"b":3}', false],
    ['{"x":{"b":{"c":1,"d":2,"c":3}}}', true],
    ['{"":1,"":2}', true],
    ['{"a":1,"b":1,"A":1}', false],
    ['{"\\ud800":1,"\\ud801":2}', false],
    ['{"\u00e9":1,"e\u0301":2}', false],
    ['{"\u00e9":1,"\\u00e9":2}', true],
  ])("a key given twice in %j: %s", (text, expected) => {
    expect(scan(text)).toMatchObject({ isJson: true, hasDuplicateKey: expected });
  });

  test("a key given twice is found among any number of keys", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 60 }),
        fc.nat(),
        fc.boolean(),
        (keys, at, twice) => {
          const all = twice ? [...keys, keys[at % keys.length] ?? ""] : keys;
          const text = `{${all.map((key) => `${JSON.stringify(key)}:0`).join(",")}}`;
          expect(scan(text).hasDuplicateKey).toBe(twice);
        },
      ),
    );
  });

  test("keys whose hashes meet are still told apart", () => {
    // "Aa" and "BB" have one hash under multiplication by 31.
    expect(scan('{"Aa":1,"BB":2}').hasDuplicateKey).toBe(false);
  });

  test.each(['{"__proto__":1}', '{"a":[{"__pr\\u006fto__":1}]}'])("the key of %j", (text) => {
    expect(scan(text).hasProtoKey).toBe(true);
  });

  test("a value of __proto__ is only text", () => {
    expect(scan('{"a":"__proto__","__prota__":1}').hasProtoKey).toBe(false);
  });

  test.each([
    ['"\\ud83d\\ude00"', false],
    ['"\\ud83d"', true],
    ['"\\ude00"', true],
    ['"\\ude00\\ud83d"', true],
    ['"\\ud83dx\\ude00"', true],
    ['"\\ud83d\\n\\ude00"', true],
    ['"\\ud83d\\ud83d\\ude00"', true],
    ['"\\ud83d\\u0041"', true],
    ['"\u{1f600}"', false],
  ])("half of a character pair in %j: %s", (text, expected) => {
    expect(scan(text)).toMatchObject({ isJson: true, hasLoneSurrogate: expected });
  });

  test.each([
    ['"\\u0000"', true],
    ['"\\\\u0000"', false],
    ['{"\\u0000":1}', true],
  ])("a NUL in %j: %s", (text, expected) => {
    expect(scan(text)).toMatchObject({ isJson: true, hasEscapedNul: expected });
  });

  test.each([
    ["1e400", true],
    ["-1e400", true],
    ["1e308", false],
    ["1e-400", false],
    ["9".repeat(400), true],
    [`0.${"9".repeat(400)}`, false],
    ["9".repeat(308), false],
  ])("a number beyond a double: %s %s", (text, expected) => {
    expect(scan(text)).toMatchObject({ isJson: true, hasHugeNumber: expected });
  });

  test.each([
    ["0", false],
    ["9007199254740991", false],
    ["9007199254740992", true],
    ["10000000000000000", true],
    ["-1", true],
    ["-0", true],
    ["1.0", true],
    ["1e1", true],
  ])("a number that is no plain integer: %s %s", (text, expected) => {
    expect(scan(text).hasUnplainNumber).toBe(expected);
  });
});

test("the outermost members are found with the bytes of their values", () => {
  const text = '{ "a" : [1, {"a":2}] ,"\\u0062":"x\u00e9"  ,"c":{},"d": 1e3 }';
  const bytes = Buffer.from(text);
  const values = scanJson(bytes).top.map(({ keyFrom, keyTo, from, to }) => [
    JSON.parse(bytes.toString("utf8", keyFrom, keyTo)),
    bytes.toString("utf8", from, to),
  ]);
  expect(values).toEqual([
    ["a", '[1, {"a":2}]'],
    ["b", '"x\u00e9"'],
    ["c", "{}"],
    ["d", "1e3"],
  ]);
  expect(scan("[1]").top).toEqual([]);
});

test("a million levels and a million escapes end, and are counted", () => {
  const deep = scan("[".repeat(1_000_000) + "]".repeat(1_000_000));
  expect(deep).toMatchObject({ isJson: true, depth: 1_000_000 });
  expect(scan("[".repeat(1_000_000)).isJson).toBe(false);
  expect(scan(`"${'\\"'.repeat(1_000_000)}"`).isJson).toBe(true);
  expect(scan('{"a":'.repeat(200_000))).toMatchObject({ isJson: false, members: 200_000 });
});

test("a scan gives up where it is told to, before it takes memory", () => {
  const stop = { depth: 3, values: 5, textBytes: 4 };
  const scanTo = (text: string) => scanJson(Buffer.from(text), stop).isJson;
  expect(scanTo("[[[]]]")).toBe(true);
  expect(scanTo("[[[[]]]]")).toBe(false);
  expect(scanTo("[1,2,3,4]")).toBe(true);
  expect(scanTo("[1,2,3,4,5]")).toBe(false);
  expect(scanTo('["abc"]')).toBe(true);
  expect(scanTo('["abcd"]')).toBe(false);
});

test("keys of an outer object are still known after inner ones have closed", () => {
  expect(scan('{"a":{"b":{"c":1}},"b":{"a":1},"c":2}').hasDuplicateKey).toBe(false);
  expect(scan('{"a":{"b":{"c":1}},"b":{"a":1},"a":2}').hasDuplicateKey).toBe(true);
  expect(scan('{"a":{"\\u0062":{"c":1}},"b":{"a":1},"a":2}').hasDuplicateKey).toBe(true);
  expect(scan('{"\\u0061":{"\\u0062":1},"b":{"\\u0062":1}}').hasDuplicateKey).toBe(false);
});

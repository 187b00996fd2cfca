import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { indexExpression } from "./match.ts";
import { parseQuery, type Query } from "./query.ts";

const now = new Date("2026-11-21T15:04:05.678Z");
const parse = (text: string): Query => parseQuery(text, now);
const plain = (field: string | null, words: string[], not = false) => ({
  field,
  phrases: [{ words, prefix: false }],
  not,
});

describe("a search line", () => {
  test("of words, phrases and fields is read as such", () => {
    expect(parse('batch "sealed for high" actor:ada -outcome:refused').terms).toEqual([
      plain(null, ["batch"]),
      plain(null, ["sealed", "for", "high"]),
      plain("actor", ["ada"]),
      plain("outcome", ["refused"], true),
    ]);
  });

  test("takes alternatives, prefixes, quoted values and the names of details", () => {
    expect(parse('outcome:refused,failed sha256:ab* object:"a, b" Peer:high').terms).toEqual([
      {
        field: "outcome",
        phrases: [
          { words: ["refused"], prefix: false },
          { words: ["failed"], prefix: false },
        ],
        not: false,
      },
      { field: "sha256", phrases: [{ words: ["ab"], prefix: true }], not: false },
      plain("object", ["a", "b"]),
      plain("Peer", ["high"]),
    ]);
  });

  test.each([
    ["seq:7", { from: 7, to: 7 }],
    ["seq:7..9", { from: 7, to: 9 }],
    ["seq:7..", { from: 7 }],
    ["seq:..9 seq:3..", { from: 3, to: 9 }],
    ["since:today", { since: "2026-11-21T00:00:00.000Z" }],
    ["until:yesterday", { until: "2026-11-21T00:00:00.000Z" }],
    ["since:2h", { since: "2026-11-21T13:04:05.678Z" }],
    [
      "since:2026-11-01 until:2026-11-02",
      { since: "2026-11-01T00:00:00.000Z", until: "2026-11-03T00:00:00.000Z" },
    ],
    ["since:2026-11-01T08:30", { since: "2026-11-01T08:30:00.000Z" }],
    ["since:1d since:1h", { since: "2026-11-21T14:04:05.678Z" }],
  ])("%s is a range", (text, expected) => {
    expect(parse(text)).toMatchObject({ ...expected, terms: [], ignored: [] });
  });

  test.each(["seq:x", "since:whenever", "until:2026-99-99", "-since:1d", "***", "actor:*", "since:99999w"])(
    "%s means nothing, and the answer says so",
    (text) => {
      expect(parse(`word ${text}`)).toMatchObject({ ignored: [text], terms: [plain(null, ["word"])] });
    },
  );

  test("an unfinished phrase goes to the end", () => {
    expect(parse('ada "batch sealed').terms).toEqual([
      plain(null, ["ada"]),
      plain(null, ["batch", "sealed"]),
    ]);
  });

  test("no input fails, and nothing typed is syntax of the index", () => {
    const nasty = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc
        .array(
          fc.constantFrom(
            '"',
            "(",
            ")",
            "*",
            "-",
            ":",
            "^",
            "NEAR",
            "OR",
            "NOT",
            "\0",
            "\ud800",
            "a",
            " ",
            "seq:",
            "since:",
            ",",
            "{",
            "actor:",
            "9".repeat(20),
          ),
          { maxLength: 60 },
        )
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(nasty, (text) => {
        const expression = indexExpression(parse(text));
        if (expression === null) return;
        // Outside the quotes there is nothing but our own words.
        const bare = expression.replaceAll(/"[a-z0-9 ]*"/g, "");
        expect(bare).toMatch(/^(?:\(|\)| |\*|OR|AND|:|actor|action|object|outcome|details)*$/);
      }),
      { numRuns: 2000 },
    );
  });
});

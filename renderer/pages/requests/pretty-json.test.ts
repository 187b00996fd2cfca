import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prettyJson } from "./pretty-json.ts";

describe("indented JSON", () => {
  test("means the same as the text it was made from", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(JSON.parse(prettyJson(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  test("keeps digits and escapes as they came", () => {
    const text = '{"n":1.0000000000000000001,"s":"\\u0041\\/ , : {"}';
    expect(prettyJson(text)).toBe('{\n  "n": 1.0000000000000000001,\n  "s": "\\u0041\\/ , : {"\n}');
  });

  test("empty objects and arrays stay on their line", () => {
    expect(prettyJson('{"a":[ ],"b":{}}')).toBe('{\n  "a": [],\n  "b": {}\n}');
  });

  test("a text that ends inside a string comes back untouched", () => {
    expect(prettyJson('{"a":"b')).toBe('{"a":"b');
  });
});

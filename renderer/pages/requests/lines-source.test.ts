import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutText, firstBadLine } from "./lines-source.ts";

describe("a text that is handed over in pieces", () => {
  test("is the same text again, and no piece cuts a character in two", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 200 }),
        fc.integer({ min: 2, max: 9 }),
        (text, size) => {
          const whole = text.toWellFormed();
          const pieces = cutText(whole, size);
          expect(pieces.join("")).toBe(whole);
          expect(pieces.every((piece) => piece.isWellFormed() && piece.length <= size)).toBe(true);
        },
      ),
    );
  });
});

describe("lines before they are submitted", () => {
  test("the first line that is not JSON is named by its number", () => {
    expect(firstBadLine('{"a":1}\n\n[2]\nthree\n')).toBe(4);
  });

  test("any JSON value is a body", () => {
    expect(firstBadLine('null\n"text"\n1e5\n')).toBeNull();
  });
});

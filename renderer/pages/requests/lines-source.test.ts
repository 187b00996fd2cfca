import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutText, decodeUtf8, firstBadLine } from "./lines-source.ts";

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

describe("a file that is read in the page", () => {
  test("keeps every character, a byte order mark too", () => {
    expect(decodeUtf8(Buffer.from([0xef, 0xbb, 0xbf, 0x31]))).toBe("\ufeff1");
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        (text) => decodeUtf8(new TextEncoder().encode(text)) === text,
      ),
    );
  });

  test("is refused whole when a byte is broken, not mended", () => {
    expect(decodeUtf8(Uint8Array.of(0x22, 0xff, 0x22))).toBeNull();
  });
});

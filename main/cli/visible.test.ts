import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { visible, visibleLines } from "./visible.ts";

describe("text from outside, on a terminal", () => {
  test.each([
    ["an escape sequence that clears the screen", "\u001b[2J", "\\u001b[2J"],
    ["a one-byte control sequence introducer", "\u009b31m", "\\u009b31m"],
    ["a carriage return that rewrites the line", "refused\rimported", "refused\\u000dimported"],
    ["a line feed that forges a second line", "a\nb", "a\\u000ab"],
    ["a mark that reverses what follows", "exe\u202efdp", "exe\\u202efdp"],
    ["an isolate", "\u2066x\u2069", "\\u2066x\\u2069"],
    ["a zero-width joiner", "a\u200db", "a\\u200db"],
    ["a bell", "\u0007", "\\u0007"],
    ["half a surrogate pair", "\ud800", "\\ud800"],
  ])("shows %s and doesn't obey it", (_what, text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  test("leaves words of any language as they are", () => {
    for (const text of ["plain", "Grüße", "北京", "שלום", "🚪"]) expect(visible(text)).toBe(text);
  });

  test("never lets a control through, whatever comes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        // eslint-disable-next-line no-control-regex -- the controls that must be gone
        expect(visible(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });

  test("keeps the lines and tabs of a body, and nothing else that acts", () => {
    expect(visibleLines("a\tb\r\nc\u001b[m")).toEqual(["a\tb\\u000d", "c\\u001b[m"]);
  });
});

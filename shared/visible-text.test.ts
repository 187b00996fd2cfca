import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countMarks, visibleRuns } from "./visible-text.ts";

const shown = (text: string): string =>
  visibleRuns(text)
    .map((run) => (run.kind === "text" ? run.text : `[${run.name}]`))
    .join("");

describe("text from outside", () => {
  test("bidirectional overrides are boxed, not obeyed", () => {
    expect(shown("Invalid user \u202eretsambew\u202c")).toBe("Invalid user [U+202E]retsambew[U+202C]");
  });

  test("controls, zero-width characters, lone surrogates and tags are boxed", () => {
    expect(shown("a\u0007b\u009bc\u200bd\ud800e\u{e0041}f")).toBe(
      "a[U+0007]b[U+009B]c[U+200B]d[U+D800]e[U+E0041]f",
    );
  });

  test("letters of every script and emoji stay themselves", () => {
    expect(shown("Zürich 東京 עברית 🚪")).toBe("Zürich 東京 עברית 🚪");
  });

  test("nothing is lost: runs spell the text, marks included", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const spelled = visibleRuns(text)
          .map((run) =>
            run.kind === "text" ? run.text : String.fromCodePoint(Number.parseInt(run.name.slice(2), 16)),
          )
          .join("");
        expect(spelled).toBe(text);
      }),
    );
  });

  test("a kept tab is not a mark", () => {
    expect(countMarks("a\tb\u0000", "\t")).toBe(1);
  });
});

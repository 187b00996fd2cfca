import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { faultOfLine, readShareLines, shareLetters, writeShareLines } from "./share-lines.ts";

const bytes = fc.uint8Array({ minLength: 1, maxLength: 110 });

/** Another letter in one place of one line. */
const wrongLetter = fc.record({
  bytes,
  line: fc.nat(),
  place: fc.nat(),
  by: fc.integer({ min: 1, max: 31 }),
});

describe("lines of letters", () => {
  test("any bytes come back, however the lines are typed", () => {
    fc.assert(
      fc.property(bytes, fc.boolean(), (given, onOneLine) => {
        const lines = writeShareLines(given);
        const typed = onOneLine
          ? lines.join("").toLowerCase()
          : lines
              .map((line, index) => `${index + 1}: ${line.replaceAll("0", "o").replaceAll("1", "l")}`)
              .join("\r\n");
        expect(readShareLines(`SALLYPORT RECOVERY SHARE\n${typed}\n`)).toEqual({
          bytes: new Uint8Array(given),
          fault: null,
        });
      }),
    );
  });

  test("one wrong letter is found in its line", () => {
    fc.assert(
      fc.property(wrongLetter, ({ bytes: given, line, place, by }) => {
        const lines = writeShareLines(given).map((one) => one.replaceAll(" ", ""));
        const at = line % lines.length;
        const chosen = lines[at] ?? "";
        const index = place % chosen.length;
        const letter = shareLetters[(shareLetters.indexOf(chosen[index] ?? "") + by) % 32] ?? "";
        lines[at] = chosen.slice(0, index) + letter + chosen.slice(index + 1);
        expect(readShareLines(lines.join("\n"))).toEqual({ fault: { line: at + 1, why: "check" } });
      }),
    );
  });

  test("two neighbours that changed places are found, and so are lines that did", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 34, maxLength: 34 }), fc.nat(18), (given, place) => {
        const lines = writeShareLines(given).map((one) => one.replaceAll(" ", ""));
        const [first = "", second = ""] = lines;
        const swapped =
          first.slice(0, place) +
          first
            .slice(place, place + 2)
            .split("")
            .toReversed()
            .join("") +
          first.slice(place + 2);
        fc.pre(swapped !== first && first !== second);
        expect(readShareLines([swapped, ...lines.slice(1)].join("\n"))).toEqual({
          fault: { line: 1, why: "check" },
        });
        expect(readShareLines([second, first, ...lines.slice(2)].join("\n")).fault?.line).toBeGreaterThan(0);
      }),
    );
  });

  test("a line too short, too long or with a letter that is none is named", () => {
    const lines = writeShareLines(Uint8Array.from({ length: 40 }, (_none, index) => index));
    const [first = "", ...rest] = lines;
    expect(readShareLines([first.slice(0, -1), ...rest].join("\n"))).toEqual({
      fault: { line: 1, why: "length" },
    });
    expect(readShareLines([`${first}A`, ...rest].join("\n"))).toEqual({ fault: { line: 1, why: "length" } });
    expect(readShareLines([first.replace(/^./, "U"), ...rest].join("\n"))).toEqual({
      fault: { line: 1, why: "letter" },
    });
    expect(readShareLines("")).toEqual({ fault: { line: 1, why: "length" } });
    expect(faultOfLine(lines[1] ?? "", 2, false)).toBeNull();
    expect(faultOfLine(lines[1] ?? "", 3, false)).toBe("check");
  });
});

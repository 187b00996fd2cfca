import fc from "fast-check";
import { expect, test } from "vitest";
import { eventLeaf } from "../../station/audit/event.ts";
import { cell, csvRow } from "./csv.ts";

test.each(["=1+1", "+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\t=1", " =1", "\r=1", "|x", "%x", "＝1"])(
  "%j is text to a spreadsheet",
  (text) => {
    expect(cell(text).replace(/^"/, "").startsWith("'")).toBe(true);
  },
);

test.each(["a;=1", "a; =1", 'a;"=1', "a\t@x", "a|＝1"])(
  "%j is text where cells are parted at other signs than the comma",
  (text) => {
    // As a spreadsheet reads it whose list separator is that sign: quotes inside a cell mean nothing there.
    for (const part of cell(text).split(/[;\t|]/)) expect(part).not.toMatch(/^["\s]*[=+\-@%＝]/u);
  },
);

test("any event is one row of seven cells, whatever it holds", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 40 }).filter((value) => !value.includes("\0"));
  fc.assert(
    fc.property(text, text, (object, detail) => {
      const row = csvRow(
        eventLeaf({
          sequence: 7,
          at: "2026-11-21T08:00:00.000Z",
          actor: "ada",
          action: "test.happened",
          object,
          outcome: "done",
          details: { detail },
        }),
      );
      expect(row.endsWith("\r\n")).toBe(true);
      expect(cellsOf(row.slice(0, -2))).toHaveLength(7);
    }),
  );
});

/** RFC 4180, read by the book. */
function cellsOf(line: string): string[] {
  const cells = line.match(/(?:^|,)(?:"(?:[^"]|"")*"|[^",\r\n]*)/g) ?? [];
  expect(cells.join("")).toBe(line);
  return cells;
}

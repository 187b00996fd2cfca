import { describe, expect, test } from "vitest";
import { drawQr } from "./qr.ts";
import { linesOfFile, sheetCode, writeSheet, type RecoverySheet } from "./recovery-sheet.ts";
import { readShareLines, writeShareLines } from "./share-lines.ts";

const bytes = Uint8Array.from({ length: 73 }, (_none, at) => at * 11);
const sheet: RecoverySheet = {
  station: { station: "0123456789abcdef0123456789abcdef", name: "low", side: "request" },
  set: { number: 2, id: "ff".repeat(16), threshold: 2, shares: 3, madeAt: "2026-11-21T08:00:00.000Z" },
  share: 3,
  lines: writeShareLines(bytes),
};

describe("a printed sheet", () => {
  test("gives its share back as a file, and as what a camera reads", () => {
    const html = writeSheet(sheet);
    expect(readShareLines(linesOfFile(html))).toEqual({ bytes, fault: null });
    expect(html).toContain(drawQr(sheetCode(sheet.lines)).path);
    expect(readShareLines(sheetCode(sheet.lines))).toEqual({ bytes, fault: null });
  });

  test("says which share it is, of what, and fetches nothing", () => {
    const html = writeSheet(sheet);
    for (const fact of ["Recovery share 3 of 3", "any 2 of 3", sheet.station.station, sheet.set.id]) {
      expect(html).toContain(fact);
    }
    expect(html).not.toMatch(/https?:|<script|<link|src=|url\(/);
  });

  test("keeps what it is given as text", () => {
    const named = { ...sheet, station: { ...sheet.station, name: '<b onload="x">&' } };
    expect(writeSheet(named)).not.toContain("<b onload");
  });

  test("that is no sheet is taken as the lines themselves", () => {
    expect(linesOfFile(sheet.lines.join("\n"))).toBe(sheet.lines.join("\n"));
  });
});

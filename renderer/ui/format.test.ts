import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  groupDigest,
  shortenFingerprint,
  shortenHash,
  timeParts,
} from "./format.ts";

describe("numbers are written so that they can be read aloud", () => {
  test("counts are grouped by a narrow no-break space", () => {
    expect(formatCount(1_290_831_399)).toBe("1\u202f290\u202f831\u202f399");
    expect(formatCount(999)).toBe("999");
  });

  test("a grouped count always reads back as the number", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        expect(Number(formatCount(value).replaceAll("\u202f", ""))).toBe(value);
      }),
    );
  });

  test("sizes are binary with three figures", () => {
    expect(formatBytes(0)).toBe("0 B");
    expect(formatBytes(1023)).toBe("1023 B");
    expect(formatBytes(4.67 * 2 ** 30)).toBe("4.67 GiB");
    expect(formatBytes(61.2 * 2 ** 30)).toBe("61.2 GiB");
    expect(formatBytes(412 * 2 ** 20)).toBe("412 MiB");
  });

  test("durations have at most two units", () => {
    expect(formatDuration(67)).toBe("1 min 7 s");
    expect(formatDuration(16_380)).toBe("4 h 33 min");
    expect(formatDuration(7200)).toBe("2 h");
  });

  test("a percentage reaches 100 only at the end", () => {
    expect(formatPercent(9_999, 10_000)).toBe("99 %");
    expect(formatPercent(10_000, 10_000)).toBe("100 %");
    expect(formatPercent(0, 0)).toBe("0 %");
  });
});

describe("times and hashes", () => {
  test("UTC is printed as UTC whatever the workstation's zone is", () => {
    expect(timeParts(new Date("2026-11-21T08:05:09.000Z"), "utc")).toEqual({
      day: "21 Nov 2026",
      clock: "08:05:09",
      zone: "UTC",
    });
  });

  test("local time names its offset", () => {
    expect(timeParts(new Date("2026-11-21T08:05:09.000Z"), "local").zone).toMatch(/^UTC[+-]\d\d:\d\d$/);
  });

  test("hashes keep eight and eight, fingerprints eight and four", () => {
    expect(shortenHash("a".repeat(32) + "b".repeat(32))).toBe("aaaaaaaa…bbbbbbbb");
    expect(shortenFingerprint("SHA256:GUkWzck6B9fqjxFLAGSAdQ8p7NRT17rf4d3uKwy72L4")).toEqual({
      prefix: "SHA256:",
      body: "GUkWzck6…72L4",
    });
  });

  test("a digest is grouped by eight without losing a letter", () => {
    const hash = "0123456789abcdef".repeat(4);
    expect(groupDigest(hash)).toHaveLength(8);
    expect(groupDigest(hash).join("")).toBe(hash);
  });
});

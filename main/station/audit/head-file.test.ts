import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readHeadFile, writeHeadFile, type RememberedHead } from "./head-file.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-head-"));
  path = join(folder, "head");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const head = (size: number): RememberedHead => ({
  at: "2026-11-21T08:00:00.000Z",
  text: `origin\n${size}\nroot\n`,
  note: null,
});

test("the last head that was written is read, whichever slot it lies in", () => {
  expect(readHeadFile(path)).toEqual({ state: "missing" });
  for (let size = 1; size <= 5; size += 1) {
    writeHeadFile(path, head(size));
    expect(readHeadFile(path)).toMatchObject({ state: "read", head: head(size) });
  }
});

test("a head that was torn while it was written leaves the one before", () => {
  for (let size = 1; size <= 4; size += 1) writeHeadFile(path, head(size));
  const bytes = readFileSync(path);
  // The fourth write went to the first slot.
  bytes.fill(0, 200, 4096);
  bytes.fill(0, 60, 80);
  writeFileSync(path, bytes);
  expect(readHeadFile(path)).toMatchObject({ state: "read", head: head(3) });
});

test("any damage to both is unreadable, not a head", () => {
  for (let size = 1; size <= 2; size += 1) writeHeadFile(path, head(size));
  const bytes = readFileSync(path);
  for (const at of [70, 4096 + 70]) bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  expect(readHeadFile(path)).toEqual({ state: "unreadable" });
});

test("a head too long for its slot is refused instead of being cut", () => {
  expect(() => writeHeadFile(path, { ...head(1), text: "x".repeat(5000) })).toThrow("too long for its slot");
});

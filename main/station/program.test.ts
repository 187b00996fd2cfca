import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sha256OfProgram } from "./program.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-program-"));
const parts = ["beside", "chunks", "cli", "electron", "preload", "renderer", "serve", "workers"];

beforeAll(() => {
  for (const part of parts) {
    mkdirSync(join(folder, part, "within"), { recursive: true });
    writeFileSync(join(folder, part, "one-B.js"), part);
    writeFileSync(join(folder, part, "within", "a b_2.js"), "two");
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a part that was not packed is passed over", () => {
  const whole = sha256OfProgram(folder);
  rmSync(join(folder, "preload"), { recursive: true });
  expect(sha256OfProgram(folder)).not.toBe(whole);
  mkdirSync(join(folder, "preload", "within"), { recursive: true });
  writeFileSync(join(folder, "preload", "one-B.js"), "preload");
  writeFileSync(join(folder, "preload", "within", "a b_2.js"), "two");
  expect(sha256OfProgram(folder)).toBe(whole);
});

test("stock tools give the same hash, and one byte gives another", () => {
  const stock = (): string =>
    execFileSync(
      "bash",
      [
        "-c",
        `find ${parts.join(" ")} -type f | LC_ALL=C sort | xargs -d '\\n' sha256sum | sha256sum | cut -d' ' -f1`,
      ],
      { cwd: folder, encoding: "utf8" },
    ).trim();
  const before = sha256OfProgram(folder);
  expect(before).toBe(stock());
  appendFileSync(join(folder, "renderer", "within", "a b_2.js"), " ");
  expect(sha256OfProgram(folder)).not.toBe(before);
  expect(sha256OfProgram(folder)).toBe(stock());
});

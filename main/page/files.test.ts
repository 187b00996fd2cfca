import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readPageFiles } from "./files.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "page-"));
  mkdirSync(join(folder, "assets"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the files of the page", () => {
  test("are read once, each under its path and with its type", () => {
    writeFileSync(join(folder, "index.html"), "<p>");
    writeFileSync(join(folder, "assets/a.js"), "1");
    writeFileSync(join(folder, "assets/f.woff2"), "2");
    const files = readPageFiles(folder);
    rmSync(join(folder, "assets"), { recursive: true });
    expect(Object.fromEntries([...files].map(([path, { type }]) => [path, type]))).toEqual({
      "/assets/a.js": "text/javascript; charset=utf-8",
      "/assets/f.woff2": "font/woff2",
      "/index.html": "text/html; charset=utf-8",
    });
    expect(files.get("/assets/a.js")?.bytes.toString()).toBe("1");
  });

  test("are asked for in a sentence when they have not been built", () => {
    expect(() => readPageFiles(join(folder, "nowhere"))).toThrow(/is not built/);
  });

  test("stop the start when one is of a kind nobody knows", () => {
    writeFileSync(join(folder, "index.html"), "<p>");
    writeFileSync(join(folder, "assets/a.exe"), "");
    expect(() => readPageFiles(folder)).toThrow(/no type is known/);
  });

  test("are files alone: a link out of the folder is not followed", () => {
    writeFileSync(join(folder, "index.html"), "<p>");
    symlinkSync("/etc/passwd", join(folder, "assets/a.js"));
    expect([...readPageFiles(folder).keys()]).toEqual(["/index.html"]);
  });
});

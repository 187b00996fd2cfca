import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Refusal } from "../../shared/errors.ts";
import { describeHolder, holdStation, readHolder } from "./hold.ts";
import { stationPaths, type StationPaths } from "./paths.ts";

let folder: string;
let paths: StationPaths;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hold-"));
  paths = stationPaths(folder);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const now = new Date("2026-11-20T08:00:00.000Z");

describe("holding a station", () => {
  test("leaves a note for people, mode 0600, and takes it away again", () => {
    const lock = holdStation(paths, "window", now);
    expect(readHolder(paths)).toMatchObject({
      shell: "window",
      pid: process.pid,
      since: "2026-11-20T08:00:00.000Z",
    });
    expect(statSync(paths.holder).mode & 0o777).toBe(0o600);
    lock.release();
    expect(existsSync(paths.holder)).toBe(false);
  });

  test("is refused to a second one, with the name of the first", () => {
    const lock = holdStation(paths, "window", now);
    const second = (): unknown => holdStation(paths, "serve", now);
    expect(second).toThrow(Refusal);
    expect(second).toThrow(
      new RegExp(`held by window of user .* \\(process ${process.pid}, since 2026-11-20`),
    );
    lock.release();
    holdStation(paths, "serve", now).release();
  });

  test("rests on the kernel's lock alone: a note left by the dead holds nothing", () => {
    holdStation(paths, "window", now).release();
    writeFileSync(paths.holder, JSON.stringify({ shell: "window", pid: 1, since: "x", user: "root" }));
    const lock = holdStation(paths, "command line", now);
    expect(readHolder(paths)?.shell).toBe("command line");
    lock.release();
  });

  test("can be described where the note is missing or damaged", () => {
    expect(readHolder(paths)).toBeUndefined();
    expect(describeHolder(undefined)).toBe("another process that left no note");
  });
});

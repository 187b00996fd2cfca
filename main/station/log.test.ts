import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createLog } from "./log.ts";

let folder: string;
let path: string;
const options = { level: "info", fileMiB: 1 } as const;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "log-"));
  path = join(folder, "logs", "station.log");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lines = (): Record<string, unknown>[] =>
  readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe("the log of faults", () => {
  test("is one JSON object a line, with its time, for its owner alone", () => {
    createLog(path, options).error({ reference: "AB12", operation: "transfer.export" }, "operation failed");
    expect(lines()).toEqual([
      expect.objectContaining({
        level: 50,
        reference: "AB12",
        operation: "transfer.export",
        msg: "operation failed",
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      }),
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("leaves out whatever is not on the list of facts, and says that it did", () => {
    createLog(path, options).warn({ passphrase: "correct horse", body: { a: 1 }, code: "wait" }, "x");
    expect(readFileSync(path, "utf8")).not.toMatch(/horse|"a"/);
    expect(lines()[0]).toMatchObject({ code: "wait", leftOut: ["passphrase", "body"] });
  });

  test("can't be made to hold a second line by what is in a fact", () => {
    createLog(path, options).info({ path: 'x"\n{"level":50,"msg":"forged"}' }, "a\nb");
    expect(lines()).toHaveLength(1);
  });

  test("is quieter where the configuration says so", () => {
    const log = createLog(path, { level: "warn", fileMiB: 1 });
    log.info({}, "small talk");
    expect(existsSync(path)).toBe(false);
    log.warn({}, "worth a line");
    expect(lines()).toHaveLength(1);
  });

  test("is rotated by size and keeps five files", () => {
    const log = createLog(path, options);
    for (let age = 0; age < 7; age += 1) {
      log.info({}, `generation ${age}`);
      writeFileSync(path, `${readFileSync(path, "utf8")}${" ".repeat(1024 * 1024)}`);
    }
    log.info({}, "generation 7");
    expect(readdirSync(join(folder, "logs")).toSorted()).toEqual([
      "station.log",
      "station.log.1",
      "station.log.2",
      "station.log.3",
      "station.log.4",
    ]);
    expect(lines()[0]).toMatchObject({ msg: "generation 7" });
  });

  test("stops nothing when it can't be written", () => {
    writeFileSync(join(folder, "logs"), "a file where the folder should be");
    expect(() => createLog(path, options).error({}, "x")).not.toThrow();
  });
});

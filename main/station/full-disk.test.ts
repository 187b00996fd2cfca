import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { openDespiteFullDisk } from "./full-disk.ts";

const root = mkdtempSync(join(tmpdir(), "full-disk-"));
const paths = { root, reserve: join(root, "reserve") };
afterAll(() => rmSync(root, { recursive: true }));
afterEach(() => rmSync(paths.reserve, { force: true }));

const full = (code: string): Error => Object.assign(new Error(code), { code });

/** Opens at the given try; before that the disk is full. */
function openingAt(success: number, code = "ENOSPC"): () => Promise<string> {
  let tries = 0;
  return () => {
    tries += 1;
    return tries < success ? Promise.reject(full(code)) : Promise.resolve("open");
  };
}

describe("opening a station on a full disk", () => {
  test("leaves the reserve alone when there is room", async () => {
    writeFileSync(paths.reserve, "reserve");
    expect(await openDespiteFullDisk(openingAt(1), paths)).toBe("open");
    expect(existsSync(paths.reserve)).toBe(true);
  });

  test.each(["ENOSPC", "EDQUOT", "SQLITE_FULL"])(
    "gives the reserve up for %s and tries again",
    async (code) => {
      writeFileSync(paths.reserve, "reserve");
      expect(await openDespiteFullDisk(openingAt(2, code), paths)).toBe("open");
      expect(existsSync(paths.reserve)).toBe(false);
    },
  );

  test("says so when even the reserve is not enough", async () => {
    await expect(openDespiteFullDisk(openingAt(3), paths)).rejects.toMatchObject({
      code: "no-room",
      message: expect.stringContaining("Free some space"),
    });
  });

  test("passes every other error on", async () => {
    await expect(openDespiteFullDisk(openingAt(2, "EIO"), paths)).rejects.toMatchObject({ code: "EIO" });
  });
});

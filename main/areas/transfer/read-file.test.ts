import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sha256Hex } from "../../station/crypto/hash.ts";
import { makeLoopMedium, whyNoLoop, type LoopMedium } from "../media/test-loop.ts";
import { readFileTask } from "./read-file.ts";

const folder = mkdtempSync(join(tmpdir(), "read-"));
afterAll(() => rmSync(folder, { recursive: true }));
const all = Number.MAX_SAFE_INTEGER;

describe("reading a file of a medium", () => {
  test("gives size and hash of what it holds, also of nothing", () => {
    for (const size of [0, 1, 4096, 5_000_000]) {
      const bytes = Buffer.alloc(size, 7);
      writeFileSync(join(folder, "file"), bytes);
      const read = readFileTask({ path: join(folder, "file"), direct: false, limitBytes: all });
      expect(read).toMatchObject({ bytes: size, sha256: sha256Hex(bytes) });
    }
  });

  test("stops behind the size that is expected", () => {
    writeFileSync(join(folder, "long"), Buffer.alloc(10_000_000));
    const { bytes } = readFileTask({ path: join(folder, "long"), direct: false, limitBytes: 10 });
    expect(bytes).toBeGreaterThan(10);
    expect(bytes).toBeLessThan(5_000_000);
  });

  test("follows no link, and a FIFO does not hang it", () => {
    symlinkSync("/etc/hostname", join(folder, "link"));
    expect(() => readFileTask({ path: join(folder, "link"), direct: false, limitBytes: all })).toThrow(
      "ELOOP",
    );
    execFileSync("mkfifo", [join(folder, "fifo")]);
    expect(() => readFileTask({ path: join(folder, "fifo"), direct: false, limitBytes: all })).toThrow(
      "not a regular file",
    );
  });
});

const noLoop = whyNoLoop();
if (noLoop !== null) console.log(`Reads past the cache are not tested: ${noLoop}.`);

describe.skipIf(noLoop !== null)("reading past the cache", () => {
  let medium: LoopMedium;
  beforeAll(() => {
    medium = makeLoopMedium(32);
  });
  afterAll(() => medium.remove());

  test("the kernel counts every byte as fetched from the device, and none for a read from its cache", () => {
    for (const size of [1, 4096, 4_194_304, 9_000_001]) {
      const path = join(medium.path, "file");
      const bytes = Buffer.alloc(size, 3);
      writeFileSync(path, bytes, { flush: true });
      const cached = readFileTask({ path, direct: false, limitBytes: all });
      const direct = readFileTask({ path, direct: true, limitBytes: all });
      expect(cached).toMatchObject({ bytes: size, fetchedBytes: 0 });
      expect(direct).toMatchObject({ bytes: size, sha256: sha256Hex(bytes) });
      expect(direct.fetchedBytes).toBeGreaterThanOrEqual(size);
    }
  });

  test("memory takes the flag and fetches nothing, which is how it is found out", () => {
    const path = "/dev/shm/read-file-test";
    writeFileSync(path, Buffer.alloc(100_000));
    try {
      expect(readFileTask({ path, direct: true, limitBytes: all })).toMatchObject({
        bytes: 100_000,
        fetchedBytes: 0,
      });
    } finally {
      rmSync(path);
    }
  });
});

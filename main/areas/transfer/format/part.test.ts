import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { AgeKeyPair } from "../../../station/crypto/age.ts";
import { generateAgeIdentity, sealAge } from "../../../station/crypto/age.ts";
import { sha256Hex } from "../../../station/crypto/hash.ts";
import { randomBytes } from "../../../station/crypto/random.ts";
import { FormatFault } from "./fault.ts";
import { openManifestPart, openPart, sealPart } from "./part.ts";

const mib = 1024 * 1024;
let us: AgeKeyPair;
let folder: string;
let identityFile: string;

beforeAll(async () => {
  us = await generateAgeIdentity();
  folder = mkdtempSync(join(tmpdir(), "part-"));
  identityFile = join(folder, "identity");
  writeFileSync(identityFile, `${us.identity}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = Buffer.from(`${JSON.stringify({ a: "line", with: [1, 2, 3] })}\n`.repeat(5000));
const declare = (plain: Buffer) => ({ bytes: plain.byteLength, sha256: sha256Hex(plain) });

function zstd(plain: Buffer, ...options: string[]): Buffer {
  return execFileSync("zstd", ["-q", "-c", ...options], { input: plain, maxBuffer: 256 * mib });
}

async function reasonOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "ok";
  } catch (error) {
    if (error instanceof FormatFault) return error.reason;
    throw error;
  }
}

/** What opening an age file of these compressed bytes comes to. */
async function reasonOfFrame(frame: Buffer, declared = declare(text)): Promise<string> {
  return reasonOf(openPart(sealAge(frame, us.recipient), us.identity, declared));
}

describe("with stock tools as the peer", () => {
  test.each([0, 1, text.length, 5 * mib])("age and zstd open what we seal of %i bytes", async (length) => {
    const plain = length === text.length ? text : randomBytes(length);
    const part = sealPart(plain, us.recipient);
    const frame = execFileSync("age", ["-d", "-i", identityFile], {
      input: part.cipher,
      maxBuffer: 64 * mib,
    });
    const opened = execFileSync("zstd", ["-q", "-d", "-c"], { input: frame, maxBuffer: 64 * mib });
    expect(opened.equals(plain)).toBe(true);
    expect(part).toMatchObject({
      cipherBytes: part.cipher.length,
      cipherSha256: sha256Hex(part.cipher),
      plainBytes: plain.length,
      plainSha256: sha256Hex(plain),
    });
    expect((await openPart(part.cipher, us.identity, declare(plain))).equals(plain)).toBe(true);
  });

  test.each([[["-1"]], [["-19"]], [["--long=27"]], [["-3", "--no-content-size"]]])(
    "we open what zstd %j and age seal",
    async (options) => {
      const cipher = execFileSync("age", ["-r", us.recipient], { input: zstd(text, ...options) });
      expect((await openPart(cipher, us.identity, declare(text))).equals(text)).toBe(true);
    },
  );
});

describe("a part is exactly one frame", () => {
  const frame = zstd(text);
  const skippable = Buffer.from("502a4d1804000000deadbeef", "hex");
  test.each<[string, Buffer]>([
    ["two frames", Buffer.concat([frame, frame])],
    ["a frame and an empty frame", Buffer.concat([frame, zstd(Buffer.alloc(0))])],
    ["a skippable frame first", Buffer.concat([skippable, frame])],
    ["a skippable frame last", Buffer.concat([frame, skippable])],
    ["a skippable frame alone", skippable],
    ["a byte after the frame", Buffer.concat([frame, Buffer.from([0])])],
    ["a frame cut by one byte", frame.subarray(0, -1)],
    ["half a frame", frame.subarray(0, frame.length / 2)],
    ["no frame", Buffer.alloc(0)],
    ["no zstd", Buffer.from("plain text, not compressed")],
    ["no content checksum", zstd(text, "--no-check")],
    [
      "no content checksum, with four bytes in its place",
      Buffer.concat([zstd(text, "--no-check"), Buffer.alloc(4)]),
    ],
    ["a window of 2^28", zstd(randomBytes(64), "--ultra", "-22", "--long=28", "--no-content-size")],
    [
      "a dictionary id",
      Buffer.concat([frame.subarray(0, 4), Buffer.from([(frame[4] ?? 0) | 1]), frame.subarray(5)]),
    ],
    [
      "a reserved bit",
      Buffer.concat([frame.subarray(0, 4), Buffer.from([(frame[4] ?? 0) | 8]), frame.subarray(5)]),
    ],
    ["a wrong checksum", Buffer.concat([frame.subarray(0, -1), Buffer.from([(frame.at(-1) ?? 0) ^ 1])])],
  ])("%s is bad-zstd", async (_name, bytes) => {
    expect(await reasonOfFrame(bytes)).toBe("bad-zstd");
  });
});

describe("what is declared holds", () => {
  test("a part that is longer or shorter than declared is plain-size", async () => {
    for (const options of [[], ["--no-content-size"]]) {
      const frame = zstd(text, ...options);
      expect(await reasonOfFrame(frame, { ...declare(text), bytes: text.length - 1 })).toBe("plain-size");
      expect(await reasonOfFrame(frame, { ...declare(text), bytes: text.length + 1 })).toBe("plain-size");
      expect(await reasonOfFrame(frame, { ...declare(text), bytes: 0 })).toBe("plain-size");
    }
  });

  test("a part declared above 64 MiB is plain-size", async () => {
    expect(await reasonOfFrame(zstd(text), { ...declare(text), bytes: 64 * mib + 1 })).toBe("plain-size");
  });

  test("other content of the same size is plain-mismatch", async () => {
    expect(await reasonOfFrame(zstd(Buffer.from(text).fill(32, 0, 1)))).toBe("plain-mismatch");
  });

  test("a bomb of 200 MiB stops at the declared size", async () => {
    const bomb = zstd(Buffer.alloc(200 * mib), "--no-content-size");
    expect(bomb.length).toBeLessThan(mib / 8);
    const before = process.resourceUsage().maxRSS;
    expect(await reasonOfFrame(bomb)).toBe("plain-size");
    expect(await reasonOf(openManifestPart(sealAge(bomb, us.recipient), us.identity))).toBe("plain-size");
    // maxRSS is in KiB: far below the 200 MiB that the bomb would take.
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(100 * 1024);
  });

  test("honest content that shrinks 5,000 times is taken", async () => {
    const plain = Buffer.alloc(8 * mib, 0x20);
    const part = sealPart(plain, us.recipient);
    expect(plain.length / part.cipherBytes).toBeGreaterThan(5000);
    expect((await openPart(part.cipher, us.identity, declare(plain))).equals(plain)).toBe(true);
  });

  test("the faults of age come through with their reason", async () => {
    const part = sealPart(text, us.recipient);
    const stranger = await generateAgeIdentity();
    expect(await reasonOf(openPart(part.cipher, stranger.identity, declare(text)))).toBe("not-decryptable");
    expect(await reasonOf(openPart(part.cipher.subarray(0, -1), us.identity, declare(text)))).toBe("bad-age");
  });
});

test("the manifest part opens without a declared size, up to 16 MiB", async () => {
  const part = sealPart(text, us.recipient);
  expect((await openManifestPart(part.cipher, us.identity)).equals(text)).toBe(true);
  const large = sealPart(Buffer.alloc(16 * mib + 1, 0x20), us.recipient);
  expect(await reasonOf(openManifestPart(large.cipher, us.identity))).toBe("plain-size");
});

import { execFileSync, spawnSync } from "node:child_process";
import { createCipheriv } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Encrypter, generateHybridIdentity, identityToRecipient } from "age-encryption";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { AgeKeyPair } from "./age.ts";
import {
  AgeFault,
  ageRecipientOf,
  generateAgeIdentity,
  isAgeRecipient,
  openAge,
  sealAge,
  sealAgeWithPassphrase,
} from "./age.ts";
import { openStream } from "./age-stream.ts";
import { randomBytes } from "./random.ts";

const chunk = 64 * 1024;
const lengths = [0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk, 3 * chunk + 17];

let us: AgeKeyPair;
let stranger: AgeKeyPair;
let folder: string;
let identityFile: string;

beforeAll(async () => {
  us = await generateAgeIdentity();
  stranger = await generateAgeIdentity();
  folder = mkdtempSync(join(tmpdir(), "age-"));
  identityFile = join(folder, "identity");
  writeFileSync(identityFile, `${us.identity}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function reasonOf(file: Buffer, identities: string | string[] = us.identity) {
  try {
    await openAge(file, identities);
    return "ok";
  } catch (error) {
    if (error instanceof AgeFault) return error.reason;
    throw error;
  }
}

function ageEncrypt(plain: Buffer, ...options: string[]): Buffer {
  return execFileSync("age", ["-e", ...options], { input: plain, maxBuffer: 1 << 26 });
}

describe("with the age tool as the peer", () => {
  test.each(lengths)("age -d opens what we seal of %i bytes", async (length) => {
    const plain = randomBytes(length);
    const file = sealAge(plain, us.recipient);
    const opened = execFileSync("age", ["-d", "-i", identityFile], {
      input: file,
      maxBuffer: 1 << 26,
    });
    expect(opened.equals(plain)).toBe(true);
  });

  test.each(lengths)("we open what age seals of %i bytes", async (length) => {
    const plain = randomBytes(length);
    const opened = await openAge(ageEncrypt(plain, "-r", us.recipient), us.identity);
    expect(opened.equals(plain)).toBe(true);
  });

  test("age -d opens what we seal under a passphrase", async () => {
    const file = join(folder, "kept.age");
    writeFileSync(file, await sealAgeWithPassphrase(Buffer.from(us.identity), "fifteen characters", 10));
    // age reads the passphrase from a terminal alone, so script(1) gives it one.
    const result = spawnSync("script", ["-qec", `age -d ${file}`, "/dev/null"], {
      input: "fifteen characters\n",
      encoding: "utf8",
    });
    expect(result.stdout).toContain(us.identity);
  });

  test("several recipients, an SSH key or a passphrase are bad-recipient", async () => {
    const plain = Buffer.from("x");
    expect(await reasonOf(ageEncrypt(plain, "-r", us.recipient, "-r", stranger.recipient))).toBe(
      "bad-recipient",
    );
    const key = join(folder, "ssh");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    expect(await reasonOf(ageEncrypt(plain, "-R", `${key}.pub`))).toBe("bad-recipient");
    expect(await reasonOf(await sealAgeWithPassphrase(plain, "fifteen characters", 10))).toBe(
      "bad-recipient",
    );
    const hybrid = new Encrypter();
    hybrid.addRecipient(await identityToRecipient(await generateHybridIdentity()));
    expect(await reasonOf(Buffer.from(await hybrid.encrypt(plain)))).toBe("bad-recipient");
  });

  test("an unknown stanza beside ours is bad-recipient, though age ignores it", async () => {
    const both = new Encrypter();
    both.addRecipient(us.recipient);
    both.addRecipient({ wrapFileKey: () => [{ args: ["grease", "x"], body: new Uint8Array(3) }] });
    expect(await reasonOf(Buffer.from(await both.encrypt("x")))).toBe("bad-recipient");
  });

  test("armour is bad-age, since parts are binary", async () => {
    expect(await reasonOf(ageEncrypt(Buffer.from("x"), "-a", "-r", us.recipient))).toBe("bad-age");
  });

  test("a file for somebody else is not-decryptable", async () => {
    expect(await reasonOf(ageEncrypt(Buffer.from("x"), "-r", stranger.recipient))).toBe("not-decryptable");
  });
});

test("any of our identities opens, so a rotation loses nothing", async () => {
  const file = sealAge(Buffer.from("x"), us.recipient);
  expect(await reasonOf(file, [stranger.identity, us.identity])).toBe("ok");
  expect(await reasonOf(file, [stranger.identity])).toBe("not-decryptable");
});

test("two seals of one text share neither header nor payload", async () => {
  const [first, second] = [sealAge(Buffer.from("x"), us.recipient), sealAge(Buffer.from("x"), us.recipient)];
  expect(first.subarray(22, 80).equals(second.subarray(22, 80))).toBe(false);
  expect(first.subarray(-33).equals(second.subarray(-33))).toBe(false);
});

describe("a changed file never opens", () => {
  test.each(lengths)(
    "cut anywhere near a chunk's end, or followed by a byte, of %i bytes",
    async (length) => {
      const file = sealAge(randomBytes(length), us.recipient);
      const payload = file.length - (length + 16 * Math.max(1, Math.ceil(length / chunk)));
      const cuts = new Set([payload - 17, payload - 1, payload, payload + 15, file.length - 1]);
      for (let at = payload; at < file.length; at += chunk + 16) {
        for (const offset of [-1, 0, 1, 15, 16, 17]) cuts.add(at + offset);
      }
      for (const cut of [...cuts].filter((at) => at < file.length)) {
        expect(await reasonOf(file.subarray(0, cut))).toBe("bad-age");
      }
      expect(await reasonOf(Buffer.concat([file, Buffer.from([0])]))).toBe("bad-age");
      expect(await reasonOf(Buffer.concat([file, file]))).toBe("bad-age");
    },
  );

  test("chunks that changed places", async () => {
    const file = sealAge(randomBytes(3 * chunk), us.recipient);
    const size = chunk + 16;
    const start = file.length - 3 * size;
    const swapped = Buffer.concat([
      file.subarray(0, start),
      file.subarray(start + size, start + 2 * size),
      file.subarray(start, start + size),
      file.subarray(start + 2 * size),
    ]);
    expect(await reasonOf(swapped)).toBe("bad-age");
  });

  test("any flipped bit", async () => {
    const file = sealAge(Buffer.from("some text"), us.recipient);
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), fc.nat(7), async (at, bit) => {
        const changed = Buffer.from(file);
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        expect(await reasonOf(changed)).not.toBe("ok");
      }),
      { numRuns: 300 },
    );
  });

  test("a header of more than 64 KiB, or of 100,000 stanzas, is bad-age", async () => {
    const file = sealAge(Buffer.from("x"), us.recipient);
    const grow = (stanzas: number): Buffer =>
      Buffer.concat([file.subarray(0, 22), Buffer.from("-> a b\nAA\n".repeat(stanzas)), file.subarray(22)]);
    expect(await reasonOf(grow(100_000))).toBe("bad-age");
    expect(await reasonOf(Buffer.alloc(1 << 20, "a"))).toBe("bad-age");
    expect(await reasonOf(Buffer.alloc(0))).toBe("bad-age");
  });

  test("an empty last chunk after a full one is refused, though its tag is right", () => {
    // No honest writer makes one, so it is made here by OpenSSL (C2SP age.md, "Payload").
    const key = randomBytes(32);
    const sealChunk = (plain: Buffer, counter: number, last: number): Buffer => {
      const nonce = Buffer.alloc(12);
      nonce[10] = counter;
      nonce[11] = last;
      const cipher = createCipheriv("chacha20-poly1305", key, nonce, { authTagLength: 16 });
      return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    };
    const full = Buffer.alloc(chunk, "x");
    const honest = Buffer.concat([sealChunk(full, 0, 0), sealChunk(Buffer.from("y"), 1, 1)]);
    expect(openStream(honest, key)?.byteLength).toBe(chunk + 1);
    const padded = Buffer.concat([sealChunk(full, 0, 0), sealChunk(Buffer.alloc(0), 1, 1)]);
    expect(openStream(padded, key)).toBeNull();
  });
});

test("only an X25519 recipient with its checksum is one", async () => {
  expect(isAgeRecipient(us.recipient)).toBe(true);
  expect(await ageRecipientOf(us.identity)).toBe(us.recipient);
  const last = us.recipient.at(-1) === "q" ? "p" : "q";
  for (const text of [
    us.recipient.slice(0, -1) + last,
    us.recipient.toUpperCase(),
    "age1",
    `${us.recipient} `,
    us.identity,
  ]) {
    expect(isAgeRecipient(text)).toBe(false);
  }
});

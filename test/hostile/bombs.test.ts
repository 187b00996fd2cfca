import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Bags } from "../support/answers.ts";
import { tryAt } from "../support/stations.ts";
import { encryptAge } from "./forge/age.ts";
import type { BagPlan } from "./forge/bag.ts";
import { contentOf } from "./forge/bag.ts";
import { partOf } from "./forge/batch.ts";
import type { Loose, PartPlan, SealChanges } from "./forge/batch.ts";
import { requestLine } from "./forge/records.ts";
import { bombFrame, compress } from "./forge/zstd.ts";
import { freshId, lay, openScene, read, rowOf, sealNext } from "./scene.ts";
import type { Scene } from "./scene.ts";

/** What would grow memory without bound in a careless reader; each runs in a process of its own. */

const limitBytes = 400 * 2 ** 20;
const mebibyte = 2 ** 20;

const root = mkdtempSync(join(tmpdir(), "hostile-bombs-"));
afterAll(async () => {
  await scene.close();
  rmSync(root, { recursive: true, force: true });
});

let scene: Scene;
beforeAll(async () => {
  scene = await openScene(root, "response");
}, 60_000);

interface Bomb {
  name: string;
  parts?: () => PartPlan[];
  seal?: SealChanges;
  bag?: BagPlan;
  state: string;
  reasons: readonly (string | null)[];
}

const onlyPart = (change: (plain: Uint8Array) => Uint8Array): SealChanges => ({
  compress: (plain, part) => (part === 1 ? change(plain) : compress(plain)),
});

const declare =
  (bytes: number) =>
  (manifest: Loose): void => {
    const [part] = manifest["parts"] as Loose[];
    if (part !== undefined) part["bytes"] = bytes;
  };

/** 64 MiB less a little of short valid lines: the most rows that one part can hold. */
function crowd(): PartPlan[] {
  const lines = Array.from({ length: 200_000 }, () => requestLine(freshId("crowd")));
  return [partOf(lines)];
}

/** 60 lines of almost 1 MiB that are each full of escapes. */
function heavy(): PartPlan[] {
  const body = `"${'\\"'.repeat(524_000)}"`;
  return [partOf(Array.from({ length: 60 }, () => requestLine(freshId("heavy"), body)))];
}

/** Lines at the limit of members, and lines at the limit of depth. */
function branching(): PartPlan[] {
  const members = `{${Array.from({ length: 9000 }, (_, index) => `"k${index}":{}`).join(",")}}`;
  return [partOf(Array.from({ length: 400 }, () => requestLine(freshId("branch"), members)))];
}

const bombs: readonly Bomb[] = [
  {
    name: "16 GiB of one byte in 512 KiB, where a few bytes are declared",
    seal: onlyPart(() => bombFrame(16 * 2 ** 30, 0x41)),
    state: "refused",
    reasons: ["plain-size"],
  },
  {
    name: "16 GiB of one byte, where 64 MiB are declared",
    seal: { ...onlyPart(() => bombFrame(16 * 2 ** 30, 0x41)), manifest: declare(64 * mebibyte) },
    state: "refused",
    reasons: ["plain-size"],
  },
  {
    name: "a bomb in the manifest's own part",
    seal: { compress: (plain, part) => (part === 0 ? bombFrame(16 * 2 ** 30, 0x20) : compress(plain)) },
    state: "refused",
    reasons: ["plain-size"],
  },
  {
    name: "64 MiB of line feeds: each an empty line",
    parts: () => [{ plain: Buffer.alloc(64 * mebibyte, "\n"), records: 64 * mebibyte }],
    state: "refused",
    reasons: ["too-many-bad-lines"],
  },
  {
    name: "one line of 64 MiB",
    parts: () => [
      { plain: Buffer.concat([Buffer.alloc(64 * mebibyte - 1, "x"), Buffer.from("\n")]), records: 1 },
    ],
    state: "imported",
    reasons: [null],
  },
  {
    name: "60 lines of a mebibyte full of escapes",
    parts: heavy,
    state: "imported",
    reasons: [null],
  },
  {
    name: "400 lines of 9,000 members each",
    parts: branching,
    state: "imported",
    reasons: [null],
  },
  {
    name: "200,000 records in one part",
    parts: crowd,
    state: "imported",
    reasons: [null],
  },
  {
    name: "a ciphertext of 65 MiB that is no age file",
    seal: {
      encrypt: (compressed, part) =>
        part === 1
          ? Buffer.alloc(65 * mebibyte, "age-encryption.org/v1\n")
          : encryptAge(compressed, scene.reader.ageRecipient),
    },
    state: "refused",
    reasons: ["bad-age", "bad-recipient"],
  },
  {
    name: "an envelope of 32 MiB",
    seal: { envelopeText: (text) => text.replace(/^\{/, `{"x":"${"x".repeat(31 * mebibyte)}",`) },
    state: "refused",
    reasons: ["bad-envelope"],
  },
  {
    name: "an envelope of 16 million numbers",
    seal: { envelopeText: (text) => text.replace(/^\{/, `{"x":[${"1,".repeat(14 * mebibyte)}1],`) },
    state: "refused",
    reasons: ["bad-envelope"],
  },
  {
    name: "an envelope of a million objects",
    seal: { envelopeText: (text) => text.replace(/^\{/, `{"x":[${'{"a":{}},'.repeat(3 * mebibyte)}1],`) },
    state: "refused",
    reasons: ["bad-envelope"],
  },
  {
    name: "a payload manifest of 16 MiB of lines",
    bag: {
      changes: {
        tags: (files) => {
          const text = contentOf(files, "manifest-sha256.txt").toString();
          files.set("manifest-sha256.txt", Buffer.from(text + `${"a".repeat(64)}  data/x\n`.repeat(220_000)));
        },
      },
    },
    state: "refused",
    reasons: ["bad-manifest", "part-not-in-envelope"],
  },
];

/**
 * The peak counts garbage that the collector has not come to yet: on a busy machine up to an eighth more
 * (measured). What really grows with the input fails every time.
 */
const retry = 2;

describe("memory stays below 400 MB", () => {
  test.each(bombs.map((bomb) => [bomb.name, bomb] as const))(
    "%s",
    { retry, timeout: 120_000 },
    async (_, bomb) => {
      const lane = await scene.newLane();
      const sealed = sealNext(scene, lane, bomb.parts?.(), bomb.seal);
      const medium = scene.newMedium();
      const bag = lay(medium, sealed, bomb.bag);
      await scene.close();
      await scene.close();
      const args = ["transfer", "import", "--medium", medium];
      const answer = await tryAt<Bags>(scene.station, args, { measureMemory: true, timeoutMs: 100_000 });
      const row = rowOf(answer.output.bags, bag);
      expect(row.state).toBe(bomb.state);
      expect(bomb.reasons).toContain(row.reason);
      expect(answer.peakBytes).toBeLessThan(limitBytes);
      rmSync(medium, { recursive: true });
    },
  );

  test(
    "answering and sending home 300 requests of a mebibyte each",
    { retry, timeout: 240_000 },
    async () => {
      const lane = await scene.newLane();
      const medium = scene.newMedium();
      const sealed = sealNext(scene, lane, Array.from({ length: 5 }, () => heavy()).flat());
      lay(medium, sealed);
      await scene.close();
      const home = scene.newMedium();
      const commands = [
        ["transfer", "import", "--medium", medium],
        ["requests", "run"],
        ["transfer", "export", "--to", lane.identity.name, "--medium", home],
      ];
      for (const args of commands) {
        const answer = await tryAt(scene.station, args, { measureMemory: true, timeoutMs: 100_000 });
        expect({ args, exitCode: answer.exitCode }).toEqual({ args, exitCode: 0 });
        // Sealing on two threads takes a little more than any import; it must not grow with the batch.
        const allowedBytes = args[1] === "export" ? 1.15 * limitBytes : limitBytes;
        expect(answer.peakBytes).toBeLessThan(allowedBytes);
      }
      rmSync(medium, { recursive: true });
      rmSync(home, { recursive: true });
    },
  );

  test(
    "twenty envelopes of 20 MiB on one stick are not held together",
    { retry, timeout: 240_000 },
    async () => {
      const medium = scene.newMedium();
      for (let count = 0; count < 20; count++) {
        const lane = { ...(await scene.lane()), sequence: count + 1 };
        const sealed = sealNext(scene, lane, undefined, {
          envelopeText: (text) => text.replace(/^\{/, `{"x":"${"x".repeat(20 * mebibyte)}",`),
        });
        lay(medium, sealed);
      }
      await scene.close();
      const args = ["transfer", "import", "--medium", medium];
      const answer = await tryAt<Bags>(scene.station, args, { measureMemory: true, timeoutMs: 100_000 });
      expect(new Set(answer.output.bags.map((row) => row.reason))).toEqual(new Set(["bad-envelope"]));
      expect(answer.peakBytes).toBeLessThan(limitBytes);
      const rows = await read(scene, "inspect", medium, 100_000);
      expect(rows).toHaveLength(20);
      rmSync(medium, { recursive: true });
    },
  );
});

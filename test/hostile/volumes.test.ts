import { mkdirSync, mkdtempSync, rmSync, statfsSync, symlinkSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allRequests } from "../support/stations.ts";
import { encryptAge } from "./forge/age.ts";
import { contentOf, makeBag, writeBag } from "./forge/bag.ts";
import type { Loose } from "./forge/batch.ts";
import { partName } from "./forge/batch.ts";
import { harmlessPart, lay, moveOn, openScene, read, rowOf, sealNext } from "./scene.ts";
import type { Scene } from "./scene.ts";

/** A batch over several bags, and media that are odd as a whole. */

const root = mkdtempSync(join(tmpdir(), "hostile-volumes-"));
afterAll(async () => {
  await scene.close();
  rmSync(root, { recursive: true, force: true });
});

let scene: Scene;
beforeAll(async () => {
  scene = await openScene(root, "response");
}, 60_000);

const first = partName(1);
const second = partName(2);

describe("volumes", () => {
  test("two bags that together hold all parts are the batch", async () => {
    const lane = await scene.newLane();
    const sealed = sealNext(scene, lane, [harmlessPart(), harmlessPart()]);
    const medium = scene.newMedium();
    const bags = [
      lay(medium, sealed, { volumeCount: 2, carries: [first] }),
      lay(medium, sealed, { volume: 2, volumeCount: 2, carries: [second] }),
    ];
    const rows = await read(scene, "import", medium);
    for (const bag of bags) expect(rowOf(rows, bag)).toMatchObject({ state: "imported", imported: 2 });
  });

  test("a bag alone is incomplete until the others are there", async () => {
    const lane = await scene.newLane();
    const before = (await allRequests(scene)).length;
    const sealed = sealNext(scene, lane, [harmlessPart(), harmlessPart()]);
    const one = scene.newMedium();
    const bag = lay(one, sealed, { volumeCount: 2, carries: [first] });
    const rows = await read(scene, "import", one);
    expect(rowOf(rows, bag)).toMatchObject({ state: "incomplete", reason: "incomplete", used: false });
    expect((await allRequests(scene)).length).toBe(before);
    const both = scene.newMedium();
    const whole = lay(both, sealed, { volume: 3, volumeCount: 3 });
    const again = await read(scene, "import", both);
    expect(rowOf(again, whole)).toMatchObject({ state: "imported", imported: 2 });
    expect((await allRequests(scene)).length).toBe(before + 2);
  });

  test("a damaged bag beside a good one of the same batch does no harm", async () => {
    const lane = await scene.newLane();
    const sealed = sealNext(scene, lane);
    const medium = scene.newMedium();
    lay(medium, sealed, {
      volumeCount: 2,
      changes: { after: (files) => void files.set(first, Buffer.alloc(contentOf(files, first).length)) },
    });
    const good = lay(medium, sealed, { volume: 2, volumeCount: 2 });
    const rows = await read(scene, "import", medium);
    expect(rowOf(rows, good)).toMatchObject({ state: "imported", imported: 1 });
    moveOn(lane, sealed);
  });

  test("a lost volume is rebuilt from parity, or is at least incomplete and not wrong", async () => {
    const lane = await scene.newLane();
    const sealed = sealNext(scene, lane, [harmlessPart(), harmlessPart()], {
      envelope: (envelope) => {
        const part = (envelope["parts"] as Loose[])[1] ?? {};
        const group = {
          name: "data/parity-00001.bin",
          bytes: part["bytes"],
          sha256: part["sha256"],
          of: [first],
        };
        envelope["parity"] = [group];
      },
    });
    const medium = scene.newMedium();
    const parity = new Map([["data/parity-00001.bin", sealed.parts.get(first) ?? Buffer.alloc(0)]]);
    const bag = lay(medium, sealed, { carries: [second], parity });
    const rows = await read(scene, "import", medium);
    expect(rowOf(rows, bag).state).toMatch(/^(imported|incomplete)$/);
  });
});

describe("media", () => {
  test("no sallyport folder is an empty answer", async () => {
    const medium = join(root, "stick-bare");
    mkdirSync(medium);
    const rows = await read(scene, "import", medium);
    expect(rows).toEqual([]);
  });

  test("an empty sallyport folder is an empty answer", async () => {
    const rows = await read(scene, "import", scene.newMedium());
    expect(rows).toEqual([]);
  });

  test.each([
    ["a link to a good folder", (path: string) => symlinkSync("elsewhere", path)],
    ["a plain file", (path: string) => writeFileSync(path, "")],
    ["a FIFO", (path: string) => void execFileSync("mkfifo", [path])],
  ])("sallyport that is %s is not followed", async (_, make) => {
    const medium = scene.newMedium();
    rmSync(join(medium, "sallyport"), { recursive: true });
    mkdirSync(join(medium, "elsewhere"));
    make(join(medium, "sallyport"));
    const rows = await read(scene, "import", medium);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      bag: "sallyport",
      state: "refused",
      reason: "not-a-regular-file",
      used: false,
    });
  });

  test("1,000 bags are read and 1,001 are one refusal", async () => {
    const medium = scene.newMedium();
    const name = (index: number): string => `b000001-${index.toString(16).padStart(16, "0")}.v1`;
    for (let index = 0; index < 1000; index++) mkdirSync(join(medium, "sallyport", name(index)));
    const thousand = await read(scene, "import", medium);
    expect(thousand).toHaveLength(1000);
    expect(new Set(thousand.map((row) => row.state))).toEqual(new Set(["interrupted"]));
    mkdirSync(join(medium, "sallyport", name(1000)));
    const rows = await read(scene, "import", medium);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ bag: "sallyport", state: "refused", reason: "too-many-files" });
  }, 60_000);

  test("more than 110,000 names in data are refused", async () => {
    const lane = await scene.newLane();
    const medium = scene.newMedium();
    const bag = makeBag(sealNext(scene, lane));
    const path = writeBag(medium, bag);
    for (let index = 0; index <= 110_000; index++) writeFileSync(join(path, "data", `n${index}`), "");
    const rows = await read(scene, "import", medium);
    expect(["too-many-files", "unexpected-file"]).toContain(rowOf(rows, bag.directory).reason);
  }, 120_000);

  test("100,000 litter files in data are too many as well", async () => {
    const lane = await scene.newLane();
    const medium = scene.newMedium();
    const bag = makeBag(sealNext(scene, lane));
    const path = writeBag(medium, bag);
    for (let index = 0; index <= 110_000; index++) writeFileSync(join(path, "data", `._n${index}`), "");
    const rows = await read(scene, "import", medium);
    expect(rowOf(rows, bag.directory)).toMatchObject({
      state: "refused",
      reason: "too-many-files",
      used: false,
    });
  }, 120_000);

  test("plaintexts that cannot fit are no-room, and leave the number open", async (context) => {
    const { bavail, bsize } = statfsSync(root);
    const sizeBytes = 64 * 2 ** 20;
    const count = Math.ceil((bavail * bsize) / sizeBytes) + 2;
    if (count > 20_000) {
      context.skip(`the disk has more room (${bavail * bsize} bytes) than a batch can claim quickly`);
    }
    const lane = await scene.newLane();
    const one = harmlessPart();
    let ciphertext: Uint8Array | undefined;
    const sealed = sealNext(
      scene,
      lane,
      Array.from({ length: count }, () => one),
      {
        // One ciphertext serves all parts: they are never opened.
        encrypt: (compressed, part) => {
          if (part === 0) return encryptAge(compressed, scene.reader.ageRecipient);
          return (ciphertext ??= encryptAge(compressed, scene.reader.ageRecipient));
        },
        manifest: (manifest) => {
          for (const part of manifest["parts"] as Loose[]) part["bytes"] = sizeBytes;
        },
      },
    );
    const medium = scene.newMedium();
    const bag = lay(medium, sealed);
    const rows = await read(scene, "import", medium);
    expect(rowOf(rows, bag)).toMatchObject({ state: "no-room", reason: "no-room", used: false });
  }, 120_000);
});

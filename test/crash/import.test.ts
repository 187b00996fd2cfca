import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { partOf } from "../hostile/forge/batch.ts";
import { requestLine } from "../hostile/forge/records.ts";
import { lay, moveOn, openScene, sealNext } from "../hostile/scene.ts";
import type { Scene } from "../hostile/scene.ts";
import { manyBodies } from "../support/bodies.ts";
import { reference, stationIn, stopEverywhere } from "./harness.ts";
import type { Trial } from "./harness.ts";
import { look } from "./look.ts";

/** An import of four batches, stopped at every step that writes. */

const root = mkdtempSync(join(tmpdir(), "crash-import-"));
const prepared = join(root, "prepared");
let scene: Scene;
let trial: Trial;
let known: { steps: string[]; state: unknown };

beforeAll(async () => {
  mkdirSync(prepared);
  scene = await openScene(prepared, "response");
  const lane = await scene.newLane();
  const medium = join(prepared, "stick");
  const lines = manyBodies(6000).map((body, index) => requestLine(`r-${index}`, body));
  const batches = [
    [lines.slice(0, 2500), lines.slice(2500, 2600)],
    // Some were there before, one has other bytes, some are broken.
    [
      [...lines.slice(2550, 2700), lines[0]?.replace("alice", "mallory") ?? "", "broken", "{}"],
      lines.slice(2700, 4200),
    ],
    [["no last line feed will be here"]],
    Array.from({ length: 40 }, (_, part) => lines.slice(4200 + part * 10, 4210 + part * 10)),
  ];
  for (const [index, parts] of batches.entries()) {
    const plans = parts.map((part) => partOf(part));
    const isRefused = index === 2;
    const sealed = sealNext(scene, lane, isRefused ? [{ plain: Buffer.from("{}"), records: 1 }] : plans);
    lay(medium, sealed);
    moveOn(lane, sealed);
  }
  await scene.close();
  trial = {
    prepared,
    station: scene.station,
    args: (folder) => ["transfer", "import", "--medium", join(folder, "stick")],
    state: (folder) => look(stationIn(folder, scene.station)),
    exitCode: 1,
  };
  known = await reference(trial, root);
}, 120_000);

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("import", () => {
  test("the uninterrupted run ends as the page says", () => {
    expect(known.steps.length).toBeGreaterThan(130);
    expect(known.state).toMatchObject({ auditOk: true });
    expect(
      (known.state as { ledger: string[] }).ledger.map((row) => row.split(" ").slice(2).join(" ")),
    ).toEqual(["1 imported", "2 imported", "3 refused", "4 imported"]);
    expect((known.state as { requests: string[] }).requests).toHaveLength(4600);
  });

  test("killed at any step, the same command again comes to the same end", async () => {
    expect(await stopEverywhere(trial, root, "SALLYPORT_CRASH_AT", known)).toEqual([]);
  }, 1_800_000);

  test("a disk full at any step ends in a sentence, and the same command again comes to the same end", async () => {
    expect(await stopEverywhere(trial, root, "SALLYPORT_DISK_FULL_AT", known)).toEqual([]);
  }, 1_800_000);
});

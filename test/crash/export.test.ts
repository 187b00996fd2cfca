import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBag } from "../hostile/forge/reader.ts";
import { sha256Hex } from "../hostile/forge/records.ts";
import { openScene } from "../hostile/scene.ts";
import type { Lane, Scene } from "../hostile/scene.ts";
import { manyBodies } from "../support/bodies.ts";
import { reference, stationIn, stopEverywhere } from "./harness.ts";
import type { Trial } from "./harness.ts";
import { look } from "./look.ts";

/** An export of many parts, stopped at every step that writes. */

const root = mkdtempSync(join(tmpdir(), "crash-export-"));
const prepared = join(root, "prepared");
let scene: Scene;
let lane: Lane;
let trial: Trial;
let known: { steps: string[]; state: unknown };
let ids: string[];

/** What the peer would find: each bag, its number, and all its records in order. */
function carried(medium: string): string[] {
  return readdirSync(join(medium, "sallyport"))
    .toSorted()
    .map((name) => {
      const bag = openBag(join(medium, "sallyport", name), lane.identity.age.identity);
      const found = bag.lines.map((text) => (JSON.parse(text) as { id: string }).id);
      return `${String(bag.envelope["sequence"])} ${found.length} ${sha256Hex(found.join("\n"))}`;
    });
}

beforeAll(async () => {
  mkdirSync(prepared);
  scene = await openScene(prepared, "request");
  lane = await scene.newLane();
  const settings = { format: "sallyport-station@v1", transfer: { partMiB: 1 } };
  const filler = "x".repeat(200_000);
  const bodies = manyBodies(80).map((body) => `[${body},"${filler}"]`);
  for (let at = 0; at < bodies.length; at += 40) {
    const source = { text: `${bodies.slice(at, at + 40).join("\n")}\n` };
    await scene.call("requests", "submit", { kind: "echo", user: "alice", source });
  }
  await scene.close();
  writeFileSync(join(scene.station.directory, "station.json"), JSON.stringify(settings));
  mkdirSync(join(prepared, "stick"));
  trial = {
    prepared,
    station: scene.station,
    args: (folder) => ["transfer", "export", "--to", lane.identity.name, "--medium", join(folder, "stick")],
    state: async (folder) => ({
      ...(await look(stationIn(folder, scene.station))),
      carried: carried(join(folder, "stick")),
    }),
    exitCode: 0,
  };
  known = await reference(trial, root);
  ids = (known.state as { requests: string[] }).requests;
}, 120_000);

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("export", () => {
  test("the uninterrupted run carries every request once", () => {
    expect(known.steps.length).toBeGreaterThan(40);
    expect(ids).toHaveLength(80);
    expect(known.state).toMatchObject({ auditOk: true });
    expect((known.state as { carried: string[] }).carried.map((bag) => bag.split(" ").slice(0, 2))).toEqual([
      ["1", "80"],
    ]);
  });

  test("killed at any step, the same command again comes to the same end", async () => {
    expect(await stopEverywhere(trial, root, "SALLYPORT_CRASH_AT", known)).toEqual([]);
  }, 1_800_000);

  test("a disk full at any step ends in a sentence, and the same command again comes to the same end", async () => {
    expect(await stopEverywhere(trial, root, "SALLYPORT_DISK_FULL_AT", known)).toEqual([]);
  }, 1_800_000);
});

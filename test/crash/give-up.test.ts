import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBag } from "../hostile/forge/reader.ts";
import { openScene } from "../hostile/scene.ts";
import type { Lane, Scene } from "../hostile/scene.ts";
import type { Ledger } from "../support/answers.ts";
import { manyBodies } from "../support/bodies.ts";
import { reference, stationIn, stopEverywhere } from "./harness.ts";
import type { Trial } from "./harness.ts";
import { look } from "./look.ts";

/** Giving a sealed batch up, and the export that announces it, stopped at every step that writes. */

const root = mkdtempSync(join(tmpdir(), "crash-give-up-"));
let scene: Scene;
let lane: Lane;

/** A station with a batch that was copied onto a stick which is lost. */
async function prepare(folder: string): Promise<string> {
  mkdirSync(folder);
  scene = await openScene(folder, "request");
  lane = await scene.newLane();
  mkdirSync(join(folder, "lost"));
  mkdirSync(join(folder, "stick"));
  const source = { text: `${manyBodies(20).join("\n")}\n` };
  await scene.call("requests", "submit", { kind: "echo", user: "alice", source });
  await scene.call("transfer", "export", { to: lane.identity.name, medium: join(folder, "lost") });
  const { batches } = await scene.call<Ledger>("transfer", "ledger");
  return batches[0]?.batch ?? "";
}

/** What the peer would find: number, numbers taken back, and how many records. */
function carried(medium: string): string[] {
  return readdirSync(join(medium, "sallyport"))
    .toSorted()
    .map((name) => {
      const { envelope, lines } = openBag(join(medium, "sallyport", name), lane.identity.age.identity);
      const voids = (envelope["voids"] as { sequence: number }[]).map(({ sequence }) => sequence);
      return `${String(envelope["sequence"])} voids ${voids.join(" ")} records ${lines.length}`;
    });
}

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("giving up", () => {
  const prepared = join(root, "given");
  let trial: Trial;
  beforeAll(async () => {
    const batch = await prepare(prepared);
    await scene.close();
    const peer = lane.identity.name;
    trial = {
      prepared,
      station: scene.station,
      args: () => [
        "transfer",
        "give-up",
        "--peer",
        peer,
        "--sequence",
        "1",
        "--confirm",
        batch,
        "--note",
        "lost",
      ],
      state: (folder) => look(stationIn(folder, scene.station)),
      exitCode: 0,
    };
  }, 120_000);

  test("killed, or on a full disk, it is done or not done, and can be done again", async () => {
    const known = await reference(trial, root);
    expect(known.steps.join()).toContain("transfer.give-up");
    expect(known.state).toMatchObject({
      auditOk: true,
      ledger: [expect.stringContaining("1 voided")],
      waiting: [expect.stringContaining(" 20 0")],
    });
    expect(await stopEverywhere(trial, root, "SALLYPORT_CRASH_AT", known)).toEqual([]);
    expect(await stopEverywhere(trial, root, "SALLYPORT_DISK_FULL_AT", known)).toEqual([]);
  }, 600_000);
});

describe("the export after it", () => {
  const prepared = join(root, "announced");
  let trial: Trial;
  beforeAll(async () => {
    const batch = await prepare(prepared);
    const peer = lane.identity.name;
    await scene.call("transfer", "giveUp", { peer, sequence: 1, confirm: batch, note: "lost" });
    await scene.close();
    trial = {
      prepared,
      station: scene.station,
      args: (folder) => ["transfer", "export", "--to", peer, "--medium", join(folder, "stick")],
      state: async (folder) => ({
        ...(await look(stationIn(folder, scene.station))),
        carried: carried(join(folder, "stick")),
      }),
      exitCode: 0,
    };
  }, 120_000);

  test("killed at any step, or on a full disk, announces the void once and carries every record", async () => {
    const known = await reference(trial, root);
    expect(known.state).toMatchObject({ carried: ["2 voids 1 records 20"] });
    expect(await stopEverywhere(trial, root, "SALLYPORT_CRASH_AT", known)).toEqual([]);
    expect(await stopEverywhere(trial, root, "SALLYPORT_DISK_FULL_AT", known)).toEqual([]);
  }, 1_800_000);
});

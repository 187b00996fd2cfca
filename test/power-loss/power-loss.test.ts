import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestStation } from "../../main/station/testing/open-test-station.ts";
import { Disk } from "./disk.ts";
import { readRecording, type DiskStep } from "./recording.ts";
import { replay } from "./replay.ts";

// Power loss, on the real program and a disk made of its own recording: two stations found, pair and cross under
// recorder.c, then the power is cut after every twelfth thing that they told the disk.

const here = new URL(".", import.meta.url).pathname;
/** Resolved, because the recorder resolves what it sees. */
const folder = realpathSync(mkdtempSync(join(tmpdir(), "sallyport-power-loss-")));
const root = join(folder, "root");
let steps: readonly DiskStep[] = [];

beforeAll(() => {
  mkdirSync(root);
  const recorder = join(folder, "recorder.so");
  execFileSync("gcc", [
    "-shared",
    "-fPIC",
    "-O2",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-o",
    recorder,
    join(here, "recorder.c"),
  ]);
  steps = record(root, 3);
});

/** Runs the workload under the recorder in a folder of its own; what it told the disk. */
function record(into: string, rounds: number, environment: NodeJS.ProcessEnv = {}): DiskStep[] {
  const log = join(folder, `recording-${basename(into)}`);
  execFileSync(process.execPath, [join(here, "workload.ts"), String(rounds)], {
    env: {
      ...process.env,
      ...environment,
      LD_PRELOAD: join(folder, "recorder.so"),
      SALLYPORT_RECORD_ROOT: into,
      SALLYPORT_RECORD_LOG: log,
      SALLYPORT_RECORD_ACKS: join(into, "acks"),
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return readRecording(log);
}
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("power cut at any moment", () => {
  test("the recording holds what it should: writes, syncs of files and folders, moves, and words", () => {
    const kinds = new Set(steps.map(({ what }) => what));
    for (const what of ["create", "write", "sync", "sync-folder", "make-folder", "move", "said"]) {
      expect(kinds, `no ${what} in it`).toContain(what);
    }
    const whole = new Disk(root);
    for (const step of steps) whole.apply(step);
    const into = join(folder, "whole");
    whole.cutPower(into, "some", () => true);
    // With everything kept, the disk is the folder that the program left; SQLite's -shm is memory, not disk.
    const differences = differing(into, root);
    expect(differences).toEqual([]);
  });

  test("nothing that was said is lost and nothing is half there, at 600 cuts and more", async () => {
    const { cuts, losses } = await replay(root, steps, 12, ["none", "some", "torn"]);
    expect(losses).toEqual([]);
    expect(cuts).toBeGreaterThanOrEqual(600);
  }, 300_000);

  test("a station opens after a cut, proves its log and goes on", async () => {
    const disk = new Disk(root);
    const firstWord = steps.findIndex(({ what }) => what === "said");
    for (const [index, step] of steps.entries()) {
      disk.apply(step);
      if (index <= firstWord || index % 150 !== 0) continue;
      const into = join(folder, `cut-${index}`);
      disk.cutPower(into, "none", () => false);
      const opened = await openTestStation(null, { directory: join(into, "low") });
      const client = await opened.signedIn();
      expect(await client.audit.verify({}), `after step ${index}`).toMatchObject({ ok: true });
      const { peers } = await client.peers.list({});
      if (peers.some(({ state }) => state === "trusted")) {
        await client.requests.submit({ source: { text: "1" }, kind: "echo", user: "alice" });
        const carried = await client.transfer.export({ to: "high", medium: join(into, "stick") });
        expect(carried.batch, `after step ${index}`).not.toBeNull();
      }
      await opened.close();
      rmSync(into, { recursive: true });
    }
  });
});

describe("the harness bites", () => {
  test("a program that runs with synchronous NORMAL loses what it said", async () => {
    const weak = join(folder, "weak");
    mkdirSync(weak);
    const recorded = record(weak, 1, { SALLYPORT_RECORD_NORMAL: "1" });
    const { losses } = await replay(weak, recorded, 20, ["none"]);
    expect(losses.length).toBeGreaterThan(10);
    expect(losses.join()).toContain("events were told");
  });

  test("without the sync of folders sealed parts and bags lose their names", async () => {
    const { losses } = await replay(root, steps, 60, ["none"], { folders: true });
    expect(losses.length).toBeGreaterThan(10);
  });

  test("without the sync of parts a batch is said to be sealed and isn't", async () => {
    const { losses } = await replay(root, steps, 60, ["none"], { sync: (path) => path.endsWith(".tmp") });
    expect(losses.join()).toMatch(/data\/part-/);
  });
});

function differing(one: string, other: string): string[] {
  try {
    execFileSync("diff", ["-rq", "--exclude=acks", "--exclude=*-shm", one, other], { encoding: "utf8" });
    return [];
  } catch (error) {
    return String((error as { stdout?: string }).stdout)
      .split("\n")
      .filter(Boolean);
  }
}

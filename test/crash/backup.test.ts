import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildProgram, runCommand } from "../support/command-line.ts";
import { within } from "../support/session.ts";
import { allRequests, at, credentials, foundStation, tryAt, type Station } from "../support/stations.ts";
import { reference, stationIn, stopEverywhere, type Trial } from "./harness.ts";

/** A backup and a restore, stopped at every step that writes. */

const root = mkdtempSync(join(tmpdir(), "crash-backup-"));
const prepared = join(root, "prepared");
let station: Station;
let trial: Trial;

interface Checked {
  files: number;
}

/** What must be true of a station and a medium, however often a backup onto it was cut short. */
async function stateOf(folder: string) {
  const here = stationIn(folder, station);
  const stick = join(folder, "stick");
  const names = readdirSync(stick);
  const whole = names.filter((name) => !name.endsWith(".unfinished"));
  return within(here, async (session) => {
    const files = new Set<number>();
    for (const name of whole) {
      files.add((await session.call<Checked>("station", "checkBackup", { from: join(stick, name) })).files);
    }
    return {
      unfinished: names.length - whole.length,
      some: whole.length > 0,
      files: [...files],
      scratch: readdirSync(join(here.directory, "run")).filter((name) => name.startsWith("scratch")),
      requests: (await allRequests(session)).map(({ id }) => id),
      audit: (await session.call<{ ok: boolean }>("audit", "verify")).ok,
    };
  });
}

beforeAll(async () => {
  buildProgram();
  mkdirSync(prepared);
  mkdirSync(join(prepared, "stick"));
  station = await foundStation(prepared, "low", "request");
  await within(station, async (session) => {
    const source = { text: `${Array.from({ length: 50 }, (_, number) => number).join("\n")}\n` };
    await session.call("requests", "submit", { kind: "echo", user: "alice", source });
  });
  trial = {
    prepared,
    station,
    args: (folder) => ["station", "backup", "--out", join(folder, "stick")],
    state: stateOf,
    exitCode: 0,
  };
}, 120_000);

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("a backup", () => {
  test("stopped at any step leaves nothing that could be taken for one, and the next run ends well", async () => {
    const known = await reference(trial, root);
    const steps = known.steps.map((line) => line.split(" ")[1] ?? line);
    for (const step of ["copy", "folder", "part", "contents", "manifest", "signature", "name", "commit"]) {
      expect(steps).toContain(`backup.${step}`);
    }
    expect(known.state).toMatchObject({ unfinished: 0, some: true, scratch: [], audit: true });
    expect(await stopEverywhere(trial, root, "SALLYPORT_CRASH_AT", known)).toEqual([]);

    // A disk that is full once ends in a sentence, and takes away what was written.
    for (const step of ["part", "signature"]) {
      const folder = join(root, `full-${step}`);
      cpSync(prepared, folder, { recursive: true });
      const full = String(steps.indexOf(`backup.${step}`) + 1);
      const { exitCode, output } = await tryAt<{ error: { code: string } }>(
        stationIn(folder, station),
        trial.args(folder),
        { built: true, env: { SALLYPORT_DISK_FULL_AT: full } },
      );
      expect([exitCode, output.error.code], step).toEqual([1, "no-room"]);
      expect(readdirSync(join(folder, "stick")), step).toEqual([]);
    }
  }, 300_000);
});

describe("a restore", () => {
  test("killed at any step leaves an empty directory or the whole station, never half of one", async () => {
    const medium = join(root, "medium");
    mkdirSync(medium);
    await at(station, ["station", "backup", "--out", medium]);
    const wanted = await within(station, async (session) => (await allRequests(session)).map(({ id }) => id));
    const into = (name: string): Station => ({ ...station, directory: join(root, name) });
    const args = ["station", "restore", "--from", medium, "--operator", "admin", "--json"];
    const log = join(root, "restore-steps");
    const first = into("restored");
    const whole = await runCommand(args, {
      ...credentials(first),
      built: true,
      env: { SALLYPORT_STEP_LOG: log },
    });
    expect(whole.exitCode).toBe(0);
    const steps = readFileSync(log, "utf8").split("\n").slice(0, -1);
    expect(steps.some((line) => line.includes("restore.database"))).toBe(true);

    for (const [index, step] of steps.entries()) {
      if (!/ (backup|restore)\./.test(step)) continue;
      const target = into(`restored-${index}`);
      const killed = await runCommand(args, {
        ...credentials(target),
        built: true,
        env: { SALLYPORT_CRASH_AT: String(index + 1) },
      });
      expect(killed.signal, step).toBe("SIGKILL");
      const again = await tryAt<unknown>(target, args.slice(0, -1));
      // After its last step it is a station already.
      expect([0, 1], step).toContain(again.exitCode);
      const state = await within(target, async (session) => ({
        requests: (await allRequests(session)).map(({ id }) => id),
        review: (await session.call<{ restore: { reviewedAt: string | null } | null }>("station", "review"))
          .restore?.reviewedAt,
        audit: (await session.call<{ ok: boolean }>("audit", "verify")).ok,
      }));
      expect(state, step).toEqual({ requests: wanted, review: null, audit: true });
      expect(existsSync(join(target.directory, "audit", "head-of-backup")), step).toBe(true);
      rmSync(target.directory, { recursive: true });
    }
  }, 300_000);
});

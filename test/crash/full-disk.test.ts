import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { partOf } from "../hostile/forge/batch.ts";
import { openBag } from "../hostile/forge/reader.ts";
import { requestLine } from "../hostile/forge/records.ts";
import { lay, openScene, sealNext } from "../hostile/scene.ts";
import type { Lane, Scene } from "../hostile/scene.ts";
import type { AuditVerdict, Bags, Exported } from "../support/answers.ts";
import { at, tryAt } from "../support/stations.ts";
import type { Station } from "../support/stations.ts";
import { within } from "../support/session.ts";

/** Real full disks: small file systems in memory that grow when the operator has made room. */

const root = mkdtempSync(join(tmpdir(), "full-disk-"));
const mebibyte = 2 ** 20;

function whyNoMount(): string | null {
  const probe = join(root, "probe");
  mkdirSync(probe);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", probe], { stdio: "pipe" });
    execFileSync("umount", [probe]);
    return null;
  } catch (error) {
    return `a small file system can't be mounted here: ${String(error).split("\n")[0] ?? ""}`;
  }
}
const noMount = whyNoMount();
// Said once, so that a green run does not hide what it could not try.
if (noMount !== null) process.stdout.write(`full-disk: skipped, ${noMount}\n`);

const mounted: string[] = [];
function mount(name: string, sizeBytes: number): string {
  const folder = join(root, name);
  mkdirSync(folder);
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${sizeBytes}`, "tmpfs", folder]);
  mounted.push(folder);
  return folder;
}
const grow = (folder: string, sizeBytes: number): void => {
  execFileSync("mount", ["-o", `remount,size=${sizeBytes}`, folder]);
};
const usedBytes = (folder: string): number =>
  Number(execFileSync("df", ["-B1", "--output=used", folder]).toString().split("\n")[1]);

afterEach(() => {
  for (const folder of mounted.splice(0)) execFileSync("umount", ["-l", folder]);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Failure {
  error?: { code: string; message: string };
  bags?: Bags["bags"];
}

const noise = (bytes: number): string =>
  Array.from({ length: Math.ceil(bytes / 11) }, () => Math.random().toString(36).slice(2, 13)).join("");

let asking: Scene;
let answering: Scene;
let peer: Lane;
let sender: Lane;

beforeAll(async () => {
  asking = await openScene(join(root, "asking"), "request");
  peer = await asking.newLane();
  for (let count = 0; count < 3; count++) {
    const text = Array.from({ length: 4 }, () => `"${noise(900_000)}"\n`).join("");
    await asking.call("requests", "submit", { kind: "echo", user: "alice", source: { text } });
  }
  await asking.close();
  answering = await openScene(join(root, "answering"), "response");
  sender = await answering.newLane();
  await answering.close();
}, 120_000);

/** A sentence for an operator, whatever face it came out of. */
function expectSentence(output: Failure, exitCode: number | null): void {
  expect(exitCode).toBe(1);
  const said = output.error?.message ?? output.bags?.map((row) => row.state).join(" ") ?? "";
  expect(said).toMatch(/^(no-room|[A-Z].* .*\.)/s);
  expect(said).not.toMatch(/ENOSPC.*\n\s+at /);
  expect(output.error?.code).not.toBe("internal");
}

describe.skipIf(noMount !== null)("a full disk", () => {
  test.each([64 * 1024, mebibyte, 4 * mebibyte])(
    "a stick with room for %d bytes: export says so, and goes on when there is room",
    async (sizeBytes) => {
      const station = copyTo(asking.station, mount(`station-${sizeBytes}`, 256 * mebibyte));
      const stick = mount(`stick-${sizeBytes}`, sizeBytes);
      const args = ["transfer", "export", "--to", peer.identity.name, "--medium", stick];
      const full = await tryAt<Failure>(station, args);
      expectSentence(full.output, full.exitCode);
      grow(stick, 64 * mebibyte);
      await at<Exported>(station, args);
      const bags = readdirSync(join(stick, "sallyport"));
      const lines = bags.flatMap(
        (bag) => openBag(join(stick, "sallyport", bag), peer.identity.age.identity).lines,
      );
      expect(lines.filter((line) => line.startsWith('{"type":"request"'))).toHaveLength(12);
      expect((await at<AuditVerdict>(station, ["audit", "verify"])).ok).toBe(true);
    },
    60_000,
  );

  test.each([1, 3, 6, 9, 12, 18])(
    "a station with %d MiB left: export says so, and goes on when there is room",
    async (leftMebibytes) => {
      const disk = mount(`sealing-${leftMebibytes}`, 512 * mebibyte);
      const station = copyTo(asking.station, disk);
      const stick = mount(`stick-of-${leftMebibytes}`, 64 * mebibyte);
      grow(disk, usedBytes(disk) + leftMebibytes * mebibyte);
      const args = ["transfer", "export", "--to", peer.identity.name, "--medium", stick];
      const full = await tryAt<Failure>(station, args);
      if (full.exitCode !== 0) expectSentence(full.output, full.exitCode);
      grow(disk, 512 * mebibyte);
      await at<Exported>(station, args);
      const bags = readdirSync(join(stick, "sallyport"));
      expect(bags).toHaveLength(1);
      const lines = openBag(join(stick, "sallyport", bags[0] ?? ""), peer.identity.age.identity).lines;
      expect(lines.filter((line) => line.startsWith('{"type":"request"'))).toHaveLength(12);
      expect((await at<AuditVerdict>(station, ["audit", "verify"])).ok).toBe(true);
    },
    60_000,
  );

  test.each([0, 1, 3, 6, 9, 12, 18, 30])(
    "a station with %d MiB left: import says so, and goes on when there is room",
    async (leftMebibytes) => {
      const disk = mount(`importing-${leftMebibytes}`, 512 * mebibyte);
      const station = copyTo(answering.station, disk);
      const stick = mount(`stick-in-${leftMebibytes}`, 64 * mebibyte);
      const lines = Array.from({ length: 12 }, (_, index) =>
        requestLine(`big-${index}`, `"${noise(900_000)}"`),
      );
      lay(stick, sealNext(answering, sender, [partOf(lines)]));
      grow(disk, usedBytes(disk) + leftMebibytes * mebibyte);
      const args = ["transfer", "import", "--medium", stick];
      const full = await tryAt<Failure>(station, args);
      if (full.exitCode !== 0) expectSentence(full.output, full.exitCode);
      grow(disk, 512 * mebibyte);
      const { bags } = await at<Bags>(station, args);
      expect(bags.map((row) => row.state).join(" ")).toMatch(/^(already-)?imported$/);
      const landed = await within(station, (session) =>
        session.call<{ requests: unknown[] }>("requests", "list", { limit: 100 }),
      );
      expect(landed.requests).toHaveLength(12);
      expect((await at<AuditVerdict>(station, ["audit", "verify"])).ok).toBe(true);
    },
    60_000,
  );
});

function copyTo(station: Station, folder: string): Station {
  const directory = join(folder, station.name);
  cpSync(station.directory, directory, { recursive: true, preserveTimestamps: true });
  return { ...station, directory };
}

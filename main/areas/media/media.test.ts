import { spawn } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { media as contract } from "../../../shared/contract/transfer.ts";
import { stationPaths } from "../../station/paths.ts";
import { parseListing } from "./list.ts";
import { mountOf, parseMounts } from "./mounts.ts";
import { createMediaService } from "./service.ts";
import { makeLoopMedium, whyNoLoop, type LoopMedium } from "./test-loop.ts";

const station = mkdtempSync(join(tmpdir(), "station-"));
const service = createMediaService({
  paths: stationPaths(station),
  log: { info() {}, warn() {}, error() {} },
});
afterAll(() => rmSync(station, { recursive: true }));

describe("what a folder is as a medium", () => {
  test("a folder on the station's file system is none, and the sentence says so", async () => {
    const found = await service.look(tmpdir());
    expect(found).toMatchObject({ exists: true, readBack: "none", mount: undefined });
    expect(found.sentence).toContain("no medium");
  });

  test("a folder that does not exist is looked at where it would be", async () => {
    const path = join(station, "not", "yet");
    expect(await service.look(path)).toMatchObject({ path, exists: false, readBack: "none" });
  });

  test("a relative path is refused", async () => {
    await expect(service.look("media/stick")).rejects.toMatchObject({ code: "bad-input" });
  });

  test.runIf(process.platform === "linux")("memory is none, although it takes O_DIRECT", async () => {
    expect(await service.look("/dev/shm")).toMatchObject({ readBack: "none", fileSystem: "tmpfs" });
  });

  test("the list fits the contract", async () => {
    const answer = await service.handlers.list({}, undefined as never);
    const { outputSchema } = contract.list["~orpc"];
    expect(await outputSchema?.["~standard"].validate(answer)).not.toHaveProperty("issues");
  });
});

describe("mountinfo", () => {
  test("escaped blanks and binds are read, and the longest mount point wins", () => {
    const mounts = parseMounts(
      [
        "22 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard",
        "40 22 8:17 / /media/ada/MY\\040STICK rw,nosuid,nodev - vfat /dev/sdb1 rw,uid=1000",
        "41 22 8:17 /sub /mnt/bind ro - vfat /dev/sdb1 rw",
      ].join("\n"),
    );
    expect(mountOf("/media/ada/MY STICK/out", mounts)).toMatchObject({
      device: "8:17",
      fileSystem: "vfat",
      superOptions: ["rw", "uid=1000"],
    });
    expect(mountOf("/mnt/bind/x", mounts)?.root).toBe("/sub");
    expect(mountOf("/media/ada/MY STICKER", mounts)?.mountPoint).toBe("/");
  });
});

describe("lsblk", () => {
  test("a stick counts by its bus, also when only its disk says so; the system's disk does not", () => {
    const found = parseListing(
      JSON.stringify({
        blockdevices: [
          { path: "/dev/vda", tran: null, rm: false, hotplug: false, size: 9, mountpoints: ["/"] },
          {
            path: "/dev/sdb",
            tran: "usb",
            rm: false,
            hotplug: true,
            size: 32,
            mountpoints: [null],
            children: [
              {
                path: "/dev/sdb1",
                tran: null,
                size: 31,
                ro: true,
                label: "SP-11",
                mountpoints: ["/media/a"],
              },
            ],
          },
          { path: "/dev/loop3", size: 4, mountpoints: ["/mnt/stick", "[SWAP]"] },
        ],
      }),
    );
    expect(found).toEqual([
      { path: "/media/a", label: "SP-11", device: "/dev/sdb1", sizeBytes: 31, readOnly: true },
      { path: "/mnt/stick", label: "", device: "/dev/loop3", sizeBytes: 4, readOnly: false },
    ]);
  });
});

const noLoop = whyNoLoop();
if (noLoop !== null) console.log(`Remount tests are skipped: ${noLoop}.`);

describe.skipIf(noLoop !== null)("a file system of its own", () => {
  let medium: LoopMedium;
  beforeAll(() => {
    medium = makeLoopMedium(32);
  });
  afterAll(() => medium.remove());

  test("it is unmounted and mounted again with its files", async () => {
    writeFileSync(join(medium.path, "kept"), "kept");
    const found = await service.look(medium.path);
    expect(found).toMatchObject({ readBack: "remounted", readsDirect: true, fileSystem: "ext4" });
    expect(await service.remount(found)).toEqual({ remounted: true });
    expect(readFileSync(join(medium.path, "kept"), "utf8")).toBe("kept");
    expect((await service.look(medium.path)).deviceNumber).toBe(found.deviceNumber);
  });

  test("a folder inside it is the same medium", async () => {
    mkdirSync(join(medium.path, "out"), { recursive: true });
    expect((await service.look(join(medium.path, "out"))).readBack).toBe("remounted");
  });

  test("while somebody uses it, it stays mounted and the answer says why", async () => {
    const found = await service.look(medium.path);
    const file = openSync(join(medium.path, "busy"), "w");
    const user = spawn("sleep", ["30"], { cwd: medium.path });
    try {
      const outcome = await service.remount(found);
      expect(outcome).toMatchObject({ remounted: false });
      expect(outcome.remounted || outcome.why).toContain("busy");
    } finally {
      user.kill();
      closeSync(file);
    }
    expect((await service.look(medium.path)).fileSystem).toBe("ext4");
  });
});

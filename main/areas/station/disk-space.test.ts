import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { defaultConfiguration } from "../../station/configuration.ts";
import { openTestStation, type TestStation } from "../../station/testing/open-test-station.ts";
import { diskLevels, levelOf, systemSpace, thresholds, type DiskLevel } from "./disk-space.ts";

const gibibyte = 2 ** 30;
const large = thresholds(1000 * gibibyte, defaultConfiguration.disk);

describe("the thresholds", () => {
  test("are bytes on a large disk and shares of a small one", () => {
    expect(large).toEqual({ warnBytes: 20 * gibibyte, stopBytes: 8 * gibibyte, readOnlyBytes: 2 * gibibyte });
    expect(thresholds(40 * gibibyte, defaultConfiguration.disk)).toEqual({
      warnBytes: 10 * gibibyte,
      stopBytes: 4 * gibibyte,
      readOnlyBytes: gibibyte,
    });
  });

  test("are left a tenth above where they begin, one after the other", () => {
    const way = [30, 19.9, 20.1, 22.1, 7.9, 8.5, 8.9, 1.9, 2.1, 2.3, 9, 30];
    let level: DiskLevel = "ok";
    const levels = way.map((free) => (level = levelOf(free * gibibyte, large, level)));
    expect(levels).toEqual([
      "ok",
      "warn",
      "warn",
      "ok",
      "stop",
      "stop",
      "warn",
      "read-only",
      "read-only",
      "stop",
      "warn",
      "ok",
    ]);
  });

  test("the more is free, the less is closed, whatever came before", () => {
    for (const before of diskLevels) {
      const found = Array.from({ length: 60 }, (_, half) =>
        diskLevels.indexOf(levelOf((half / 2) * gibibyte, large, before)),
      );
      expect(found).toEqual(found.toSorted((a, b) => b - a));
    }
  });
});

describe("a station on a disk that fills up", () => {
  let station: TestStation | undefined;
  afterEach(async () => {
    await station?.close();
    station = undefined;
  });

  test("warns, stops what takes room, becomes read-only, and opens again by itself; each in the log", async () => {
    let freeBytes = 100 * gibibyte;
    station = await openTestStation("request", {
      diskSpace: () => ({ freeBytes, totalBytes: 1000 * gibibyte }),
    });
    const client = await station.signedIn();
    const submit = () => client.requests.submit({ kind: "echo", user: "alice", source: { text: "1" } });
    const level = async () => (await client.station.show({})).disk.level;
    const diskNeed = async () =>
      (await client.watch.summary({})).needs.find(({ kind }) => kind === "disk")?.severity;

    expect([await level(), await diskNeed()]).toEqual(["ok", undefined]);
    freeBytes = 15 * gibibyte;
    await submit();
    expect([await level(), await diskNeed()]).toEqual(["warn", "warn"]);

    freeBytes = 7 * gibibyte;
    await expect(submit()).rejects.toMatchObject({
      code: "no-room",
      message:
        "The station's disk has 7.0 GiB free: below 8.0 GiB nothing is exported, imported or submitted.",
    });
    expect(await diskNeed()).toBe("bad");
    // What takes no room goes on.
    const { card } = await client.station.card({});
    expect(card).toContain("sallyport-card@v1");

    freeBytes = gibibyte;
    await expect(client.operators.invite({ name: "bob", roles: ["viewer"] })).rejects.toMatchObject({
      code: "no-room",
      message: expect.stringContaining("read-only") as string,
    });
    expect((await client.requests.list({})).requests).toHaveLength(1);
    await client.session.signOut({});
    const again = await station.signedIn();

    freeBytes = 50 * gibibyte;
    await again.requests.submit({ kind: "echo", user: "alice", source: { text: "2" } });
    const { events } = await again.audit.list({ action: "station.disk-level" });
    expect(events.map(({ object, outcome }) => `${object} ${outcome}`)).toEqual([
      "ok done",
      "read-only failed",
      "stop failed",
      "warn failed",
    ]);
  });

  test("the limits are set in station.json, in their order", async () => {
    const directory = mkdtempSync(join(tmpdir(), "sallyport-disk-"));
    const write = (disk: object) => writeFileSync(join(directory, "station.json"), JSON.stringify({ disk }));
    write({ warnMiB: 100, stopMiB: 200 });
    await expect(openTestStation(null, { directory })).rejects.toThrow("go down in this order");
    write({ warnMiB: 300, stopMiB: 200, readOnlyMiB: 10 });
    await expect(openTestStation(null, { directory })).rejects.toThrow("disk.readOnlyMiB");
    write({ warnMiB: 300, stopMiB: 200, readOnlyMiB: 100 });
    station = await openTestStation("request", {
      directory,
      diskSpace: () => ({ freeBytes: 250 * 2 ** 20, totalBytes: 100 * gibibyte }),
    });
    const client = await station.signedIn();
    expect((await client.station.show({})).disk.level).toBe("warn");
    await station.close();
    station = undefined;
    rmSync(directory, { recursive: true });
  });

  test("a real small disk: what the system says is what counts", async ({ skip }) => {
    const folder = mkdtempSync(join(tmpdir(), "sallyport-small-"));
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", folder], { stdio: "pipe" });
    } catch (error) {
      rmSync(folder, { recursive: true });
      return skip(`a small file system can't be mounted here: ${String(error).split("\n")[0] ?? ""}`);
    }
    try {
      const directory = join(folder, "station");
      mkdirSync(directory);
      station = await openTestStation("request", { directory, diskSpace: systemSpace });
      const client = await station.signedIn();
      const level = async () => (await client.station.show({})).disk.level;
      expect(await level()).toBe("ok");
      writeFileSync(join(folder, "filler"), Buffer.alloc(60 * 2 ** 20));
      const { freeBytes, stopBytes, level: full } = (await client.station.show({})).disk;
      expect(freeBytes).toBeLessThan(stopBytes);
      expect(["stop", "read-only"]).toContain(full);
      rmSync(join(folder, "filler"));
      expect(await level()).toBe("ok");
      await station.close();
      station = undefined;
    } finally {
      execFileSync("umount", ["-l", folder]);
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

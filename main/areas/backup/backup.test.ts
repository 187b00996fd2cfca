import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { openTestStation, passphrase, type TestStation } from "../../station/testing/open-test-station.ts";

const root = mkdtempSync(join(tmpdir(), "sallyport-backup-"));
const closing: TestStation[] = [];
let count = 0;
const fresh = (name: string): string => {
  const path = join(root, `${name}-${(count += 1)}`);
  mkdirSync(path);
  return path;
};
afterEach(async () => {
  for (const station of closing.splice(0)) await station.close();
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root);
});

async function open(directory: string, side: "request" | null = null): Promise<TestStation> {
  const station = await openTestStation(side, { directory });
  closing.push(station);
  return station;
}

describe("a backup", () => {
  test("is written, opened again and noted; a restore of it is the station in a new lineage", async () => {
    const low = await open(fresh("low"), "request");
    const client = await low.signedIn();
    await client.requests.submit({ kind: "echo", user: "alice", source: { text: "1\n2\n" } });
    const medium = fresh("medium");
    const made = await client.station.backup({ out: medium });
    expect(readdirSync(medium)).toEqual([made.folder.slice(medium.length + 1)]);
    expect(readdirSync(join(low.directory, "run")).filter((name) => name.startsWith("scratch"))).toEqual([]);
    expect((await client.station.backups({})).backups).toMatchObject([
      { here: true, manifestSha256: made.manifestSha256 },
    ]);
    expect(await client.station.checkBackup({ from: medium })).toMatchObject({
      own: true,
      openedBy: ["ada"],
      noLonger: [],
    });

    const again = await open(fresh("again"));
    const visitor = again.client().client;
    const restored = await visitor.station.restore({ from: medium, operator: "ada", passphrase });
    expect(restored.abandoned).toMatchObject({ events: made.events, root: made.root });
    expect((await visitor.session.state({})).phase).toBe("locked");
    const back = await again.signedIn();
    expect((await back.requests.list({})).requests).toHaveLength(2);
    expect(await back.audit.verify({})).toMatchObject({ ok: true });
    const shown = await back.station.show({});
    expect(shown.lineage).toBe(restored.lineage);
    await expect(back.transfer.export({ to: "high", medium })).rejects.toMatchObject({
      code: "not-ready",
      message: expect.stringContaining("reviewed") as string,
    });
  });

  test("from before and after a change of the station's keys opens, and the restored station sends", async () => {
    const low = await open(fresh("low"), "request");
    const client = await low.signedIn();
    const before = fresh("before");
    await client.station.backup({ out: before });
    await client.station.rotateKeys({ note: "for this test" });
    const after = fresh("after");
    await client.station.backup({ out: after });
    for (const from of [before, after]) {
      expect(await client.station.checkBackup({ from })).toMatchObject({ own: true });
      const again = await open(fresh("again"));
      const visitor = again.client().client;
      const restored = await visitor.station.restore({ from, operator: "ada", passphrase });
      const back = await again.signedIn();
      expect((await back.station.show({})).fingerprint).toBe(restored.fingerprint);
      expect(await back.station.card({})).toMatchObject({ fingerprint: restored.fingerprint });
    }
  });

  test("is one job at a time with exports, shows as one, and stops when it is asked to", async () => {
    let atCopy = (): void => {};
    const step = (name: string): void => {
      if (name === "backup.copy") atCopy();
    };
    const low = await openTestStation("request", { directory: fresh("low"), step });
    closing.push(low);
    const client = await low.signedIn();
    const medium = fresh("medium");
    const running = client.station.backup({ out: medium });
    const second = client.station.backup({ out: medium });
    await expect(second).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("A backup with") as string,
    });
    await running;
    const { jobs } = await client.transfer.jobs({});
    expect(jobs).toMatchObject([{ kind: "backup", state: "done", verdict: "done" }]);
    expect(jobs[0]?.steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
      "copy done",
      "seal done",
      "flush done",
      "read-back proved",
    ]);

    const cancel = async (): Promise<unknown> => {
      const { jobs: now } = await client.transfer.jobs({});
      return client.transfer.cancel({ job: now[0]?.job ?? "" });
    };
    let cancelled: Promise<unknown> | undefined;
    atCopy = () => {
      cancelled = cancel();
    };
    const stopped = client.station.backup({ out: medium });
    await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
    await cancelled;
    expect(readdirSync(medium)).toHaveLength(1);
    expect((await client.station.backups({})).backups).toHaveLength(1);
  });
});

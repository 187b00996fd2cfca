import { execFileSync, spawn } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { transfer as contract } from "../../../shared/contract/transfer.ts";
import { defaultConfiguration } from "../../station/configuration.ts";
import { createPool, type Pool } from "../../station/pool/pool.ts";
import { createMediaService } from "../media/service.ts";
import { makeLoopMedium, whyNoLoop, type LoopMedium } from "../media/test-loop.ts";
import { exportBatches, type ExportDeps } from "./export.ts";
import { haveNothing } from "./format/manifest.ts";
import { Jobs } from "./jobs.ts";
import { LedgerStore } from "./store-ledger.ts";
import { Spool } from "./spool.ts";
import { OutStore } from "./store-out.ts";
import type { ExportAnswer } from "./shapes.ts";
import type { TransferTasks } from "./tasks.ts";
import { makeTestStation, type TestStation } from "./test-kernel.ts";
import { createWitness } from "./witness.ts";
import { createWriter } from "./writer.ts";

const cleanUps: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** One for all tests: starting its thread costs more than most of them. */
const pool: Pool<TransferTasks> = createPool(new URL("./worker.ts", import.meta.url), 1);
afterAll(() => pool.close());

interface Desk {
  readonly low: TestStation;
  readonly high: TestStation;
  readonly peer: number;
  readonly deps: ExportDeps;
  export(medium: string): Promise<ExportAnswer>;
}

async function desk(): Promise<Desk> {
  const low = await makeTestStation("low", "request");
  const high = await makeTestStation("high", "response");
  const peer = low.trust(high);
  cleanUps.push(
    () => low.close(),
    () => high.close(),
  );
  const { kernel } = low;
  const deps: ExportDeps = {
    kernel,
    store: new OutStore(kernel.store),
    spool: new Spool(kernel.paths.spoolOut),
    pool,
    haveFor: () => haveNothing,
    witness: createWitness(kernel),
    jobs: new Jobs({ clock: kernel.clock, stopping: kernel.stopping, progress() {} }),
    media: createMediaService(kernel),
    partBytes: 100_000,
  };
  return { low, high, peer, deps, export: (medium) => exportBatches(deps, { to: "high", medium }, low.call) };
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "medium-"));
  cleanUps.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Requests of random text, so that parts stay large when compressed. */
function fill(station: TestStation, from: number, count: number): void {
  station.kernel.store.write(() => {
    for (let index = from; index < from + count; index += 1) {
      const text = Buffer.from(crypto.getRandomValues(new Uint8Array(1500))).toString("base64");
      station.request(`r-${index}`, JSON.stringify(text));
    }
  });
}

const ledger = ({ low }: Desk) =>
  new LedgerStore(low.kernel.store, () => "request-to-response").rows(undefined);
const bagOf = (medium: string, answer: ExportAnswer): string =>
  join(medium, "sallyport", answer.volumes[0] ?? "none");

function bagsOn(medium: string): string[] {
  const outer = join(medium, "sallyport");
  return existsSync(outer) ? readdirSync(outer).map((name) => join(outer, name)) : [];
}

function checkWithStockTools(bag: string, sender: TestStation): void {
  const run = (command: string): string =>
    execFileSync("sh", ["-c", command], { cwd: bag, encoding: "utf8" });
  run("sha256sum --quiet -c tagmanifest-sha256.txt && sha256sum --quiet -c manifest-sha256.txt");
  const signers = join(tmpdir(), `signers-${sender.identity.id}`);
  cleanUps.push(() => rmSync(signers, { force: true }));
  writeFileSync(signers, `low namespaces="sallyport-batch@v1" ${sender.kernel.keyring.signingPublicKey()}\n`);
  run(
    `ssh-keygen -Y verify -f ${signers} -I low -n sallyport-batch@v1 -s tagmanifest-sha256.txt.sig < tagmanifest-sha256.txt`,
  );
}

describe("export onto a folder", () => {
  test("writes one signed bag that stock tools verify, and says that it is no medium", async () => {
    const all = await desk();
    fill(all.low, 0, 300);
    const medium = folder();
    const answer = await all.export(medium);
    expect(answer).toMatchObject({ sequence: 1, records: 300, readBack: "none", again: [] });
    expect(await contract.export["~orpc"].outputSchema?.["~standard"].validate(answer)).not.toHaveProperty(
      "issues",
    );
    const bag = bagOf(medium, answer);
    expect(readdirSync(bag).toSorted()).toEqual(
      ["README.txt", "bag-info.txt", "bagit.txt", "batch.json", "data", "manifest-sha256.txt"].concat(
        "tagmanifest-sha256.txt",
        "tagmanifest-sha256.txt.sig",
      ),
    );
    expect(readdirSync(join(bag, "data")).length).toBeGreaterThan(3);
    checkWithStockTools(bag, all.low);
    expect(ledger(all)).toMatchObject([
      { peer: "high", direction: "request-to-response", sequence: 1, state: "copied" },
    ]);
    expect(all.low.events.map((event) => event.action)).toEqual([
      "transfer.batch-sealed",
      "transfer.copy-begun",
      "transfer.batch-copied",
    ]);
    const [job] = all.deps.jobs.list();
    expect(job).toMatchObject({ state: "done", verdict: "warn", readBack: "none", sequence: 1 });
    expect(job?.sentence).toContain("Written, not proved.");
    // A folder was read again, but nothing came back from a medium.
    expect(job?.parts.every((part) => part.state === "synced")).toBe(true);
  });

  test("nothing to carry is an answer, not an empty batch", async () => {
    const all = await desk();
    const medium = folder();
    expect(await all.export(medium)).toEqual({
      batch: null,
      sequence: null,
      volumes: [],
      records: 0,
      bytes: 0,
      readBack: null,
      again: [],
    });
    expect(readdirSync(medium)).toEqual([]);
    expect(ledger(all)).toEqual([]);
  });

  test("what is not settled goes again onto the next medium, with the same bytes, before new work", async () => {
    const all = await desk();
    fill(all.low, 0, 3);
    const first = folder();
    const one = await all.export(first);
    fill(all.low, 3, 2);
    const second = folder();
    const two = await all.export(second);
    expect(two).toMatchObject({
      sequence: 2,
      records: 2,
      again: [{ batch: one.batch, sequence: 1, records: 3 }],
    });
    const bags = [
      join(first, "sallyport", one.volumes[0] ?? ""),
      join(second, "sallyport", one.volumes[0] ?? ""),
    ];
    execFileSync("diff", ["-r", ...bags]);
    checkWithStockTools(bagOf(second, two), all.low);
  });

  test("a settled batch is not carried again", async () => {
    const all = await desk();
    fill(all.low, 0, 3);
    await all.export(folder());
    all.low.kernel.store.prepare("UPDATE batch SET state = 'imported', settled_at = '2026-11-21'").run();
    expect(await all.export(folder())).toMatchObject({ batch: null, again: [] });
  });

  test("a damaged or half-written bag is finished in place, and only what is missing is written", async () => {
    const all = await desk();
    fill(all.low, 0, 300);
    const medium = folder();
    const bag = bagOf(medium, await all.export(medium));
    const whole = readdirSync(join(bag, "data")).map((name) => readFileSync(join(bag, "data", name)));
    const kept = statSync(join(bag, "data/part-00001.zst.age")).mtimeMs;
    rmSync(join(bag, "tagmanifest-sha256.txt.sig"));
    rmSync(join(bag, "bag-info.txt"));
    appendFileSync(join(bag, "data/part-00002.zst.age"), "more");
    writeFileSync(join(bag, "data/part-00003.zst.age"), "");
    writeFileSync(join(bag, ".DS_Store"), "litter stays");
    const answer = await all.export(medium);
    expect(answer).toMatchObject({ batch: null, again: [{ sequence: 1 }] });
    expect(readdirSync(join(bag, "data")).map((name) => readFileSync(join(bag, "data", name)))).toEqual(
      whole,
    );
    expect(statSync(join(bag, "data/part-00001.zst.age")).mtimeMs).toBe(kept);
    checkWithStockTools(bag, all.low);
  });

  test("a file that is not of the batch, a link or a folder in the way is named, and nothing is followed", async () => {
    const all = await desk();
    fill(all.low, 0, 3);
    const medium = folder();
    const bag = bagOf(medium, await all.export(medium));
    writeFileSync(join(bag, "data/autorun.inf"), "");
    await expect(all.export(medium)).rejects.toMatchObject({
      code: "medium-failed",
      message: expect.stringContaining("autorun.inf"),
    });
    rmSync(join(bag, "data/autorun.inf"));
    const outside = join(folder(), "outside");
    writeFileSync(outside, "untouched");
    rmSync(join(bag, "batch.json"));
    symlinkSync(outside, join(bag, "batch.json"));
    await expect(all.export(medium)).rejects.toMatchObject({ code: "medium-failed" });
    expect(readFileSync(outside, "utf8")).toBe("untouched");
    rmSync(bag, { recursive: true });
    symlinkSync(folder(), bag);
    await expect(all.export(medium)).rejects.toMatchObject({ code: "medium-failed" });
  });

  test("whichever step fails, no bag looks whole too early, and the next export ends the same", async () => {
    for (let failAt = 1; ; failAt += 1) {
      const all = await desk();
      fill(all.low, 0, 60);
      const medium = folder();
      let count = 0;
      all.low.beforeStep = (name) => {
        count += 1;
        if (count === failAt)
          throw Object.assign(new Error(name), { code: failAt % 2 === 0 ? "EIO" : "ENOSPC" });
      };
      const outcome = await all.export(medium).catch((error: unknown) => error);
      all.low.beforeStep = () => {};
      const failed = outcome instanceof Error;
      if (failed) {
        expect(outcome).toMatchObject({
          code: failAt % 2 === 0 ? "medium-failed" : "no-room",
          facts: { safe: expect.stringMatching(/[nN]othing/) },
        });
        for (const bag of bagsOn(medium)) {
          if (existsSync(join(bag, "tagmanifest-sha256.txt.sig"))) checkWithStockTools(bag, all.low);
        }
        await all.export(medium);
      }
      expect(ledger(all)).toMatchObject([{ sequence: 1, state: "copied" }]);
      expect(all.deps.store.sealings()).toEqual([]);
      expect(readdirSync(all.low.kernel.paths.spoolOut)).toHaveLength(1);
      expect(bagsOn(medium)).toHaveLength(1);
      if (!failed) {
        for (const bag of bagsOn(medium)) checkWithStockTools(bag, all.low);
        expect(failAt).toBeGreaterThan(18);
        return;
      }
    }
  }, 120_000);

  test("a spool that was damaged is found before the bag is signed", async () => {
    const all = await desk();
    fill(all.low, 0, 10);
    all.low.beforeStep = (name) => {
      if (name !== "copy.begin") return;
      const spool = join(all.low.kernel.paths.spoolOut, "1", "part-00001.zst.age");
      const bytes = readFileSync(spool);
      bytes[100] = (bytes[100] ?? 0) ^ 1;
      writeFileSync(spool, bytes);
    };
    const medium = folder();
    await expect(all.export(medium)).rejects.toMatchObject({ message: expect.stringContaining("own spool") });
    const [bag = ""] = readdirSync(join(medium, "sallyport"));
    expect(existsSync(join(medium, "sallyport", bag, "tagmanifest-sha256.txt.sig"))).toBe(false);
  });

  test("a batch whose sealed bytes are lost keeps no other from being sealed and carried", async () => {
    const all = await desk();
    fill(all.low, 0, 10);
    const { batch: lost } = await all.export(folder());
    rmSync(join(all.low.kernel.paths.spoolOut, "1", "part-00001.zst.age"));
    fill(all.low, 10, 10);
    const medium = folder();
    await expect(all.export(medium)).rejects.toMatchObject({ message: expect.stringContaining("own spool") });
    expect(ledger(all)).toMatchObject([
      { sequence: 1, batch: lost },
      { sequence: 2, state: "copied" },
    ]);
    const [unsigned = "", whole = ""] = readdirSync(join(medium, "sallyport")).toSorted();
    expect(existsSync(join(medium, "sallyport", unsigned, "tagmanifest-sha256.txt.sig"))).toBe(false);
    checkWithStockTools(join(medium, "sallyport", whole), all.low);
  });

  test("the spool is swept before another export may begin, and what becomes of that fails nothing", async () => {
    const all = await desk();
    fill(all.low, 0, 2);
    const spool = all.deps.spool;
    let running = false;
    spool.sweep = () => {
      running = all.deps.jobs.list().some((job) => job.state === "running");
      return Promise.reject(new Error("no such disk"));
    };
    const writer = createWriter(all.deps);
    expect(await writer.handlers.export({ to: "high", medium: folder() }, all.low.call)).toMatchObject({
      records: 2,
    });
    expect(running).toBe(true);
  });

  test("a copy that reads back differently is taken off and written again by the next export", async () => {
    const all = await desk();
    fill(all.low, 0, 10);
    const medium = folder();
    all.low.beforeStep = (name) => {
      if (name !== "read-back") return;
      const [bag = ""] = readdirSync(join(medium, "sallyport"));
      writeFileSync(join(medium, "sallyport", bag, "data/part-00001.zst.age"), "rotten");
    };
    await expect(all.export(medium)).rejects.toMatchObject({
      code: "medium-failed",
      message: expect.stringContaining("reads back differently"),
    });
    const [name = ""] = readdirSync(join(medium, "sallyport"));
    const bag = join(medium, "sallyport", name);
    expect(existsSync(join(bag, "tagmanifest-sha256.txt.sig"))).toBe(false);
    expect(existsSync(join(bag, "data/part-00001.zst.age"))).toBe(false);
    expect(ledger(all)).toMatchObject([{ state: "sealed" }]);
    all.low.beforeStep = () => {};
    await all.export(medium);
    checkWithStockTools(bag, all.low);
  });

  test("a cancelled copy stops between two parts, unsigned, and the next export goes on there", async () => {
    const all = await desk();
    fill(all.low, 0, 300);
    const medium = folder();
    all.low.beforeStep = () => {
      const [job] = all.deps.jobs.list();
      const copying = all.low.steps.filter((name) => name === "copy.part").length;
      if (copying === 2 && job !== undefined) all.deps.jobs.cancel(job.job);
    };
    await expect(all.export(medium)).rejects.toMatchObject({ code: "cancelled" });
    const [bag = ""] = bagsOn(medium);
    expect(readdirSync(join(bag, "data"))).toHaveLength(2);
    expect(existsSync(join(bag, "tagmanifest-sha256.txt.sig"))).toBe(false);
    expect(all.deps.jobs.list()[0]).toMatchObject({ state: "cancelled", verdict: "warn" });
    const before = all.low.steps.filter((name) => name === "copy.part").length;
    all.low.beforeStep = () => {};
    const answer = await all.export(medium);
    const parts = readdirSync(join(bag, "data")).length;
    expect(all.low.steps.filter((name) => name === "copy.part").length - before).toBe(parts - 2);
    expect(answer.again).toHaveLength(1);
    checkWithStockTools(bag, all.low);
  });

  test("the copy's progress counts every synced byte once", async () => {
    const all = await desk();
    fill(all.low, 0, 300);
    const answer = await all.export(folder());
    const steps = all.deps.jobs.list()[0]?.steps ?? [];
    for (const name of ["copy", "flush", "read-back"]) {
      const step = steps.find((each) => each.name === name);
      expect(step).toMatchObject({ state: "done", doneBytes: step?.totalBytes });
      if (name === "copy") expect(step?.doneBytes).toBeGreaterThan(answer.bytes);
    }
  });

  test("an untrusted peer, an unknown one and a medium that is not there are refused before anything is sealed", async () => {
    const all = await desk();
    fill(all.low, 0, 1);
    await expect(all.export("/media/nobody/no-stick")).rejects.toMatchObject({ code: "medium-failed" });
    const toNobody = exportBatches(all.deps, { to: "nobody", medium: folder() }, all.low.call);
    await expect(toNobody).rejects.toMatchObject({ code: "not-found" });
    for (const [state, card] of [
      ["pending", "offered"],
      ["revoked", "revoked"],
    ]) {
      all.low.kernel.store.prepare("UPDATE peer SET state = ?").run(state);
      all.low.kernel.store.prepare("UPDATE peer_card SET state = ?").run(card);
      await expect(all.export(folder())).rejects.toMatchObject({ code: "not-ready" });
    }
    expect(ledger(all)).toEqual([]);
  });

  test("sealed parts stay as many days as station.json says", async () => {
    const all = await desk();
    const configuration = { ...defaultConfiguration, transfer: { partMiB: 16, keepSealedDays: 2 } };
    const writer = createWriter({ ...all.deps, kernel: { ...all.low.kernel, configuration } });
    const spooled = () => readdirSync(all.low.kernel.paths.spoolOut).length;
    fill(all.low, 0, 2);
    await all.export(folder());
    const { store } = all.low.kernel;
    store.prepare("UPDATE batch SET state = 'imported', settled_at = '2026-11-20T08:00:00.000Z'").run();
    await writer.sweep();
    expect(spooled()).toBe(1);
    store.prepare("UPDATE batch SET settled_at = '2026-11-19T07:00:00.000Z'").run();
    await writer.sweep();
    expect(spooled()).toBe(0);
  });

  test("a folder inside the station's own directory is no medium at all", async () => {
    const all = await desk();
    fill(all.low, 0, 1);
    await expect(all.export(all.low.kernel.paths.spoolOut)).rejects.toMatchObject({ code: "bad-input" });
    const link = join(folder(), "link");
    symlinkSync(all.low.kernel.paths.root, link);
    await expect(all.export(link)).rejects.toMatchObject({ code: "bad-input" });
    expect(ledger(all)).toEqual([]);
  });

  test("sealed parts go 30 days after their import, or when the peer's backups hold them, never before", async () => {
    const all = await desk();
    const writer = createWriter(all.deps);
    const spooled = () => readdirSync(all.low.kernel.paths.spoolOut).length;
    const { store } = all.low.kernel;
    fill(all.low, 0, 2);
    await all.export(folder());
    all.low.clock.now = new Date("2028-01-01T00:00:00.000Z");
    await writer.sweep();
    expect(spooled()).toBe(1);
    store.prepare("UPDATE batch SET state = 'imported', settled_at = '2027-12-31T00:00:00.000Z'").run();
    await writer.sweep();
    expect(spooled()).toBe(1);
    store.prepare("UPDATE peer SET have_lineage = ?, have_safe_through = 1").run(all.low.identity.lineage);
    await writer.sweep();
    expect(spooled()).toBe(0);
  });
});

const noLoop = whyNoLoop();
if (noLoop !== null) console.log(`Export onto real file systems is skipped: ${noLoop}.`);

describe.skipIf(noLoop !== null)("export onto a file system of its own", () => {
  function stick(sizeMiB: number): LoopMedium {
    const medium = makeLoopMedium(sizeMiB);
    cleanUps.push(() => medium.remove());
    return medium;
  }

  test("is safe to carry only after it was mounted again and read whole", async () => {
    const all = await desk();
    fill(all.low, 0, 300);
    const medium = stick(32);
    const answer = await all.export(medium.path);
    expect(answer.readBack).toBe("remounted");
    const [job] = all.deps.jobs.list();
    expect(job).toMatchObject({ verdict: "proved", readBack: "remounted" });
    expect(job?.sentence).toMatch(/^Safe to carry\./);
    expect(job?.steps.find((step) => step.name === "read-back")?.state).toBe("proved");
    checkWithStockTools(bagOf(medium.path, answer), all.low);
  });

  test("that somebody keeps busy is read past the cache, and the sentence says what is missing", async () => {
    const all = await desk();
    fill(all.low, 0, 300);
    const medium = stick(32);
    const user = spawn("sleep", ["60"], { cwd: medium.path });
    cleanUps.push(() => void user.kill());
    const answer = await all.export(medium.path);
    user.kill();
    expect(answer.readBack).toBe("direct");
    expect(all.deps.jobs.list()[0]?.sentence).toMatch(/^Data read back; names not\./);
  });

  test("that is too small is refused before a byte is written; a larger one then takes the same batch", async () => {
    const all = await desk();
    fill(all.low, 0, 3000);
    const small = stick(3);
    await expect(all.export(small.path)).rejects.toMatchObject({
      code: "no-room",
      facts: { path: small.path },
    });
    expect(ledger(all)).toMatchObject([{ sequence: 1, state: "sealed" }]);
    const large = stick(32);
    expect(await all.export(large.path)).toMatchObject({
      batch: null,
      again: [{ sequence: 1, readBack: "remounted" }],
    });
  });

  test("that fills up half-way ends in a sentence, and the export goes on when there is room", async () => {
    const all = await desk();
    fill(all.low, 0, 2000);
    const medium = stick(16);
    const ballast = join(medium.path, "ballast");
    all.low.beforeStep = (name) => {
      if (name !== "copy.part" || existsSync(ballast)) return;
      execFileSync("sh", ["-c", `dd if=/dev/zero of=${ballast} bs=64k 2>/dev/null || true`]);
    };
    const fault = await all.export(medium.path).catch((error: unknown) => error);
    expect(fault).toMatchObject({
      code: "no-room",
      facts: { safe: expect.stringContaining("nothing is lost") },
    });
    all.low.beforeStep = () => {};
    rmSync(ballast);
    expect(await all.export(medium.path)).toMatchObject({ again: [{ readBack: "remounted" }] });
  });

  test("that is pulled half-way: nothing is written into the empty folder it leaves", async () => {
    const all = await desk();
    fill(all.low, 0, 300);
    const medium = stick(32);
    all.low.beforeStep = (name) => {
      if (name === "copy.part" && all.low.steps.filter((step) => step === "copy.part").length === 2) {
        execFileSync("umount", ["--lazy", medium.path]);
      }
    };
    await expect(all.export(medium.path)).rejects.toMatchObject({ code: "medium-failed" });
    all.low.beforeStep = () => {};
    expect(readdirSync(medium.path)).toEqual([]);
    mkdirSync(medium.path, { recursive: true });
    medium.mount();
    expect(await all.export(medium.path)).toMatchObject({ again: [{ readBack: "remounted" }] });
  });

  test("that lies in memory takes O_DIRECT and is still no proof", async () => {
    const all = await desk();
    fill(all.low, 0, 3);
    const memory = mkdtempSync("/dev/shm/medium-");
    cleanUps.push(() => rmSync(memory, { recursive: true }));
    expect((await all.export(memory)).readBack).toBe("none");
  });
});

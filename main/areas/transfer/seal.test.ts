import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { createPool, type Pool } from "../../station/pool/pool.ts";
import { sha256Hex } from "../../station/crypto/hash.ts";
import { parseEnvelope } from "./format/envelope.ts";
import { haveNothing, parseManifest } from "./format/manifest.ts";
import { openManifestPart, openPart } from "./format/part.ts";
import { Jobs } from "./jobs.ts";
import type { JobRun } from "./job-run.ts";
import { dropSealing, sealBatch, type WriterDeps } from "./seal.ts";
import { Spool } from "./spool.ts";
import { createWitness } from "./witness.ts";
import { OutStore, type SealedBatch } from "./store-out.ts";
import type { TransferTasks } from "./tasks.ts";
import { makeTestStation, type TestStation } from "./test-kernel.ts";

const stations: TestStation[] = [];
const pools: Pool<TransferTasks>[] = [];
afterEach(async () => {
  for (const station of stations.splice(0)) station.close();
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

async function pair(): Promise<{ low: TestStation; high: TestStation; peer: number; deps: WriterDeps }> {
  const low = await makeTestStation("low", "request");
  const high = await makeTestStation("high", "response");
  stations.push(low, high);
  const peer = low.trust(high);
  const pool = createPool<TransferTasks>(new URL("./worker.ts", import.meta.url), 2);
  pools.push(pool);
  const { kernel } = low;
  const deps: WriterDeps = {
    kernel,
    store: new OutStore(kernel.store),
    spool: new Spool(kernel.paths.spoolOut),
    pool,
    haveFor: () => haveNothing,
    witness: createWitness(kernel),
    partBytes: 16 * 2 ** 20,
  };
  return { low, high, peer, deps };
}

async function seal(
  station: TestStation,
  deps: WriterDeps,
  beforeSeal?: (run: JobRun) => void,
): Promise<SealedBatch | null> {
  const { kernel, call } = station;
  const jobs = new Jobs({ clock: kernel.clock, stopping: kernel.stopping, progress() {} });
  const plan = { kind: "export", medium: "/none", operator: "ada", steps: ["seal"] } as const;
  return await jobs.run(plan, async (run) => {
    beforeSeal?.(run);
    const recipient = deps.store.recipient("high");
    if (recipient === undefined) throw new Error("no peer");
    return await sealBatch(deps, recipient, call, run);
  });
}

async function linesOf(batch: SealedBatch, deps: WriterDeps, high: TestStation): Promise<string[]> {
  const envelope = parseEnvelope(batch.envelope);
  const identities = high.kernel.keyring.ageIdentities().map(({ identity }) => identity);
  const read = (name: string): Buffer => readFileSync(deps.spool.path(batch.id, name));
  for (const part of envelope.parts) expect(sha256Hex(read(part.name))).toBe(part.sha256);
  const manifest = parseManifest(await openManifestPart(read("data/manifest.zst.age"), identities), envelope);
  const lines: string[] = [];
  for (const part of manifest.parts) {
    const text = (await openPart(read(part.name), identities, part)).toString("utf8");
    const own = text.split("\n").slice(0, -1);
    expect(own).toHaveLength(part.records ?? -1);
    lines.push(...own);
  }
  return lines;
}

const waiting = (station: TestStation): number =>
  station.kernel.store
    .prepare(
      "SELECT count(*) FROM record r JOIN waiting_lot w ON ifnull(r.peer, 0) = w.destination AND r.seq > w.from_seq AND r.seq <= w.to_seq",
    )
    .pluck()
    .get() as number;

describe("sealing", () => {
  test("what waits comes out at the peer in order, bodies byte for byte, in many parts", async () => {
    const { low, high, deps } = await pair();
    const bodies = Array.from(
      { length: 500 },
      (_, index) => `{"n" :${index}.0, "text":"\\u00e9 é ${"x".repeat(index)}"}`,
    );
    bodies.forEach((body, index) => low.request(`r-${index}`, body));
    const batch = await seal(low, { ...deps, partBytes: 20_000 });
    if (batch === null) throw new Error("nothing sealed");
    const lines = await linesOf(batch, deps, high);
    expect(lines).toHaveLength(500);
    lines.forEach((line, index) =>
      expect(line.endsWith(`"user":"alice","body":${bodies[index]}}`)).toBe(true),
    );
    expect(deps.store.parts(batch.id).length).toBeGreaterThan(5);
    expect(batch).toMatchObject({ sequence: 1, records: 500, state: "sealed" });
    expect(low.events.map((event) => event.action)).toEqual(["transfer.batch-sealed"]);
  });

  test("numbers go up by one and each batch names the hash of the one before", async () => {
    const { low, deps } = await pair();
    low.request("r-1", "1");
    const first = await seal(low, deps);
    low.request("r-2", "2");
    const second = await seal(low, deps);
    if (first === null || second === null) throw new Error("nothing sealed");
    expect(parseEnvelope(first.envelope).previous).toBeNull();
    expect(parseEnvelope(second.envelope)).toMatchObject({ sequence: 2, previous: first.sha256 });
    expect(sha256Hex(first.envelope)).toBe(first.sha256);
  });

  test("nothing waiting makes no batch and leaves no trace", async () => {
    const { low, deps } = await pair();
    expect(await seal(low, deps)).toBeNull();
    expect(low.kernel.store.prepare("SELECT count(*) FROM batch").pluck().get()).toBe(0);
  });

  test("a request for another peer stays", async () => {
    const { low, peer, deps } = await pair();
    const other = await makeTestStation("other", "response");
    stations.push(other);
    low.request("r-1", "1", peer);
    low.request("r-2", "2", low.trust(other));
    low.request("r-3", "3");
    const batch = await seal(low, deps);
    expect(batch?.records).toBe(2);
    expect(waiting(low)).toBe(1);
  });

  for (const step of ["seal.claim", "seal.spool", "seal.part", "seal.manifest", "seal.sync", "seal.commit"]) {
    test(`a disk that is full at ${step} uses up no number, and the records wait again as they were`, async () => {
      const { low, peer, deps } = await pair();
      low.request("r-1", "1");
      low.request("r-2", "2", peer);
      low.beforeStep = (name) => {
        if (name === step) throw Object.assign(new Error("full"), { code: "ENOSPC" });
      };
      await expect(seal(low, deps)).rejects.toMatchObject({ code: "no-room" });
      low.beforeStep = () => {};
      expect(low.kernel.store.prepare("SELECT id, peer FROM record ORDER BY id").all()).toEqual([
        { id: "r-1", peer: null },
        { id: "r-2", peer },
      ]);
      expect(readdirSync(low.kernel.paths.spoolOut)).toEqual([]);
      expect((await seal(low, deps))?.sequence).toBe(1);
    });
  }

  test("a spool that can't be written ends the seal, whichever thread meets it", async () => {
    const { low, deps } = await pair();
    for (let index = 0; index < 200; index += 1) low.request(`r-${index}`, `"${"x".repeat(1000)}"`);
    low.beforeStep = (name) => {
      // A folder where the draft of the third part goes.
      if (name === "seal.part")
        mkdirSync(deps.spool.draft(1, "data/part-00003.zst.age"), { recursive: true });
    };
    await expect(seal(low, { ...deps, partBytes: 20_000 })).rejects.toMatchObject({ code: "medium-failed" });
    expect(waiting(low)).toBe(200);
    expect(readdirSync(low.kernel.paths.spoolOut)).toEqual([]);
  });

  test("a cancelled seal stops at a safe point and burns nothing", async () => {
    const { low, deps } = await pair();
    low.request("r-1", "1");
    await expect(seal(low, deps, (run) => run.cancel())).rejects.toMatchObject({ code: "cancelled" });
    expect(waiting(low)).toBe(1);
    expect((await seal(low, deps))?.sequence).toBe(1);
  });

  test("a peer that is revoked while its batch is sealed gets none", async () => {
    const { low, deps } = await pair();
    low.request("r-1", "1");
    low.beforeStep = (name) => {
      if (name === "seal.commit") low.kernel.store.prepare("UPDATE peer SET state = 'revoked'").run();
    };
    await expect(seal(low, deps)).rejects.toMatchObject({ code: "not-ready" });
    expect(waiting(low)).toBe(1);
  });

  test("a number that another batch took meanwhile is not used twice: only the manifest is sealed again", async () => {
    const { low, peer, deps } = await pair();
    low.request("r-1", "1");
    let done = false;
    low.beforeStep = (name) => {
      if (name !== "seal.commit" || done) return;
      done = true;
      low.kernel.store
        .prepare(
          `INSERT INTO batch (peer, own, lineage, sequence, batch, sha256, state, created_at)
           VALUES (?, 1, ?, 1, 'b000001-0000000000000000', ?, 'voided', '')`,
        )
        .run(peer, low.identity.lineage, "a".repeat(64));
    };
    const batch = await seal(low, deps);
    expect(batch?.sequence).toBe(2);
    expect(batch && parseEnvelope(batch.envelope).previous).toBe("a".repeat(64));
    expect(low.steps.filter((name) => name === "seal.part")).toHaveLength(1);
    expect(low.steps.filter((name) => name === "seal.manifest")).toHaveLength(2);
  });

  test("a seal that a crash cut short is undone by the sweep", async () => {
    const { low, peer, deps } = await pair();
    low.request("r-1", "1");
    const sealing = deps.store.beginSealing(peer, low.identity.lineage, low.identity.createdAt);
    deps.store.claim(sealing, peer);
    await deps.spool.create(sealing);
    expect(deps.store.sealings()).toEqual([{ id: sealing, peer }]);
    await dropSealing(deps, sealing);
    expect(waiting(low)).toBe(1);
    expect(deps.store.sealings()).toEqual([]);
    expect(existsSync(deps.spool.folder(sealing))).toBe(false);
  });
});

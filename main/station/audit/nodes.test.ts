import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import { createAuditLog, type AuditLog } from "./log.ts";
import { consistencyHashes, inclusionHashes, isConsistent, rootFromInclusion } from "./proof.ts";
import { CompactRange } from "./tree.ts";

const events = 1300;
let folder: string;
let store: Store;
let log: AuditLog;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-nodes-"));
  store = openStore({ path: join(folder, "station.db"), backups: folder, clock: () => new Date(0) });
  log = createAuditLog(store, () => new Date(0));
  store.write(() => {
    for (let index = 0; index < events; index += 1) {
      log.append({
        actor: "ada",
        action: "test.happened",
        object: "it",
        outcome: "done",
        details: { index },
      });
    }
  });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const leaves = (): Buffer[] =>
  store.prepare("SELECT hash FROM audit_event ORDER BY seq").pluck().all() as Buffer[];
const nodes = (): unknown[] => store.prepare("SELECT * FROM audit_node ORDER BY level, position").all();

function rootOf(hashes: readonly Buffer[]): Buffer {
  const range = new CompactRange();
  for (const hash of hashes) range.append(hash);
  return range.root();
}

describe("the stored tree", () => {
  test("gives the root of every size that the log had", () => {
    const all = leaves();
    for (const size of [1, 2, 255, 256, 257, 511, 512, 768, 1024, 1025, events]) {
      expect(log.tree.rootAt(size)).toEqual(rootOf(all.slice(0, size)));
    }
  });

  test("proves any event and any growth", () => {
    const all = leaves();
    const root = rootOf(all);
    for (const index of [0, 1, 255, 256, 700, 1023, 1024, events - 1]) {
      const hashes = inclusionHashes(log.tree.reader(), index, events);
      expect(rootFromInclusion(all[index] ?? Buffer.alloc(0), index, events, hashes)).toEqual(root);
    }
    for (const size of [1, 3, 256, 300, 1024, 1299]) {
      const hashes = consistencyHashes(log.tree.reader(), size, events);
      const old = { size, root: rootOf(all.slice(0, size)) };
      expect(isConsistent(old, { size: events, root }, hashes)).toBe(true);
    }
  });

  test("is made for a log that was written before it was kept, and is the same", () => {
    const kept = nodes();
    expect(kept).toHaveLength(5 + 2 + 1);
    store.db.exec("DELETE FROM audit_node; DELETE FROM audit_block");
    const again = createAuditLog(store, () => new Date(0));
    expect(nodes()).toEqual(kept);
    expect(again.tree.rootAt(events)).toEqual(rootOf(leaves()));
  });

  test.each([
    ["changed", "UPDATE audit_node SET hash = zeroblob(32) WHERE level = 8 AND position = 2", 513],
    ["removed", "DELETE FROM audit_node WHERE level = 9 AND position = 1", 513],
  ])("with a node %s is named by verification", async (_what, sql, firstBad) => {
    store.db.exec(sql);
    expect(await log.verify()).toMatchObject({ ok: false, firstBad });
  });

  test("is taken back with the event of a transaction that fails", () => {
    const kept = nodes();
    expect(() =>
      store.write(() => {
        for (let index = 0; index < 300; index += 1) {
          log.append({ actor: "ada", action: "test.happened", object: "", outcome: "done", details: {} });
        }
        throw new Error("the effect failed");
      }),
    ).toThrow("the effect failed");
    expect(nodes()).toEqual(kept);
  });
});

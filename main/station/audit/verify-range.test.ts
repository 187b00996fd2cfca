import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createVerification } from "../../areas/audit/verification.ts";
import type { Kernel } from "../kernel.ts";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import { createAuditLog, type AuditLog } from "./log.ts";
import { rangeEvents } from "./verify-range.ts";

// A log of two ranges and a half block: threads have something to do, and something ends in the middle.

const size = 2 * rangeEvents + 300;
const folder = mkdtempSync(join(tmpdir(), "sallyport-ranges-"));
const path = join(folder, "station.db");
const clock = (): Date => new Date(Date.UTC(2026, 10, 21));
let store: Store;
let audit: AuditLog;

beforeAll(() => {
  store = openStore({ path, backups: folder, clock });
  audit = createAuditLog(store, clock);
  store.write(() => {
    for (let each = 0; each < size; each += 1) {
      const object = each % 100 === 0 ? 'a "quoted" \\ name \u{1F600}' : `r-${each}`;
      audit.append({ actor: "ada", action: "a.b", object, outcome: "done", details: { each } });
    }
  });
});
afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const inThreads = () =>
  createVerification({ audit, clock, store, paths: { database: path } } as Kernel).run();

/** Changes stored rows by other means, looks with both ways, and puts everything back. */
async function damaged(change: string, undo: string): Promise<(number | null)[]> {
  const guards = store.db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all() as {
    name: string;
    sql: string;
  }[];
  for (const { name } of guards) store.db.exec(`DROP TRIGGER ${name}`);
  store.db.exec(change);
  const found = [(await audit.verify()).firstBad, (await inThreads()).firstBad];
  store.db.exec(undo);
  for (const { sql } of guards) store.db.exec(sql);
  return found;
}

describe("a log of several ranges", () => {
  test("verifies to its head, here and in threads", async () => {
    const whole = { ok: true, firstBad: null, purged: 0, ...audit.head() };
    expect(await audit.verify()).toEqual(whole);
    expect(await inThreads()).toEqual(whole);
  });

  const second = rangeEvents + 1000;
  test.each([
    [
      "bytes",
      `UPDATE audit_event SET leaf = CAST(replace(CAST(leaf AS TEXT), 'ada', 'zed') AS BLOB) WHERE seq = ${second}`,
      `UPDATE audit_event SET leaf = CAST(replace(CAST(leaf AS TEXT), 'zed', 'ada') AS BLOB) WHERE seq = ${second}`,
      second,
    ],
    [
      "a column",
      `UPDATE audit_event SET actor = 'zed' WHERE seq = ${size}`,
      `UPDATE audit_event SET actor = 'ada' WHERE seq = ${size}`,
      size,
    ],
    [
      "a stored leaf hash",
      `UPDATE audit_event SET hash = zeroblob(32) WHERE seq = 7`,
      `UPDATE audit_event SET hash = unhex((SELECT hex(hash) FROM kept)) WHERE seq = 7; DROP TABLE kept`,
      7,
    ],
    [
      "a stored node of a block",
      `UPDATE audit_node SET hash = zeroblob(32) WHERE level = 8 AND position = 130`,
      `UPDATE audit_node SET hash = (SELECT hash FROM kept) WHERE level = 8 AND position = 130; DROP TABLE kept`,
      130 * 256 + 1,
    ],
    [
      "a stored node above the ranges",
      `UPDATE audit_node SET hash = zeroblob(32) WHERE level = 16 AND position = 0`,
      `UPDATE audit_node SET hash = (SELECT hash FROM kept) WHERE level = 16 AND position = 0; DROP TABLE kept`,
      1,
    ],
  ])("with %s changed names the first bad event, both ways", async (what, change, undo, first) => {
    const keep: Record<string, string> = {
      "a stored leaf hash": "SELECT hash FROM audit_event WHERE seq = 7",
      "a stored node of a block": "SELECT hash FROM audit_node WHERE level = 8 AND position = 130",
      "a stored node above the ranges": "SELECT hash FROM audit_node WHERE level = 16 AND position = 0",
    };
    const kept = keep[what] === undefined ? "" : `CREATE TABLE kept AS ${keep[what]};`;
    expect(await damaged(kept + change, undo)).toEqual([first, first]);
  });

  test("bytes that are no UTF-8 are not what was hashed", async () => {
    const change = `UPDATE audit_event SET leaf = CAST(leaf || x'ff' AS BLOB) WHERE seq = ${second}`;
    const undo = `UPDATE audit_event SET leaf = substr(leaf, 1, length(leaf) - 1) WHERE seq = ${second}`;
    expect(await damaged(change, undo)).toEqual([second, second]);
  });
});

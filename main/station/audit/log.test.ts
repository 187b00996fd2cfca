import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import { createAuditLog, type AuditLog } from "./log.ts";
import { leafHash } from "./tree.ts";

let folder: string;
let store: Store;
let log: AuditLog;

const event = { actor: "ada", action: "test.happened", object: "it", outcome: "done", details: {} } as const;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-audit-"));
  store = openStore({ path: join(folder, "station.db"), backups: folder, clock: () => new Date(0) });
  log = createAuditLog(store, () => new Date(0));
  store.write(() => {
    for (let index = 0; index < 20; index += 1) log.append({ ...event, details: { index } });
  });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What an attacker with the file does: the triggers stop our own mistakes, not him. */
function tamper(sql: string, ...values: unknown[]): void {
  store.db.exec(
    "DROP TRIGGER IF EXISTS audit_event_no_update; DROP TRIGGER IF EXISTS audit_event_no_delete; DROP TRIGGER IF EXISTS audit_event_append",
  );
  store.db.prepare(sql).run(...values);
}

describe("the audit log", () => {
  test("a whole log verifies, and head and verification agree", async () => {
    expect(await log.verify()).toEqual({ ok: true, firstBad: null, purged: 0, ...log.head() });
    expect(log.head().events).toBe(20);
  });

  test("an event outside a transaction is refused", () => {
    expect(() => log.append(event)).toThrow("outside a transaction");
  });

  test("an event of a transaction that fails is not in the log", async () => {
    const before = log.head();
    expect(() =>
      store.write(() => {
        log.append(event);
        throw new Error("the effect failed");
      }),
    ).toThrow("the effect failed");
    expect(log.head()).toEqual(before);
    expect((await log.verify()).ok).toBe(true);
  });

  test.each([
    ["update", "UPDATE audit_event SET actor = 'eve' WHERE seq = 3"],
    ["delete", "DELETE FROM audit_event WHERE seq = 3"],
    ["replace", "REPLACE INTO audit_event SELECT * FROM audit_event WHERE seq = 3"],
    ["insert out of order", "INSERT INTO audit_event VALUES (99, x'00', x'00', '', '', '')"],
  ])("our own mistake cannot %s a row", (_name, sql) => {
    expect(() => store.db.exec(sql)).toThrow(/append-only|next number/);
  });

  test("a row whose bytes were changed is named", async () => {
    tamper(
      "UPDATE audit_event SET leaf = CAST(replace(CAST(leaf AS TEXT), 'ada', 'eve') AS BLOB) WHERE seq = 7",
    );
    expect(await log.verify()).toMatchObject({ ok: false, firstBad: 7 });
  });

  test("a row whose searchable column lies about its bytes is named", async () => {
    tamper("UPDATE audit_event SET actor = 'eve' WHERE seq = 12");
    expect(await log.verify()).toMatchObject({ ok: false, firstBad: 12 });
  });

  test("a row changed together with its hash is caught by the head, to its subtree", async () => {
    const leaf = store.db.prepare("SELECT leaf FROM audit_event WHERE seq = 18").pluck().get() as Buffer;
    const forged = Buffer.from(leaf.toString("utf8").replace('"it"', '"me"'));
    tamper("UPDATE audit_event SET leaf = ?, hash = ? WHERE seq = 18", forged, leafHash(forged));
    // 20 leaves are subtrees of 16 and 4: the second begins at 17.
    expect(await log.verify()).toMatchObject({ ok: false, firstBad: 17 });
  });

  test.each([
    ["a deleted row", "DELETE FROM audit_event WHERE seq = 5", 5],
    ["a deleted tail", "DELETE FROM audit_event WHERE seq > 15", 16],
  ])("%s is named", async (_name, sql, firstBad) => {
    tamper(sql);
    expect(await log.verify()).toMatchObject({ ok: false, firstBad });
  });

  test("a row put in beyond the head is named", async () => {
    tamper(
      "INSERT INTO audit_event SELECT 21, leaf, hash, at, actor, action FROM audit_event WHERE seq = 20",
    );
    expect(await log.verify()).toMatchObject({ ok: false, firstBad: 21 });
  });

  test("a lone surrogate does not raise a false alarm, and NUL is refused", async () => {
    store.write(() => log.append({ ...event, object: "a\ud800b" }));
    expect((await log.verify()).ok).toBe(true);
    expect(() => store.write(() => log.append({ ...event, object: "a\0b" }))).toThrow("NUL");
  });
});

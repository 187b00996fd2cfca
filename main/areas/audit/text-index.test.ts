import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createAuditLog, type AuditLog } from "../../station/audit/log.ts";
import { openStore } from "../../station/store/open-store.ts";
import type { Store } from "../../station/store/store.ts";
import { createTextIndex, type TextIndex } from "./text-index.ts";

const events = 1200;
let folder: string;
let store: Store;
let log: AuditLog;
let index: TextIndex;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-index-"));
  const clock = (): Date => new Date(0);
  store = openStore({ path: join(folder, "station.db"), backups: folder, clock });
  const audit = createAuditLog(store, clock);
  log = audit;
  store.write(() => {
    for (let each = 0; each < events; each += 1) {
      const action = each % 3 === 0 ? "transfer.batch-sealed" : "requests.submitted";
      audit.append({
        actor: each % 2 === 0 ? "ada" : "\u00C5sa",
        action,
        object: "it",
        outcome: "done",
        details: {},
      });
    }
  });
  // So short that this log is a long one.
  index = createTextIndex({ audit, store, log: { info() {}, warn() {}, error() {} } }, 100);
  await index.catchUp();
});
afterEach(() => {
  index.close();
  store.close();
  rmSync(folder, { recursive: true });
});

const finds = (sequence: number): boolean =>
  store
    .prepare("SELECT 1 FROM audit_text WHERE audit_text MATCH 'it' AND rowid = CAST(? AS INTEGER)")
    .get(sequence) !== undefined;

test("an index that had nothing to do follows what comes after", async () => {
  await index.catchUp();
  store.write(() => log.append({ actor: "ada", action: "a.b", object: "it", outcome: "done", details: {} }));
  await index.catchUp();
  expect(index.through()).toBe(events + 1);
});

describe("the index of a long log", () => {
  test("that holds every event is found to", async () => {
    expect(await index.check()).toBe("found");
  });

  test.each([1, 700, events])("from which event %i was taken out is made anew", async (victim) => {
    store
      .prepare(
        `INSERT INTO audit_text (audit_text, rowid, actor, action, object, outcome, details)
         SELECT 'delete', seq, actor, action, object, outcome, details FROM audit_text_source WHERE seq = ?`,
      )
      .run(victim);
    expect(finds(victim)).toBe(false);
    expect(await index.check()).toBe("rebuilt");
    expect(finds(victim)).toBe(true);
    expect(await index.check()).toBe("found");
  });

  test("whose mark was set beyond what it holds is made anew", async () => {
    store.prepare("INSERT INTO audit_text (audit_text) VALUES ('delete-all')").run();
    expect(index.through()).toBe(events);
    expect(await index.check()).toBe("rebuilt");
    expect(finds(events)).toBe(true);
  });
});

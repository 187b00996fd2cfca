import Database from "better-sqlite3";
import fc from "fast-check";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAuditLog } from "../../station/audit/log.ts";
import {
  openTestStation,
  type TestClient,
  type TestStation,
} from "../../station/testing/open-test-station.ts";
import type { AuditEvent } from "../../station/audit/event.ts";
import { createStore } from "../../station/store/store.ts";
import { matches } from "./match.ts";
import { parseQuery } from "./query.ts";

/** The station's own clock stands still, so that nobody's session ends of itself. */
const now = Date.parse("2026-11-21T20:00:00.000Z");
let station: TestStation;
let client: TestClient;
let all: AuditEvent[];

const objects = [
  "b000001-9f2c",
  "Größe",
  'C:\\x "quoted"',
  "it's (odd)",
  "a.b-c",
  "",
  "Ŝtaltupilo 2026-01-01",
];

/** JSON escapes that stand against a word. */
const notes = ["one\ntwo", "C:\\new\tline", 'say "no"', "\u001b[31mred\u0001word", "plain"];

/** Two blocks and a tail, with a clock that was set back in the middle. */
beforeAll(async () => {
  station = await openTestStation("request", { clock: () => new Date(now) });
  client = await station.signedIn();
  const db = new Database(join(station.directory, "station.db"));
  db.pragma("recursive_triggers = ON");
  const store = createStore(db);
  let at = Date.parse("2026-11-21T08:00:00.000Z");
  const log = createAuditLog(store, () => new Date(at));
  store.write(() => {
    for (let index = 0; index < 700; index += 1) {
      at += index === 300 ? -86_400_000 : 60_000;
      log.append({
        actor: index % 3 === 0 ? "ada" : "operator-4",
        action: index % 5 === 0 ? "transfer.batch-sealed" : "requests.submitted",
        object: objects[index % objects.length] ?? "",
        outcome: index % 7 === 0 ? "refused" : "done",
        details: {
          sequence: index,
          peer: index % 2 === 0 ? "high" : "higher",
          sha256: `ab${index}`,
          kept: index % 4 === 0,
          note: notes[index % notes.length] ?? "",
        },
      });
    }
  });
  db.close();
  all = await everything("");
}, 60_000);
afterAll(() => station.close());

/** Every page of a search. */
async function everything(query: string, limit = 500): Promise<AuditEvent[]> {
  const events: AuditEvent[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<TestClient["audit"]["search"]>> = await client.audit.search({
      query,
      limit,
      ...(after === null ? {} : { after }),
    });
    events.push(...page.events);
    after = page.next;
  } while (after !== null);
  return events;
}

const numbers = (events: readonly AuditEvent[]): number[] => events.map((event) => event.sequence);

describe("a search", () => {
  test("without a word is the whole log, newest first", () => {
    expect(numbers(all)).toEqual(Array.from(all, (_, at) => all.length - at));
    expect(all.length).toBeGreaterThan(700);
  });

  test.each([
    ["transfer sealed", 0],
    ["actor:ada outcome:refused", 1],
    ["peer:high", 1],
    ["peer:high*", 1],
    ["sha256:ab12*", 1],
    ["kept:true", 1],
    ['"quoted"', 1],
    ["größe", 1],
    ["grosse", 0],
    ["grobe", 0],
    ["-actor:ada -outcome:done", 1],
    ["actor:ada,operator", 1],
    ["seq:100..120", 1],
    ["since:2026-11-21T10:00 until:2026-11-21T10:30", 1],
    ["since:2026-11-20 until:2026-11-20", 1],
    ["note:one", 1],
    ["two", 1],
    ["new line", 1],
    ["word", 1],
    ["31mred", 1],
    ["nowhere", 0],
  ])("for %s finds what a look at every event finds", async (query, least) => {
    const parsed = parseQuery(query, new Date(now));
    const expected = numbers(all.filter((event) => matches(event, parsed)));
    expect(expected.length).toBeGreaterThanOrEqual(least);
    expect(numbers(await everything(query))).toEqual(expected);
  });

  test("of anything fails never, and pages to the same end whatever their size", async () => {
    const part = fc.constantFrom(
      "actor:ada",
      "-peer:high",
      '"batch sealed"',
      "b000001*",
      "seq:200..500",
      "since:3h",
      '"',
      "(",
      "ö",
      "odd",
      "outcome:refused,done",
      "x:y",
    );
    const query = fc.oneof(
      fc.array(part, { maxLength: 4 }).map((parts) => parts.join(" ")),
      fc.string({ unit: "binary", maxLength: 30 }),
    );
    await fc.assert(
      fc.asyncProperty(query, fc.integer({ min: 60, max: 500 }), async (text, limit) => {
        const parsed = parseQuery(text, new Date(now));
        expect(numbers(await everything(text, limit))).toEqual(
          numbers(all.filter((event) => matches(event, parsed))),
        );
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  test("says what it looked through, what meant nothing, and how far the log is verified and signed", async () => {
    await client.audit.verify({});
    await client.audit.checkpoint({});
    const { verified, signed, ...found } = await client.audit.search({
      query: "seq:10..20 since:whenever",
      limit: 3,
    });
    expect(found).toMatchObject({ searched: { from: 18, to: 20 }, ignored: ["since:whenever"], next: "18" });
    expect(verified?.events).toBe(all.length);
    expect(signed?.events).toBe(all.length);
  });

  test("finds an event before the index holds it", async () => {
    const { events } = await client.audit.standing({});
    await client.requests.submit({ kind: "echo", user: "zaphod", source: { text: "1" } });
    expect(numbers(await everything(`submitted seq:${events}..`))).toContain(events + 1);
  });

  test("finds again what somebody took out of the index, once the log is verified", async () => {
    const db = new Database(join(station.directory, "station.db"));
    const before = numbers(await everything('action:"batch sealed"'));
    const victim = before[3] ?? 0;
    const row = db.prepare("SELECT * FROM audit_text_source WHERE seq = ?").get(victim);
    db.prepare(
      `INSERT INTO audit_text (audit_text, rowid, actor, action, object, outcome, details)
       VALUES ('delete', :seq, :actor, :action, :object, :outcome, :details)`,
    ).run(row as Record<string, unknown>);
    db.close();
    expect(numbers(await everything('action:"batch sealed"'))).not.toContain(victim);
    expect(await client.audit.verify({})).toMatchObject({ ok: true, index: "rebuilt" });
    expect(numbers(await everything('action:"batch sealed"'))).toEqual(before);
    expect(await client.audit.verify({})).toMatchObject({ ok: true, index: "whole" });
  });
});

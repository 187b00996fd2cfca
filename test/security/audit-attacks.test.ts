import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cosign, logOrigin } from "../../main/station/audit/checkpoint.ts";
import { checkConsistency, checkWitnessed } from "../../main/station/audit/witness.ts";
import { generateSigningKeyPair } from "../../main/station/crypto/ed25519.ts";
import { formatVerifierKey, parseVerifierKey } from "../../main/station/crypto/vkey.ts";
import {
  openTestStation,
  passphrase,
  type TestClient,
  type TestStation,
} from "../../main/station/testing/open-test-station.ts";

// The attacks of research/audit-ops.md 0 and 7 (row 18) on the log, by somebody who can write the station's directory. Each
// says the alarm that it must raise, or plainly that this station alone can't know.

let folder: string;
let directory: string;
let open: TestStation | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-attack-"));
  directory = join(folder, "station");
  open = await openTestStation("request", { directory });
});

afterEach(async () => {
  await open?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Events that closing a station writes: `station.closed`. */
const closing = 1;

const database = (): string => join(directory, "station.db");
const headFile = (): string => join(directory, "audit", "head");

/** Something that a person did, and the log's size after it. */
async function work(times: number): Promise<number> {
  const client = await signIn();
  for (let time = 0; time < times; time += 1) {
    await client.requests.submit({ kind: "echo", user: "alice", source: { text: `${time}` } });
  }
  return (await client.audit.standing({})).events;
}

async function signIn(): Promise<TestClient> {
  if (open === undefined) throw new Error("the station is closed");
  const { client } = open.client();
  await client.session.signIn({ passphrase });
  return client;
}

async function close(): Promise<void> {
  await open?.close();
  open = undefined;
}

async function reopen(): Promise<TestClient> {
  open = await openTestStation(null, { directory });
  return signIn();
}

/** What the attacker does to the closed database; the triggers stop our own mistakes, not him. He may put them back. */
function tamper(change: (db: Database.Database) => void, putGuardsBack = true): void {
  const db = new Database(database());
  const guards = db
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'audit_event'")
    .all() as { name: string; sql: string }[];
  expect(guards).toHaveLength(3);
  for (const { name } of guards) db.exec(`DROP TRIGGER ${name}`);
  change(db);
  if (putGuardsBack) for (const { sql } of guards) db.exec(sql);
  db.close();
}

/** The whole directory as it is now, to be put back later. */
function keep(name: string): string {
  const copy = join(folder, name);
  cpSync(directory, copy, { recursive: true });
  return copy;
}

function putBack(copy: string, what: readonly string[]): void {
  for (const name of ["station.db", "station.db-wal", "station.db-shm"])
    rmSync(join(directory, name), { force: true });
  for (const name of what) cpSync(join(copy, name), join(directory, name), { recursive: true });
}

async function alarms(client: TestClient): Promise<string[]> {
  return (await client.audit.standing({})).alarms.map((alarm) => alarm.kind);
}

/** Reads go on, changes don't, until a person has settled the alarm; the alarm stays in the log. */
async function expectClosedUntilSettled(client: TestClient): Promise<void> {
  const submit = () => client.requests.submit({ kind: "echo", user: "alice", source: { text: "1" } });
  await expect(submit()).rejects.toMatchObject({ code: "not-ready" });
  expect((await client.audit.list({ action: "audit.alarm-raised" })).events).toHaveLength(1);
  const [alarm] = (await client.audit.standing({})).alarms;
  await client.audit.settle({ alarm: alarm?.alarm ?? 0, note: "looked at it" });
  expect(await alarms(client)).toEqual([]);
  await submit();
  expect((await client.audit.list({ action: "audit.alarm-settled" })).events).toHaveLength(1);
}

describe("the closed database", () => {
  test("with an event changed: verification names it, and no proof of it is handed out", async () => {
    await work(5);
    await close();
    tamper((db) =>
      db.exec(
        "UPDATE audit_event SET leaf = CAST(replace(CAST(leaf AS TEXT), 'ada', 'eve') AS BLOB) WHERE seq = 3",
      ),
    );
    const client = await reopen();
    expect(await client.audit.verify({})).toMatchObject({ ok: false, firstBad: 3 });
    await expect(client.audit.prove({ sequence: 3 })).rejects.toMatchObject({ code: "refused" });
  });

  test("with its last events removed: tree-broken, and closed", async () => {
    const size = await work(5);
    await close();
    tamper((db) => db.prepare("DELETE FROM audit_event WHERE seq > ?").run(size - 2), false);
    const client = await reopen();
    expect(await alarms(client)).toEqual(["tree-broken"]);
    const submit = client.requests.submit({ kind: "echo", user: "alice", source: { text: "1" } });
    await expect(submit).rejects.toMatchObject({ code: "not-ready" });
  });

  test("with its last events removed and the guards put back: nothing that must be logged is done", async () => {
    const size = await work(5);
    await close();
    tamper((db) => db.prepare("DELETE FROM audit_event WHERE seq > ?").run(size - 2));
    open = await openTestStation(null, { directory });
    await expect(signIn()).rejects.toMatchObject({
      code: "not-ready",
      message: expect.stringContaining("rows at its end were removed") as string,
    });
  });

  test("with the guards of the log dropped and nothing else: tree-broken", async () => {
    await work(1);
    await close();
    tamper(() => {}, false);
    expect(await alarms(await reopen())).toEqual(["tree-broken"]);
  });

  test("with its last events and the head row cut back: log-shorter", async () => {
    await work(2);
    await close();
    const earlier = keep("earlier");
    open = await openTestStation(null, { directory });
    await work(3);
    await close();
    tamper((db) => {
      const old = new Database(join(earlier, "station.db"), { readonly: true });
      const head = old.prepare("SELECT size, subtrees FROM audit_head").get() as {
        size: number;
        subtrees: Buffer;
      };
      old.close();
      db.prepare("DELETE FROM audit_event WHERE seq > ?").run(head.size);
      db.prepare("UPDATE audit_head SET size = ?, subtrees = ?").run(head.size, head.subtrees);
      db.exec("DELETE FROM audit_checkpoint");
    });
    expect(await alarms(await reopen())).toEqual(["log-shorter"]);
  });

  test("put back from an older copy: log-shorter, evidence kept, closed until settled", async () => {
    await work(2);
    await close();
    const older = keep("older");
    open = await openTestStation(null, { directory });
    const reached = await work(4);
    await close();
    putBack(older, ["station.db"]);
    const client = await reopen();
    const [alarm] = (await client.audit.standing({})).alarms;
    expect(alarm).toMatchObject({ kind: "log-shorter", evidence: { remembered: reached + closing } });
    expect(readdirSync(join(directory, "audit")).some((name) => name.startsWith("head-at-alarm-"))).toBe(
      true,
    );
    await expectClosedUntilSettled(client);
  });

  test("put back from an older copy that went on elsewhere: log-other", async () => {
    await work(2);
    await close();
    const twin = keep("twin");
    open = await openTestStation(null, { directory });
    await work(2);
    await close();
    open = await openTestStation(null, { directory: twin });
    await work(9);
    await close();
    putBack(twin, ["station.db"]);
    expect(await alarms(await reopen())).toEqual(["log-other"]);
  });

  test("put back together with its head file: not known here, but to the peer that has witnessed more", async () => {
    await work(2);
    await close();
    const older = keep("older");
    open = await openTestStation(null, { directory });
    await work(3);
    const before = await signIn();
    const seen = await before.audit.checkpoint({});
    await close();
    putBack(older, ["station.db", "audit"]);
    const client = await reopen();
    expect(await alarms(client)).toEqual([]);
    expect(await client.audit.verify({})).toMatchObject({ ok: true });

    // The peer holds our later head: our next checkpoint is shorter, and what it cosigned is not ours.
    const now = await client.audit.checkpoint({});
    const verdict = checkConsistency({
      origin: now.origin,
      keys: now.keys.map(parseVerifierKey),
      seen: { size: seen.events, root: Buffer.from(seen.root, "hex") },
      note: now.note,
      proofs: [],
    });
    expect(verdict).toMatchObject({ verdict: "rolled-back" });
    const witness = generateSigningKeyPair();
    const witnessed = checkWitnessed({
      origin: now.origin,
      witnessKey: parseVerifierKey(formatVerifierKey("high", 4, witness.publicKey)),
      note: cosign(seen.note, { name: "high", pair: witness }, 1_700_000_000),
      size: now.events,
      rootAt: () => Buffer.from(now.root, "hex"),
    });
    expect(witnessed).toMatchObject({ verdict: "not-ours" });
  });
});

describe("the head file", () => {
  test("deleted: head-missing, closed until settled", async () => {
    await work(1);
    await close();
    rmSync(headFile());
    const client = await reopen();
    expect(await alarms(client)).toEqual(["head-missing"]);
    await expectClosedUntilSettled(client);
  });

  test.each([
    ["overwritten", Buffer.alloc(8192, "x")],
    ["emptied", Buffer.alloc(0)],
  ])("%s: head-unreadable", async (_what, bytes) => {
    await work(1);
    await close();
    writeFileSync(headFile(), bytes);
    expect(await alarms(await reopen())).toEqual(["head-unreadable"]);
  });

  test("of another station: head-unreadable", async () => {
    await work(1);
    const other = await openTestStation("request", { directory: join(folder, "other") });
    await other.close();
    await close();
    cpSync(join(folder, "other", "audit", "head"), headFile());
    expect(await alarms(await reopen())).toEqual(["head-unreadable"]);
  });

  test("of a log that nobody touched raises nothing, however often the station is opened", async () => {
    for (let time = 0; time < 3; time += 1) {
      await work(1);
      await close();
      expect(await alarms(await reopen())).toEqual([]);
    }
    expect(await (await signIn()).audit.verify({})).toMatchObject({ ok: true });
  });
});

describe("the journal of the open database", () => {
  test("unlinked: the next change is refused instead of being lost without a word", async () => {
    const size = await work(1);
    const client = await signIn();
    expect(existsSync(`${database()}-wal`)).toBe(true);
    rmSync(`${database()}-wal`);
    const submit = client.requests.submit({ kind: "echo", user: "alice", source: { text: "1" } });
    await expect(submit).rejects.toMatchObject({
      code: "not-ready",
      message: expect.stringContaining("station.db-wal was replaced or removed") as string,
    });
    expect((await client.audit.standing({})).events).toBe(size + 1);
  });

  test("left behind by a copy of the database alone: log-shorter", async () => {
    await work(2);
    await close();
    open = await openTestStation(null, { directory });
    const size = await work(3);
    // What was not folded back yet lies in the journal alone.
    const copy = keep("copy");
    await close();
    cpSync(headFile(), join(copy, "audit", "head"));
    rmSync(join(copy, "station.db-wal"));
    rmSync(join(copy, "station.db-shm"));
    directory = copy;
    const client = await reopen();
    expect((await client.audit.standing({})).events).toBeLessThan(size);
    expect(await alarms(client)).toEqual(["log-shorter"]);
  });
});

describe("the clock", () => {
  test("set back changes neither order nor proof", async () => {
    await close();
    let now = Date.parse("2026-11-21T08:00:00.000Z");
    open = await openTestStation("request", { directory: join(folder, "clock"), clock: () => new Date(now) });
    directory = join(folder, "clock");
    await work(2);
    now = Date.parse("2001-01-01T00:00:00.000Z");
    const size = await work(2);
    const client = await signIn();
    const { events } = await client.audit.list({});
    expect(events.map((event) => event.sequence)).toEqual(Array.from(events, (_, at) => size + 1 - at));
    expect(await client.audit.verify({})).toMatchObject({ ok: true });
    await close();
    expect(await alarms(await reopen())).toEqual([]);
  });
});

test("a checkpoint names this station's log and lineage", async () => {
  const client = await signIn();
  const { origin, note, keys } = await client.audit.checkpoint({});
  const { station, lineage } = await client.station.show({});
  expect(origin).toBe(logOrigin(station, lineage));
  expect(note.startsWith(`${origin}\n`)).toBe(true);
  expect(keys.map((key) => parseVerifierKey(key).name)).toEqual(["low", origin]);
});

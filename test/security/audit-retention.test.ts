import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createAuditLog } from "../../main/station/audit/log.ts";
import { asked, openPeople } from "./people.ts";
import { openStore } from "../../main/station/store/open-store.ts";
import {
  openTestStation,
  passphrase,
  type TestClient,
  type TestStation,
} from "../../main/station/testing/open-test-station.ts";

// Retention: what may go, what never may, and what still proves after it went. Checked by tools/verify-audit.mjs too.

const dayMs = 86_400_000;
const start = Date.parse("2026-11-21T08:00:00.000Z");
let folder: string;
let directory: string;
let stick: string;
let now = start;
let steady = 0;
let open: TestStation;

const deps = () => ({ directory, clock: () => new Date(now), steadyMs: () => steady });

beforeEach(async () => {
  now = start;
  steady = 0;
  folder = mkdtempSync(join(tmpdir(), "sallyport-retention-"));
  directory = join(folder, "station");
  stick = join(folder, "stick");
  mkdirSync(stick);
  open = await openTestStation("request", deps());
});
afterEach(async () => {
  await open.close();
  rmSync(folder, { recursive: true, force: true });
});

function pass(ms: number): void {
  now += ms;
  steady += ms;
}

/** The log grows to this many events, by a second connection in one transaction: what they say doesn't matter here. */
function grow(events: number): void {
  const store = openStore({
    path: join(directory, "station.db"),
    backups: folder,
    clock: () => new Date(now),
  });
  const log = createAuditLog(store, () => new Date(now));
  store.write(() => {
    while (log.head().events < events) {
      log.append({ actor: "alice", action: "test.happened", object: "it", outcome: "done", details: {} });
    }
  });
  store.close();
}

/** A year later: one segment of 256 events, sealed and exported, with some events after it. */
async function expired(): Promise<TestClient> {
  const client = await open.signedIn();
  grow(300);
  await client.audit.seal({});
  await client.audit.exportSegment({ segment: 1, folder: stick });
  pass(366 * dayMs);
  return open.signedIn();
}

const file = () => join(stick, "audit-low-1-256.jsonl.zst.age");
const purge = (client: TestClient) => client.audit.purge({ segment: 1, confirm: "1-256" });
const refused = (why: string) => ({ code: "refused", message: expect.stringContaining(why) as string });

function verifyTool(...args: string[]): string {
  return execFileSync(process.execPath, ["tools/verify-audit.mjs", ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

describe("a segment", () => {
  test("is sealed in whole blocks, once, and continues the one before", async () => {
    const client = await open.signedIn();
    await expect(client.audit.seal({})).rejects.toMatchObject(refused("fewer than 256"));
    grow(600);
    expect(await client.audit.seal({ through: 300 })).toEqual({ segments: [1], from: 1, to: 256 });
    expect(await client.audit.seal({})).toEqual({ segments: [2], from: 257, to: 512 });
    await expect(client.audit.seal({})).rejects.toMatchObject(refused("fewer than 256"));
  });

  test("that was exported is read here again, and its events verify with the tool", async () => {
    const client = await expired();
    const { segments } = await client.audit.segments({});
    expect(segments).toMatchObject([{ segment: 1, from: 1, to: 256, state: "expired" }]);
    const read = await client.audit.verifySegment({ file: file(), query: "action:test seq:20..22" });
    expect(read).toMatchObject({ from: 1, to: 256, ours: true, found: 3 });

    const { keys } = await client.audit.checkpoint({});
    const whole = await client.audit.verifySegment({ file: file(), limit: 500 });
    const lines = join(folder, "events.jsonl");
    writeFileSync(lines, whole.leaves.map((leaf) => `${leaf}\n`).join(""));
    const note = join(stick, "audit-low-1-256.note");
    expect(verifyTool("segment", lines, "--note", note, "--key", keys[0] ?? "")).toContain("events 1 to 256");
    writeFileSync(lines, readFileSync(lines, "utf8").replace("alice", "malice"));
    expect(() => verifyTool("segment", lines, "--note", note, "--key", keys[0] ?? "")).toThrow(
      "NOT VERIFIED",
    );
  });

  test("whose file or note was changed does not verify", async () => {
    const client = await expired();
    const good = readFileSync(file());
    const bad = Buffer.from(good);
    bad[bad.length - 20] = (bad[bad.length - 20] ?? 0) ^ 1;
    writeFileSync(file(), bad);
    await expect(client.audit.verifySegment({ file: file() })).rejects.toMatchObject(refused("not verify"));
    writeFileSync(file(), good);
    const note = join(stick, "audit-low-1-256.note");
    writeFileSync(note, readFileSync(note, "utf8").replace("events 1 256", "events 1 512"));
    await expect(client.audit.verifySegment({ file: file() })).rejects.toMatchObject(refused("not signed"));
  });
});

describe("a purge", () => {
  test("leaves a signed stub, every later proof, consistency from within it, and a log that verifies", async () => {
    const client = await open.signedIn();
    grow(60);
    const early = await client.audit.checkpoint({});
    writeFileSync(join(folder, "early.txt"), early.note);
    const before = await expired();
    const root = (await before.audit.checkpoint({})).root;
    const { stub, events } = await purge(before);
    expect(events).toBe(256);
    expect(stub).toMatch(/^sallyport-stub@v1\n.*\nevents 1 256\n/);

    expect(await before.audit.verify({})).toMatchObject({
      ok: true,
      firstBad: null,
      purged: 256,
      index: "whole",
    });
    await expect(before.audit.show({ sequence: 7 })).rejects.toMatchObject({
      code: "not-found",
      message: expect.stringContaining("purged with events 1 to 256") as string,
    });
    expect((await before.audit.search({ query: "seq:1..256" })).events).toEqual([]);
    const { keys } = await before.audit.checkpoint({});
    const key = keys[0] ?? "";

    const proof = join(folder, "event.tlog-proof");
    writeFileSync(proof, (await before.audit.prove({ sequence: 270 })).proof);
    expect(verifyTool("proof", proof, "--key", key)).toContain("event 270");

    const grown = join(folder, "grown.txt");
    writeFileSync(grown, (await before.audit.consistency({ since: early.events })).proof);
    expect(verifyTool("consistency", grown, "--old", join(folder, "early.txt"), "--key", key)).toContain(
      `at ${early.events}`,
    );
    expect(root).not.toBe(early.root);

    const exported = await before.audit.export({ folder: stick });
    const at = (name: string) => join(exported.folder, name);
    const args = ["log", at("events.jsonl"), "--checkpoint", at("checkpoint.txt"), "--key", key];
    expect(verifyTool(...args, "--stub", at("stub.txt"))).toContain("after event 256");
    expect(() => verifyTool(...args)).toThrow("NOT VERIFIED");
    expect(() => verifyTool(...args, "--stub", join(stick, "audit-low-1-256.note"))).toThrow("NOT VERIFIED");

    await open.close();
    open = await openTestStation(null, deps());
    const again = await open.signedIn();
    expect((await again.audit.standing({})).alarms).toEqual([]);
    expect(await again.audit.verify({})).toMatchObject({ ok: true, purged: 256 });
    expect(await again.audit.verifySegment({ file: file() })).toMatchObject({ ours: true });
    // A second one goes on where the first ended.
    grow(560);
    expect(await again.audit.seal({})).toMatchObject({ from: 257, to: 512 });
  });

  test("is refused while the segment is not exported, too young, or not the oldest", async () => {
    const client = await open.signedIn();
    grow(520);
    await client.audit.seal({ through: 256 });
    await client.audit.seal({});
    await expect(purge(client)).rejects.toMatchObject(refused("not exported"));
    await client.audit.exportSegment({ segment: 1, folder: stick });
    await client.audit.exportSegment({ segment: 2, folder: stick });
    await expect(purge(client)).rejects.toMatchObject(refused("is kept until"));
    pass(366 * dayMs);
    const later = await open.signedIn();
    await expect(later.audit.purge({ segment: 2, confirm: "257-512" })).rejects.toMatchObject(
      refused("is older"),
    );
    await expect(later.audit.purge({ segment: 1, confirm: "yes" })).rejects.toMatchObject({
      code: "bad-input",
    });
    expect((await later.audit.verify({})).purged).toBe(0);
  });

  test("is refused while a hold lies on any of its events, until two lift it", async () => {
    const client = await expired();
    const { hold } = await client.audit.hold({ from: 200, to: 900, reason: "case 7" });
    expect((await client.audit.segments({})).segments).toMatchObject([{ state: "held" }]);
    await expect(purge(client)).rejects.toMatchObject(refused(`hold ${hold}`));
    await client.audit.liftHold({ hold, note: "case closed" });
    await purge(client);
    await expect(client.audit.hold({ from: 1, reason: "too late" })).rejects.toMatchObject(
      refused("purged already"),
    );
    const actions = (await client.audit.list({ limit: 500 })).events.map((event) => event.action);
    for (const action of [
      "audit.hold-set",
      "audit.hold-lifted",
      "audit.purge-begun",
      "audit.segment-purged",
    ]) {
      expect(actions).toContain(action);
    }
  });

  test("that was cut short goes on when the station is opened again", async () => {
    await open.close();
    rmSync(directory, { recursive: true });
    let die = false;
    const step = (name: string): void => {
      if (die && name === "purge a block") throw new Error("killed here");
    };
    open = await openTestStation("request", { ...deps(), step });
    const client = await open.signedIn();
    grow(520);
    await client.audit.seal({});
    await client.audit.exportSegment({ segment: 1, folder: stick });
    pass(366 * dayMs);
    const later = await open.signedIn();
    die = true;
    await expect(later.audit.purge({ segment: 1, confirm: "1-512" })).rejects.toMatchObject({
      code: "internal",
    });
    expect((await later.audit.segments({})).segments).toMatchObject([{ state: "purging" }]);
    await open.close();
    open = await openTestStation(null, deps());
    const again = await open.signedIn();
    await expect.poll(async () => (await again.audit.segments({})).segments[0]?.state).toBe("purged");
    expect(await again.audit.verify({})).toMatchObject({ ok: true, purged: 512, index: "whole" });
  });
});

describe("two persons", () => {
  test("a purge and the lifting of a hold wait for a second one; setting a hold doesn't", async () => {
    await open.close();
    rmSync(directory, { recursive: true });
    open = await openTestStation(null, deps());
    const { client } = open.client();
    await client.station.init({ name: "low", side: "request", people: "two", operator: "ada", passphrase });
    await client.session.signIn({ passphrase });
    const { hold } = await client.audit.hold({ from: 1, reason: "case 7" });
    await expect(client.audit.liftHold({ hold, note: "no" })).rejects.toThrow("nobody else here may agree");
    await expect(purge(client)).rejects.toThrow("nobody else here may agree");
  });
});

test("two persons purge: the second one's word is for this segment under these holds, and the stub names both", async () => {
  await open.close();
  rmSync(directory, { recursive: true });
  const people = await openPeople({ directory, now });
  try {
    const bob = await people.enrol("bob", ["approver"]);
    grow(300);
    await people.ada.client.audit.seal({});
    await people.ada.client.audit.exportSegment({ segment: 1, folder: stick });
    people.now += 366 * dayMs;
    const ada = (await people.signIn("ada", passphrase)).client;
    const second = await people.signIn("bob", bob.passphrase);
    await people.agree(await asked(purge(ada)), second);
    // Something to keep was found after the word was given: it no longer holds, and the hold does.
    const { hold } = await ada.audit.hold({ from: 1, reason: "found meanwhile" });
    await people.agree(await asked(purge(ada)), second);
    await expect(purge(ada)).rejects.toMatchObject(refused(`hold ${hold}`));
    const lift = () => ada.audit.liftHold({ hold, note: "case closed" });
    await people.agree(await asked(lift()), second);
    await lift();
    await people.agree(await asked(purge(ada)), second);
    expect((await purge(ada)).stub).toMatch(/\npurged \S+ by ada and bob\n/);
    expect(await ada.audit.verify({})).toMatchObject({ ok: true, purged: 256 });
  } finally {
    await people.close();
    open = await openTestStation(null, { directory, clock: () => new Date(people.now) });
  }
});

describe("the clock and retention (audit-ops 7, row 22)", () => {
  test("a clock that was set back purges nothing and seals nothing", async () => {
    const client = await expired();
    await client.audit.checkpoint({});
    now = start + 10 * dayMs;
    const back = await open.signedIn();
    expect((await back.audit.segments({})).clock).toContain("set back");
    await expect(purge(back)).rejects.toMatchObject(refused("set back"));
    await expect(back.audit.seal({})).rejects.toMatchObject(refused("set back"));
  });

  test("a clock that was set forward while the station was open does not age a segment", async () => {
    const client = await open.signedIn();
    grow(300);
    await client.audit.seal({});
    await client.audit.exportSegment({ segment: 1, folder: stick });
    now += 400 * dayMs;
    const ahead = await open.signedIn();
    await expect.poll(async () => (await ahead.audit.standing({})).clockSteps).toHaveLength(1);
    await expect(purge(ahead)).rejects.toMatchObject(refused("is kept until"));
  });

  test("events of a clock that was ahead expire with their segment, and are counted until then", async () => {
    now = start + 5000 * dayMs;
    grow(40);
    now = start;
    const right = await open.signedIn();
    grow(300);
    const { ahead: count } = await right.audit.segments({});
    expect(count).toBeGreaterThan(20);
    await right.audit.checkpoint({});
    await right.audit.seal({});
    await right.audit.exportSegment({ segment: 1, folder: stick });
    const [segment] = (await right.audit.segments({})).segments;
    expect(segment?.toAt.slice(0, 4)).toBe("2040");
    expect(Date.parse(segment?.expiresAt ?? "")).toBe(start + 365 * dayMs);
    pass(366 * dayMs);
    await purge(await open.signedIn());
  });
});

describe("the guards of the database", () => {
  test.each([
    ["an event that no segment holds", "DELETE FROM audit_event WHERE seq = 1"],
    ["every event", "DELETE FROM audit_event"],
    ["a tile", "DELETE FROM audit_tile"],
    ["a segment", "DELETE FROM audit_segment"],
  ])("keep %s from our own mistakes", async (what, sql) => {
    const client = await expired();
    if (what === "a tile") await purge(client);
    const db = new Database(join(directory, "station.db"));
    expect(() => db.exec(sql)).toThrow("append-only");
    db.close();
  });

  test("keep the events of a purge that has begun while their hashes are not in a tile", async () => {
    await expired();
    const db = new Database(join(directory, "station.db"));
    db.exec("UPDATE audit_segment SET purge_begun_at = '2027', stub = 'x' WHERE id = 1");
    expect(() => db.exec("DELETE FROM audit_event WHERE seq = 1")).toThrow("append-only");
    db.exec("INSERT INTO audit_tile (position, hashes) VALUES (0, zeroblob(8192))");
    expect(() => db.exec("DELETE FROM audit_event WHERE seq = 1")).toThrow("append-only");
    db.close();
  });

  test("events removed behind our back under a forged tile are named by verification", async () => {
    const client = await expired();
    const db = new Database(join(directory, "station.db"));
    db.exec("DROP TRIGGER audit_event_no_delete");
    db.exec("INSERT INTO audit_tile (position, hashes) VALUES (0, zeroblob(8192))");
    db.exec("DELETE FROM audit_event WHERE seq <= 256");
    db.close();
    expect(await client.audit.verify({})).toMatchObject({ ok: false, firstBad: 1 });
  });

  test("events removed behind our back under a true tile, with no stub, are named too", async () => {
    const client = await expired();
    const db = new Database(join(directory, "station.db"));
    const hashes = Buffer.concat(
      db.prepare("SELECT hash FROM audit_event WHERE seq <= 256 ORDER BY seq").pluck().all() as Buffer[],
    );
    db.exec("DROP TRIGGER audit_event_no_delete");
    db.prepare("INSERT INTO audit_tile (position, hashes) VALUES (0, ?)").run(hashes);
    db.exec("DELETE FROM audit_event WHERE seq <= 256");
    db.close();
    expect(await client.audit.verify({})).toMatchObject({ ok: false, firstBad: 1 });
  });
});

test("a wrong key does not verify a segment: another station's file is refused", async () => {
  await expired();
  const other = await openTestStation("response", {
    directory: join(folder, "other"),
    clock: () => new Date(now),
  });
  const stranger = await other.signedIn();
  await expect(stranger.audit.verifySegment({ file: file() })).rejects.toMatchObject(refused("not signed"));
  await other.close();
  appendFileSync(join(stick, "audit-low-1-256.note"), "x");
  const client = await open.signedIn();
  await expect(client.audit.verifySegment({ file: file() })).rejects.toMatchObject(refused("not signed"));
});

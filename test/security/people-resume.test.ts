import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { passphrase } from "../../main/station/testing/open-test-station.ts";
import { codeOfStep, stepOf } from "../../main/station/keys/totp.ts";
import { decodeBase32, hour, openPeople, type People } from "./people.ts";

let directory: string;
let people: People;
/** Secret of ada's device. */
let device: Buffer;

const asksForCode = expect.objectContaining({ data: expect.objectContaining({ reason: "second-factor" }) });
const code = () => codeOfStep(device, stepOf(new Date(people.now)));

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "sallyport-resume-"));
  people = await openPeople({ directory });
  const { client } = people.ada;
  device = decodeBase32((await client.session.offerFactor({ passphrase })).secret);
  await client.session.confirmFactor({ passphrase, code: code() });
  people.now += 60_000;
});
afterEach(async () => {
  await people.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Signs in as a page does that keeps its session; gives back the token that goes on with it. */
let leave = () => {};
async function keep(
  resume?: string,
): Promise<{ token: string; resumed: boolean; lock: () => Promise<unknown> }> {
  const connection = people.opened.station.connect("page");
  const client = people.opened.on(connection);
  const given = resume === undefined ? { code: code() } : { resume };
  const answer = await client.session.signIn({ operator: "ada", passphrase, keep: true, ...given });
  leave = () => people.opened.station.disconnect(connection);
  return { token: answer.resume ?? "", resumed: answer.resumed, lock: () => client.session.lock({}) };
}

/** Closes the station's process, as far as a test can within its own, and opens the directory again. */
async function restart(passedMs = 0): Promise<void> {
  const now = people.now + passedMs + 60_000;
  await people.close();
  people = await openPeople({ directory, now, code: (at) => codeOfStep(device, stepOf(new Date(at))) });
  people.now += 60_000;
}

const resume = (token: string, given: { passphrase?: string; operator?: string } = {}) =>
  people.opened
    .client()
    .client.session.signIn({ operator: "ada", passphrase, resume: token, keep: true, ...given });

describe("a session that is kept", () => {
  test("is locked after a restart: its own passphrase opens it again, without a new code", async () => {
    const { token } = await keep();
    await restart();
    const waiting = (await people.ada.client.session.list({})).sessions.filter((one) => one.state === "away");
    expect(waiting).toMatchObject([{ operator: "ada", face: "page" }]);
    await expect(resume(token, { passphrase: "not the passphrase at all" })).rejects.toThrow("do not belong");
    const answer = await resume(token);
    expect(answer).toMatchObject({ resumed: true, failuresSince: 1 });
    // The token of before is worth nothing now; the new one goes on.
    expect(answer.resume).not.toBe(token);
    await expect(resume(token)).rejects.toEqual(asksForCode);
  });

  test("keeps its beginning: going on does not prolong it beyond a day", async () => {
    let { token } = await keep();
    for (let hours = 0; hours < 23; hours += 1) {
      leave();
      people.now += hour - 120_000;
      const next = await keep(token);
      expect({ hours, resumed: next.resumed }).toEqual({ hours, resumed: true });
      token = next.token;
    }
    leave();
    people.now += hour - 120_000;
    await keep(token);
    leave();
    people.now += 50 * 60_000;
    await expect(resume(token)).rejects.toEqual(asksForCode);
  });

  test("left for an hour is deleted by itself, in the running station and while none runs", async () => {
    const { token } = await keep();
    await restart(hour);
    await expect(resume(token)).rejects.toEqual(asksForCode);
    await people.ada.client.session.list({});
    const db = new Database(join(directory, "station.db"), { readonly: true });
    expect(db.prepare("SELECT count(*) FROM session").pluck().get()).toBe(0);
    db.close();
    const { events } = await people.ada.client.audit.list({ action: "session.expired" });
    expect(events).toMatchObject([{ object: "ada", actor: "system" }]);
  });

  test("that is open in its window is not gone on with in another", async () => {
    const { token } = await keep();
    await expect(resume(token)).rejects.toEqual(asksForCode);
    leave();
    expect(await resume(token)).toMatchObject({ resumed: true });
  });

  test("ends at its very limit, whether or not anybody has swept since", async () => {
    const { token } = await keep();
    leave();
    people.now += hour - 1;
    // This call sweeps; the next within the second does not.
    await people.opened.client().client.session.state({});
    people.now += 1;
    await expect(resume(token)).rejects.toEqual(asksForCode);
  });

  test("is of one operator: another's passphrase does not go on with it", async () => {
    const { token } = await keep();
    leave();
    const bob = await people.enrol("bob", ["operator"]);
    const answer = await resume(token, { operator: "bob", passphrase: bob.passphrase });
    expect(answer.resumed).toBe(false);
  });

  test("ends for good when it is ended, locked, or its operator is disabled", async () => {
    const ended = await keep();
    leave();
    await people.ada.client.session.endOthers({});
    await expect(resume(ended.token)).rejects.toEqual(asksForCode);
    people.now += 60_000;
    const locked = await keep();
    await locked.lock();
    await expect(resume(locked.token)).rejects.toEqual(asksForCode);
  });

  test("that went on without a code is not fresh for a sensitive step", async () => {
    const { token } = await keep();
    await restart();
    const made = people.opened.client();
    await made.client.session.signIn({ operator: "ada", passphrase, resume: token, keep: true });
    const step = () => made.client.session.profile({ profile: "nist" });
    await expect(step()).rejects.toEqual(expect.objectContaining({ code: "needs-step-up" }));
    await made.client.session.stepUp({ passphrase, code: code() });
    await step();
  });

  test("from before the device was enrolled asks for the device", async () => {
    const bob = await people.enrol("bob", ["operator"]);
    const own = { operator: "bob", passphrase: bob.passphrase };
    const page = people.opened.station.connect("page");
    const kept = await people.opened.on(page).session.signIn({ ...own, keep: true });
    people.opened.station.disconnect(page);
    const { secret } = await bob.client.session.offerFactor({ passphrase: bob.passphrase });
    const bobs = codeOfStep(decodeBase32(secret), stepOf(new Date(people.now)));
    await bob.client.session.confirmFactor({ passphrase: bob.passphrase, code: bobs });
    await expect(resume(kept.resume ?? "", own)).rejects.toEqual(asksForCode);
  });

  test("is in the directory as a hash alone", async () => {
    const { token } = await keep();
    const db = new Database(join(directory, "station.db"), { readonly: true });
    const row = JSON.stringify(db.prepare("SELECT *, hex(token_hash) FROM session").all());
    db.close();
    expect(row).not.toContain(token);
    expect(row.toLowerCase()).not.toContain(token);
  });
});

describe("locking", () => {
  test("ends one's own windows and pages at once, kept or not, and no one else's", async () => {
    const page = await keep();
    const bob = await people.enrol("bob", ["operator"]);
    const other = people.opened.on(people.opened.station.connect("window"));
    people.now += 60_000;
    await other.session.signIn({ operator: "ada", passphrase, code: code() });
    await page.lock();
    await expect(other.peers.list({})).rejects.toEqual(expect.objectContaining({ code: "not-signed-in" }));
    await bob.client.peers.list({});
    // A command line shows nothing that could be hidden, and works on.
    await people.ada.client.peers.list({});
  });
});

describe("over real processes", () => {
  const script = fileURLToPath(new URL("./session-process.ts", import.meta.url));

  /** Starts a process that signs in; returns what it was told, and kills it. */
  async function process_(
    signIn: object,
  ): Promise<{ output?: { resume: string; resumed: boolean }; refused?: string }> {
    const child = spawn(process.execPath, [script, JSON.stringify({ directory, signIn })], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, NODE_ENV: "test", SALLYPORT_TEST_FAST_KDF: "1" },
    });
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
    return JSON.parse(line.toString()) as { output?: { resume: string; resumed: boolean }; refused?: string };
  }

  test("a session outlives a process that was killed, and one whose time is over does not", async () => {
    await people.close();
    const now = codeOfStep(device, stepOf(new Date()));
    const signIn = { operator: "ada", passphrase, keep: true };
    const first = await process_({ ...signIn, code: now });
    expect(first.output?.resumed).toBe(false);
    const second = await process_({ ...signIn, resume: first.output?.resume });
    expect(second.output?.resumed).toBe(true);
    const db = new Database(join(directory, "station.db"));
    const past = new Date(Date.now() - 1000).toISOString();
    db.prepare("UPDATE session SET idle_until = ?").run(past);
    db.close();
    expect(await process_({ ...signIn, resume: second.output?.resume })).toEqual({
      refused: "second-factor",
    });
    people = await openPeople({
      directory,
      now: Date.now() + hour,
      code: (at) => codeOfStep(device, stepOf(new Date(at))),
    });
    expect((await people.ada.client.session.list({})).sessions).toHaveLength(1);
  });
});

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { codeOfStep, stepOf } from "../../main/station/keys/totp.ts";
import { openTestStation } from "../../main/station/testing/open-test-station.ts";
import { asked, day, openPeople, type People, type Person } from "./people.ts";
import { printSet, refusedFor, sheets, type PrintedSet } from "./recovery.ts";

let people: People;
let set: PrintedSet;
beforeEach(async () => {
  people = await openPeople();
  set = await printSet(people.ada.client, people.ada.passphrase);
});
afterEach(() => people.close());

const code = (value: string) => expect.objectContaining({ code: value });
const fresh = "the passphrase that ada chose on the bad day";
const outside = () => people.opened.client().client;
const open = (shares: string[], operator = "ada") =>
  outside().recovery.open({ shares, operator, passphrase: fresh });

async function refusal(step: Promise<unknown>): Promise<string> {
  try {
    await step;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it was done");
}

function events(action: string): { actor: string; object: string; details: Record<string, unknown> }[] {
  const db = new Database(join(people.opened.directory, "station.db"), { readonly: true });
  const leaves = db.prepare("SELECT leaf FROM audit_event WHERE action = ? ORDER BY seq").pluck().all(action);
  db.close();
  return leaves.map((leaf) => JSON.parse(String(leaf)) as ReturnType<typeof events>[number]);
}

function change(sql: string, ...values: unknown[]): void {
  const db = new Database(join(people.opened.directory, "station.db"));
  db.prepare(sql).run(...values);
  db.close();
}

describe("shares that do not belong", () => {
  test("one less than the threshold opens nothing and says how many are missing", async () => {
    expect(await refusal(open(sheets(set, 2)))).toBe(
      "2 shares of set 1 open, and 1 is here. 1 more is needed.",
    );
    await expect(open(sheets(set, 2))).rejects.toEqual(refusedFor("too-few"));
  });

  test("the same share twice is told from two", async () => {
    await expect(open([...sheets(set, 3), ...sheets(set, 3)])).rejects.toEqual(
      refusedFor("same-share-twice"),
    );
    expect(await refusal(open([...sheets(set, 3), ...sheets(set, 3)]))).toContain("share 3");
  });

  test("a share typed wrong is named with its line, is no wrong try, and leaves no event", async () => {
    const [right = ""] = sheets(set, 1);
    const lines = right.split("\n");
    lines[4] = (lines[4] ?? "").replace(/^./, (letter) => (letter === "7" ? "8" : "7"));
    for (let times = 0; times < 5; times += 1) {
      expect(await refusal(open([...sheets(set, 2), lines.join("\n")]))).toContain(
        "The second share given: line 5 is typed wrong",
      );
    }
    expect(events("recovery.refused")).toEqual([]);
    expect((await open([...sheets(set, 2), right])).operator).toBe("ada");
  });

  test("a share of another station is refused by its name", async () => {
    const other = await openTestStation("response");
    const client = await other.signedIn();
    const foreign = await printSet(client, "a passphrase of many words");
    await other.close();
    const given = [...sheets(set, 1), ...sheets(foreign, 2)];
    expect(await refusal(open(given))).toContain(
      "The second share given (share 2 of 3) is of another station: high, not low.",
    );
  });

  test("shares of a replaced set open nothing, alone and mixed with the new one's", async () => {
    const newer = await printSet(people.ada.client, people.ada.passphrase);
    expect(await refusal(open(sheets(set, 1, 2)))).toContain("is of set 1");
    await expect(open(sheets(set, 1, 2))).rejects.toEqual(refusedFor("older-set"));
    people.now += day;
    expect(await refusal(open([...sheets(newer, 1), ...sheets(set, 2)]))).toContain("that was replaced");
  });

  test("a set that was made and never typed back opens nothing, and leaves the older one good", async () => {
    const made = await people.ada.client.recovery.create({ passphrase: people.ada.passphrase });
    const offered = made.shares.map(({ lines }) => lines.join("\n"));
    expect(await refusal(open(offered.slice(0, 2)))).toContain("not in force yet");
    expect((await open(sheets(set, 1, 2))).set).toBe(1);
  });

  test("a share of the right set with another value is found by what the station kept of it", async () => {
    const { readRecoveryShare, writeRecoveryShare } =
      await import("../../main/station/keys/recovery-share.ts");
    const read = readRecoveryShare(sheets(set, 1)[0] ?? "");
    if (read.fault !== null) throw new Error("the share reads");
    const value = Buffer.from(read.share.value);
    value[0] = (value[0] ?? 0) ^ 1;
    const forged = writeRecoveryShare({ ...read.share, value }).join("\n");
    await expect(open([forged, ...sheets(set, 2)])).rejects.toEqual(refusedFor("not-genuine"));
    expect(await refusal(open([forged, ...sheets(set, 2)]))).toContain(
      "The first share given (share 1 of 3)",
    );
  });
});

describe("the door that shares open", () => {
  test("brute force: each wrong try waits longer, across a restart, and after twenty a day", async () => {
    const newer = await printSet(people.ada.client, people.ada.passphrase);
    const wrong = () =>
      outside().recovery.open({ shares: sheets(set, 1, 2), operator: "ada", passphrase: fresh });
    await expect(wrong()).rejects.toEqual(code("refused"));
    await expect(wrong()).rejects.toEqual(code("refused"));
    await expect(wrong()).rejects.toEqual(code("wait"));
    // Right shares wait as well.
    await expect(open(sheets(newer, 1, 2))).rejects.toEqual(code("wait"));
    const waits: unknown[] = [];
    for (let times = 0; times < 18; times += 1) {
      people.now += day;
      await expect(wrong()).rejects.toEqual(code("refused"));
      waits.push(events("recovery.refused").at(-1)?.details["waitSeconds"]);
    }
    expect(waits.slice(0, 4)).toEqual([2, 4, 8, 16]);
    expect(waits.slice(-2)).toEqual([900, 86_400]);
    const copy = mkdtempSync(join(tmpdir(), "sallyport-recovery-"));
    await people.opened.station.close();
    cpSync(people.opened.directory, copy, { recursive: true });
    rmSync(people.opened.directory, { recursive: true });
    people = await openPeopleOf(copy, people.now);
    await expect(open(sheets(newer, 1, 2))).rejects.toEqual(code("wait"));
    people.now += day;
    expect((await open(sheets(newer, 1, 2))).set).toBe(2);
    await people.close();
    rmSync(copy, { recursive: true });
    people = await openPeople();
  });

  test("a tampered grant is refused with a sentence, and nothing is changed", async () => {
    change("UPDATE master_key_grant SET sealed = zeroblob(length(sealed)) WHERE holder = 'recovery'");
    await expect(open(sheets(set, 1, 2))).rejects.toEqual(refusedFor("grant-damaged"));
    expect((await people.ada.client.recovery.show({})).set?.number).toBe(1);
    await expect(
      people.ada.client.recovery.drill({ shares: sheets(set, 1, 2), passphrase: people.ada.passphrase }),
    ).rejects.toEqual(refusedFor("grant-damaged"));
  });

  test("a public half swapped in the directory is not given the next master key", async () => {
    const mallory = Buffer.alloc(32, 7);
    await people.enrol("eve", ["operator"]);
    change("UPDATE recovery_set SET box_public = ? WHERE state = 'current'", mallory);
    await expect(people.ada.client.operators.remove({ name: "eve" })).rejects.toEqual(code("not-ready"));
    await expect(open(sheets(set, 1, 2))).rejects.toEqual(refusedFor("not-genuine"));
    // A new set is the way out.
    await printSet(people.ada.client, people.ada.passphrase);
    await people.ada.client.operators.remove({ name: "eve" });
  });

  test("shares give no role: not to an operator, not to somebody who was removed", async () => {
    await people.enrol("eve", ["operator"]);
    expect(await refusal(open(sheets(set, 1, 2), "eve"))).toContain("eve is no administrator here");
    await people.ada.client.operators.remove({ name: "eve" });
    await expect(open(sheets(set, 1, 2), "eve")).rejects.toEqual(code("conflict"));
    expect((await people.ada.client.recovery.show({})).set?.number).toBe(1);
  });
});

describe("an opening", () => {
  let bob: Person;
  beforeEach(async () => {
    bob = await people.enrol("bob", ["operator"]);
  });

  test("ends every session, voids the old passphrase, uses the set up, and says so everywhere", async () => {
    const opened = await open(sheets(set, 3, 1));
    expect(opened).toMatchObject({ operator: "ada", made: false, set: 1, masterVersion: 2 });
    await expect(people.ada.client.peers.list({})).rejects.toEqual(code("not-signed-in"));
    await expect(bob.client.peers.list({})).rejects.toEqual(code("not-signed-in"));
    await expect(people.signIn("ada", people.ada.passphrase)).rejects.toEqual(code("refused"));
    const ada = await people.signIn("ada", fresh);
    await people.signIn("bob", bob.passphrase);
    expect((await outside().session.state({})).recovered).toMatchObject({ operator: "ada" });
    const { needs } = await ada.client.watch.summary({});
    expect(needs[0]).toMatchObject({ kind: "recovery", severity: "bad" });
    const [event] = events("recovery.opened");
    expect(event).toMatchObject({ object: "ada", details: { shares: "1 3", masterVersion: 2, made: false } });
    const shown = await ada.client.recovery.show({});
    expect(shown.set).toBeNull();
    expect(shown.ended[0]).toMatchObject({ number: 1, why: "used" });
    people.now += day;
    await expect(open(sheets(set, 1, 2))).rejects.toEqual(refusedFor("older-set"));
    const again = await people.signIn("ada", fresh);
    await again.client.recovery.review({ note: "we were three, ada was ill" });
    expect((await outside().session.state({})).recovered).toBeNull();
    expect((await again.client.watch.summary({})).needs).toEqual([]);
  });

  test("takes the second factor away from whoever is let in", async () => {
    const { client, passphrase } = people.ada;
    const { secret } = await client.session.offerFactor({ passphrase });
    await client.session.confirmFactor({
      passphrase,
      code: codeOfStep(decodeBase32(secret), stepOf(new Date(people.now))),
    });
    await expect(people.signIn("ada", passphrase)).rejects.toEqual(refusedFor("second-factor"));
    await open(sheets(set, 1, 2));
    const ada = await people.signIn("ada", fresh);
    expect((await ada.client.session.factor({})).enrolled).toBe(false);
  });

  test("lets a new administrator in, and takes nothing from the others", async () => {
    const opened = await open(sheets(set, 1, 2), "zoe");
    expect(opened).toMatchObject({ operator: "zoe", made: true });
    const zoe = await people.signIn("zoe", fresh);
    const { operators } = await zoe.client.operators.list({});
    expect(operators.find((row) => row.name === "zoe")).toMatchObject({ roles: ["administrator"] });
    await people.signIn("ada", people.ada.passphrase);
  });

  test("a weak passphrase is refused before the shares are looked at, and costs no share", async () => {
    const weak = outside().recovery.open({
      shares: ["no share"],
      operator: "ada",
      passphrase: "passwordpassword",
    });
    await expect(weak).rejects.toEqual(code("bad-input"));
    expect((await open(sheets(set, 1, 2))).set).toBe(1);
  });

  test("a set made before somebody was removed still opens afterwards", async () => {
    await people.ada.client.operators.remove({ name: "bob" });
    expect((await open(sheets(set, 2, 3))).masterVersion).toBe(3);
  });

  test("no share, and no line of one, lies in the directory or its log", async () => {
    await people.ada.client.recovery.drill({
      shares: sheets(set, 1, 3),
      passphrase: people.ada.passphrase,
    });
    await open(sheets(set, 1, 2));
    await people.opened.station.close();
    const lines = set.shares.flatMap((share) => share.split("\n").slice(3, 6));
    for (const name of readdirSync(people.opened.directory, { recursive: true, withFileTypes: true })) {
      if (!name.isFile()) continue;
      const bytes = readFileSync(join(name.parentPath, name.name), "latin1");
      for (const line of lines) {
        expect(bytes.includes(line)).toBe(false);
        expect(bytes.includes(line.replaceAll(" ", ""))).toBe(false);
      }
    }
    rmSync(people.opened.directory, { recursive: true });
    people = await openPeople();
  });
});

describe("in a station for two", () => {
  let bob: Person;
  beforeEach(async () => {
    await people.close();
    people = await openPeople({ people: "two" });
    bob = await people.enrol("bob", ["approver"]);
    people.now += 2 * day;
    people.ada = await people.signIn("ada", people.ada.passphrase);
    bob = await people.signIn("bob", bob.passphrase);
    const { client, passphrase } = people.ada;
    const waits = await asked(client.recovery.create({ passphrase }));
    const shown = await bob.client.approvals.show({ approval: waits });
    expect(shown.input).not.toContain(passphrase);
    expect(shown.repeatable).toBe(false);
    await people.agree(waits, bob);
    set = await printSet(client, passphrase);
  });

  test("whoever was let in by shares does not review it; another person does", async () => {
    await open(sheets(set, 1, 2));
    const ada = await people.signIn("ada", fresh);
    await expect(ada.client.recovery.review({ note: "all is well" })).rejects.toEqual(code("not-allowed"));
    const other = await people.signIn("bob", bob.passphrase);
    const reviewed = await other.client.recovery.review({ note: "seen, she lost it" });
    expect(reviewed.opening).toMatchObject({ operator: "ada", reviewedBy: "bob" });
    await expect(other.client.recovery.review({ note: "again" })).rejects.toEqual(code("not-ready"));
  });

  test("what was agreed to before is void, and both who lost their passphrase get in at once", async () => {
    const step = () => people.ada.client.session.profile({ profile: "stig" });
    await people.agree(await asked(step()), bob);
    const opened = await outside().recovery.open({
      shares: sheets(set, 2, 3),
      operator: "ada",
      passphrase: fresh,
      second: "bob",
      secondPassphrase: "the one that bob chose on that day",
    });
    expect(opened).toMatchObject({ operator: "ada", second: "bob" });
    const ada = await people.signIn("ada", fresh);
    await asked(ada.client.session.profile({ profile: "stig" }));
    await expect(people.signIn("bob", bob.passphrase)).rejects.toEqual(code("refused"));
    const other = await people.signIn("bob", "the one that bob chose on that day");
    await other.client.recovery.review({ note: "we both forgot" });
  });
});

describe("a drill", () => {
  test("proves shares and passphrase, reveals nothing, and is due again after ninety days", async () => {
    const { client, passphrase } = people.ada;
    const before = (await client.recovery.show({})).set;
    expect(before?.lastDrill).toBeNull();
    const drilled = await client.recovery.drill({ shares: sheets(set, 2, 3), passphrase });
    expect(Object.keys(drilled).toSorted()).toEqual(["at", "operator", "set", "shares"]);
    expect(drilled.shares).toEqual([2, 3]);
    people.now += 91 * day;
    const later = await people.signIn("ada", passphrase);
    expect((await later.client.recovery.show({})).set).toMatchObject({ drillDue: true });
    const kinds = async () => (await later.client.watch.summary({})).needs.map(({ kind }) => kind);
    expect(await kinds()).toContain("drill");
    await later.client.recovery.drill({ shares: sheets(set, 1, 2), passphrase });
    expect(await kinds()).not.toContain("drill");
    // Nothing is used up by it.
    expect((await open(sheets(set, 1, 2))).set).toBe(1);
  });

  test("with a wrong passphrase is a wrong sign-in, and with wrong shares is refused", async () => {
    const { client, passphrase } = people.ada;
    const shares = sheets(set, 1, 2);
    await expect(client.recovery.drill({ shares, passphrase: "not the passphrase of ada" })).rejects.toEqual(
      code("refused"),
    );
    await expect(client.recovery.drill({ shares: sheets(set, 1), passphrase })).rejects.toEqual(
      refusedFor("too-few"),
    );
    expect((await client.recovery.show({})).set?.lastDrill).toBeNull();
  });
});

function decodeBase32(text: string): Buffer {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = Array.from(text.replaceAll(" ", ""), (letter) =>
    letters.indexOf(letter).toString(2).padStart(5, "0"),
  );
  return Buffer.from((bits.join("").match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** The same people in another place; nobody is founded anew. */
async function openPeopleOf(directory: string, now: number): Promise<People> {
  const at = { now };
  const opened = await openTestStation(null, { directory, clock: () => new Date(at.now) });
  return {
    ...people,
    opened,
    get now() {
      return at.now;
    },
    set now(value) {
      at.now = value;
    },
    close: () => opened.close(),
  };
}

describe("a backup, with the directory and every passphrase lost", () => {
  test("is restored by the shares of its time, and the same shares then open the station", async () => {
    const out = mkdtempSync(join(tmpdir(), "sallyport-recovery-backup-"));
    const before = await people.ada.client.station.backup({ out });
    const newer = await printSet(people.ada.client, people.ada.passphrase);
    const directory = join(out, "restored");
    const opened = await openTestStation(null, { directory, clock: () => new Date(people.now) });
    const { client } = opened.client();
    const restore = (shares: string[]) =>
      client.station.restore({ from: before.folder, operator: "ada", shares });
    await expect(restore(sheets(set, 1))).rejects.toEqual(refusedFor("too-few"));
    await expect(restore([...sheets(set, 1), ...sheets(newer, 2)])).rejects.toEqual(
      refusedFor("another-set"),
    );
    expect(await refusal(restore(sheets(newer, 1, 2)))).toContain("do not open this backup");
    await expect(client.station.restore({ from: before.folder, operator: "ada" })).rejects.toEqual(
      code("bad-input"),
    );
    await restore(sheets(set, 1, 3));
    await client.recovery.open({ shares: sheets(set, 2, 3), operator: "ada", passphrase: fresh });
    await client.session.signIn({ operator: "ada", passphrase: fresh });
    expect((await client.recovery.show({})).opening).toMatchObject({ operator: "ada", shares: [2, 3] });
    expect((await client.station.review({})).items).toBeInstanceOf(Array);
    await opened.close();
    rmSync(out, { recursive: true });
  });
});

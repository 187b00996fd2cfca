import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { asked, day, hour, openPeople, type People, type Person } from "./people.ts";

let people: People;
let bob: Person;
let ada: Person;
beforeEach(async () => {
  people = await openPeople();
  bob = await people.enrol("bob", ["approver"]);
  // Whom ada let in agrees to nothing of hers for a day.
  people.now += day + hour;
  ada = await people.signIn("ada", people.ada.passphrase);
  bob = await people.signIn("bob", bob.passphrase);
});
afterEach(() => people.close());

const code = (value: string) => expect.objectContaining({ code: value });

const profile = (name: "nist" | "stig" = "stig", who = ada) => who.client.session.profile({ profile: name });

function database(): Database.Database {
  return new Database(join(people.opened.directory, "station.db"));
}

describe("the second approver", () => {
  test("makes the station one for two, and it stays so", async () => {
    expect((await ada.client.session.state({})).station?.people).toBe("two");
    await expect(ada.client.operators.disable({ name: "bob" })).rejects.toEqual(code("conflict"));
    const { events } = await ada.client.audit.list({ action: "station.became-two" });
    expect(events).toHaveLength(1);
  });

  test("is the last whom one person lets in alone", async () => {
    const { code: given } = await ada.client.operators.invite({ name: "eve", roles: ["approver"] });
    const own = "a passphrase that eve made up for herself";
    const { words } = await people.opened.client().client.operators.accept({
      name: "eve",
      code: given,
      passphrase: own,
    });
    const approval = await asked(ada.client.operators.confirm({ name: "eve", words }));
    await people.agree(approval, bob);
    expect(await ada.client.operators.confirm({ name: "eve", words })).toMatchObject({ name: "eve" });
  });
});

describe("a step for two", () => {
  test("waits, is agreed to and is done once, with both names in one event", async () => {
    const approval = await asked(profile());
    expect(await asked(profile())).toBe(approval);
    await people.agree(approval, bob);
    expect(await profile()).toEqual({ profile: "stig" });
    const { events } = await ada.client.audit.list({ action: "approvals.used" });
    expect(events[0]).toMatchObject({ actor: "ada", object: approval });
    const shown = await ada.client.audit.show({ sequence: events[0]?.sequence ?? 0 });
    expect(JSON.stringify(shown)).toContain("bob");
  });

  test("replayed after it was done waits for a new agreement", async () => {
    await people.agree(await asked(profile("stig")), bob);
    await profile("stig");
    await people.agree(await asked(profile("nist")), bob);
    await profile("nist");
    const again = await asked(profile("stig"));
    expect((await ada.client.approvals.show({ approval: again })).state).toBe("waiting");
  });

  test("agreed to for some bytes is not agreed to for others", async () => {
    const { code: given } = await ada.client.operators.invite({ name: "eve", roles: ["viewer"] });
    const own = "a passphrase that eve made up for herself";
    const { words } = await people.opened.client().client.operators.accept({
      name: "eve",
      code: given,
      passphrase: own,
    });
    await people.agree(await asked(ada.client.operators.confirm({ name: "eve", words })), bob);
    await ada.client.operators.confirm({ name: "eve", words });
    const harmless = await asked(
      ada.client.operators.roles({ name: "eve", roles: ["operator"], version: 1 }),
    );
    await people.agree(harmless, bob);
    await asked(ada.client.operators.roles({ name: "eve", roles: ["administrator"], version: 1 }));
    const db = database();
    expect(db.prepare("SELECT roles FROM operator WHERE name = 'eve'").pluck().get()).toBe('["viewer"]');
    db.close();
  });

  test("agreed to in one state is void in another", async () => {
    const db = database();
    const approval = await asked(profile("stig"));
    await people.agree(approval, bob);
    db.prepare("UPDATE station SET profile = 'stig'").run();
    db.close();
    await asked(profile("stig"));
    expect(await ada.client.approvals.show({ approval })).toMatchObject({
      state: "void",
      reason: "state-changed",
    });
  });

  test("agreed to for one person is not agreed to for another", async () => {
    await people.agree(await asked(profile()), bob);
    const { code: given } = await ada.client.operators.invite({ name: "carl", roles: ["administrator"] });
    const own = "a passphrase that carl made up himself";
    const { words } = await people.opened.client().client.operators.accept({
      name: "carl",
      code: given,
      passphrase: own,
    });
    await people.agree(await asked(ada.client.operators.confirm({ name: "carl", words })), bob);
    await ada.client.operators.confirm({ name: "carl", words });
    const carl = await people.signIn("carl", own);
    expect(await asked(profile("stig", carl))).toMatch(/^a-/);
  });

  test("whose passphrase was wrong keeps its agreement", async () => {
    const wrong = { passphrase: "a passphrase for the file", ownPassphrase: "not the right one at all" };
    const right = { ...wrong, ownPassphrase: ada.passphrase };
    const approval = await asked(ada.client.station.identity(right));
    await people.agree(approval, bob);
    await expect(ada.client.station.identity(wrong)).rejects.toEqual(code("refused"));
    expect((await ada.client.station.identity(right)).recipient).toMatch(/^age1/);
    const shown = await ada.client.approvals.show({ approval });
    expect(shown.state).toBe("used");
    expect(shown.input).not.toContain("a passphrase for the file");
  });
});

describe("an approver", () => {
  test("who is the requester is refused, in the own session and over another's", async () => {
    const approval = await asked(profile());
    const { digest } = await ada.client.approvals.show({ approval });
    const self = { approval, digest, passphrase: ada.passphrase };
    await expect(ada.client.approvals.approve(self)).rejects.toEqual(code("not-allowed"));
    await expect(bob.client.approvals.approve({ ...self, operator: "ada" })).rejects.toEqual(
      code("not-allowed"),
    );
  });

  test("gives name and passphrase over the first's session", async () => {
    const approval = await asked(profile());
    const { digest } = await ada.client.approvals.show({ approval });
    await ada.client.approvals.approve({ approval, digest, operator: "bob", passphrase: bob.passphrase });
    expect(await profile()).toEqual({ profile: "stig" });
    const { events } = await ada.client.audit.list({ action: "approvals.agreed" });
    expect(events[0]).toMatchObject({ actor: "bob" });
  });

  test("whose passphrase is guessed by the requester is not: each try counts and is in the log", async () => {
    const approval = await asked(profile());
    const { digest } = await ada.client.approvals.show({ approval });
    const guess = { approval, digest, operator: "bob", passphrase: "what might bob have taken" };
    for (let tries = 0; tries < 4; tries += 1) {
      await expect(ada.client.approvals.approve(guess)).rejects.toEqual(code("refused"));
    }
    await expect(ada.client.approvals.approve(guess)).rejects.toEqual(code("wait"));
    const { events } = await ada.client.audit.list({ action: "session.sign-in-refused" });
    expect(events).toHaveLength(4);
  });

  test("enrolled by the requester an hour ago is refused, and a day later is not", async () => {
    const { code: given } = await ada.client.operators.invite({ name: "eve", roles: ["approver"] });
    const own = "a passphrase that eve made up for herself";
    const accepted = await people.opened.client().client.operators.accept({
      name: "eve",
      code: given,
      passphrase: own,
    });
    const confirm = { name: "eve", words: accepted.words };
    await people.agree(await asked(ada.client.operators.confirm(confirm)), bob);
    await ada.client.operators.confirm(confirm);
    people.now += hour / 2;
    await ada.client.session.stepUp({ passphrase: ada.passphrase });
    const eve = await people.signIn("eve", own);
    const approval = await asked(profile());
    await expect(people.agree(approval, eve)).rejects.toThrow("less than 24 hours ago");
    people.now += day - hour / 4;
    const later = await people.signIn("ada", ada.passphrase);
    const next = await asked(profile("stig", later));
    await people.agree(next, await people.signIn("eve", own));
  });

  test("disabled between the agreement and the act: the agreement is void", async () => {
    const { code: given } = await ada.client.operators.invite({ name: "carl", roles: ["approver"] });
    const own = "a passphrase that carl made up himself";
    const accepted = await people.opened.client().client.operators.accept({
      name: "carl",
      code: given,
      passphrase: own,
    });
    const confirm = { name: "carl", words: accepted.words };
    await people.agree(await asked(ada.client.operators.confirm(confirm)), bob);
    await ada.client.operators.confirm(confirm);
    const approval = await asked(profile());
    await people.agree(approval, bob);
    await ada.client.operators.disable({ name: "bob" });
    expect(await asked(profile())).not.toBe(approval);
    expect(await ada.client.approvals.show({ approval })).toMatchObject({
      state: "void",
      reason: "operator-disabled",
    });
  });

  test("without the role is refused", async () => {
    const { code: given } = await ada.client.operators.invite({ name: "vera", roles: ["viewer"] });
    const own = "a passphrase that vera made up herself";
    const accepted = await people.opened.client().client.operators.accept({
      name: "vera",
      code: given,
      passphrase: own,
    });
    const confirm = { name: "vera", words: accepted.words };
    await people.agree(await asked(ada.client.operators.confirm(confirm)), bob);
    await ada.client.operators.confirm(confirm);
    people.now += day + hour;
    const later = await people.signIn("ada", ada.passphrase);
    const vera = await people.signIn("vera", own);
    await expect(people.agree(await asked(profile("stig", later)), vera)).rejects.toEqual(
      code("not-allowed"),
    );
  });

  test("who looked at another digest is refused", async () => {
    const approval = await asked(profile());
    await expect(
      bob.client.approvals.approve({ approval, digest: "0".repeat(64), passphrase: bob.passphrase }),
    ).rejects.toEqual(expect.objectContaining({ data: expect.objectContaining({ reason: "other-digest" }) }));
  });
});

describe("the clocks and the races", () => {
  test("what nobody agreed to in a day can't be agreed to", async () => {
    const approval = await asked(profile());
    people.now += day + 1;
    bob = await people.signIn("bob", bob.passphrase);
    expect((await bob.client.approvals.show({ approval })).state).toBe("expired");
    await expect(people.agree(approval, bob)).rejects.toEqual(code("conflict"));
  });

  test("what was agreed to is done in eight hours or asked again", async () => {
    const approval = await asked(profile());
    await people.agree(approval, bob);
    people.now += 8 * hour + 1;
    ada = await people.signIn("ada", ada.passphrase);
    expect(await asked(profile())).not.toBe(approval);
  });

  test("a refusal and an agreement at once: one of them stands", async () => {
    const approval = await asked(profile());
    const results = await Promise.allSettled([
      people.agree(approval, bob),
      bob.client.approvals.refuse({ approval, note: "not today" }),
    ]);
    const { state } = await ada.client.approvals.show({ approval });
    expect(["approved", "refused"]).toContain(state);
    expect(results.filter((one) => one.status === "fulfilled").length).toBeGreaterThan(0);
  });

  test("two who do one agreed step at once: it happens once", async () => {
    await people.agree(await asked(profile()), bob);
    const both = await Promise.allSettled([profile(), profile()]);
    expect(both.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    expect((await ada.client.audit.list({ action: "session.profile-set" })).events).toHaveLength(1);
  });

  test("a row that was written into the directory without the approver's key is no agreement", async () => {
    const approval = await asked(profile());
    const db = database();
    db.prepare(
      `UPDATE approval SET state = 'approved', approver = 'bob', approver_public = x'00', signature = zeroblob(64),
       decided_at = requested_at, execute_by = '2099-01-01T00:00:00.000Z' WHERE id = ?`,
    ).run(approval);
    db.close();
    await expect(profile()).rejects.toThrow("its signature is not the approver's");
  });

  test("a restored station takes no agreement from before: its lineage is another", async () => {
    const approval = await asked(profile());
    await people.agree(approval, bob);
    const { directory } = people.opened;
    const copy = mkdtempSync(join(tmpdir(), "sallyport-restored-"));
    await people.opened.station.close();
    cpSync(directory, copy, { recursive: true });
    const db = new Database(join(copy, "station.db"));
    db.prepare("UPDATE station SET lineage = 'fedcba9876543210'").run();
    db.close();
    rmSync(directory, { recursive: true });
    people = await openPeople({ directory: copy, now: people.now });
    expect(await asked(profile("stig", people.ada))).not.toBe(approval);
    expect((await people.ada.client.approvals.show({ approval })).state).toBe("void");
    rmSync(copy, { recursive: true });
  });
});

describe("a station founded for two", () => {
  test("lets its founder alone enrol the first approver and nothing else; never again after that", async () => {
    const two = await openPeople({ people: "two" });
    await expect(two.ada.client.session.profile({ profile: "stig" })).rejects.toEqual(code("not-ready"));
    await expect(two.enrol("vera", ["viewer"])).rejects.toEqual(code("not-ready"));
    await two.enrol("carl", ["approver"]);
    await asked(two.enrol("dora", ["approver"]));
    await two.close();
  });
});

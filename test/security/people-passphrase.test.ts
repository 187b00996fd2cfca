import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { passphrase } from "../../main/station/testing/open-test-station.ts";
import { codeOfStep, stepOf } from "../../main/station/keys/totp.ts";
import { asked, day, decodeBase32, hour, openPeople, type People } from "./people.ts";

const next = "another passphrase that nobody wrote down";
let people: People;
beforeEach(async () => {
  people = await openPeople();
});
afterEach(() => people.close());

describe("a passphrase that is changed", () => {
  const change = (given: object = {}) =>
    people.ada.client.session.changePassphrase({ passphrase, newPassphrase: next, ...given });

  test("opens the same keys; the old one opens nothing, and other sessions are over", async () => {
    const elsewhere = await people.signIn("ada", passphrase);
    const before = await people.ada.client.station.card({});
    expect(await change()).toEqual({ ended: 1 });
    const out = expect.objectContaining({ code: "not-signed-in" });
    await expect(elsewhere.client.peers.list({})).rejects.toEqual(out);
    await expect(people.signIn("ada", passphrase)).rejects.toThrow("do not belong together");
    const again = await people.signIn("ada", next);
    expect(await again.client.station.card({})).toEqual(before);
    // This one went on.
    await people.ada.client.peers.list({});
  });

  test("still opens the second factor, and is asked for its code", async () => {
    const { client } = people.ada;
    const device = decodeBase32((await client.session.offerFactor({ passphrase })).secret);
    const code = () => codeOfStep(device, stepOf(new Date(people.now)));
    await client.session.confirmFactor({ passphrase, code: code() });
    people.now += 60_000;
    await expect(change()).rejects.toThrow("second factor");
    expect(await change({ code: code() })).toEqual({ ended: 0 });
    people.now += 60_000;
    await people.signIn("ada", next, code());
  });

  test.each([
    ["wrong", { passphrase: "not what it was at all" }, "This is not your passphrase"],
    ["the same", { newPassphrase: passphrase }, "it is the one that you have"],
    ["short", { newPassphrase: "too short" }, "15 characters or more"],
    ["what every guesser tries", { newPassphrase: "passwordpassword1234" }, "guesser"],
  ])("is refused when %s, and nothing has changed", async (_what, given, why) => {
    await expect(change(given)).rejects.toThrow(why);
    await people.signIn("ada", passphrase);
  });

  test("that fails to be written leaves the old one", async () => {
    const db = new Database(`${people.opened.directory}/station.db`);
    db.exec("CREATE TRIGGER full BEFORE UPDATE ON operator_key BEGIN SELECT raise(ABORT, 'full'); END");
    await expect(change()).rejects.toThrow("Something inside failed");
    db.exec("DROP TRIGGER full");
    db.close();
    await people.signIn("ada", passphrase);
  });
});

describe("who does not come any more", () => {
  /** As ada sees them, who signs in for it. */
  async function states(): Promise<string[]> {
    const { client } = await people.signIn("ada", passphrase);
    return (await client.operators.list({})).operators.map(({ name, state }) => `${name} ${state}`);
  }

  test("under stig is disabled after 35 days, and enabled again by an administrator for another 35", async () => {
    const bob = await people.enrol("bob", ["operator"]);
    await people.ada.client.session.profile({ profile: "stig" });
    people.now += 35 * day - 2 * 60_000;
    expect(await states()).toEqual(["ada active", "bob active"]);
    people.now += 3 * 60_000;
    expect(await states()).toEqual(["ada active", "bob disabled"]);
    await expect(people.signIn("bob", bob.passphrase)).rejects.toThrow("do not belong together");
    const { client } = await people.signIn("ada", passphrase);
    await client.operators.enable({ name: "bob" });
    people.now += 60_000;
    await people.signIn("bob", bob.passphrase);
    const { events } = await client.audit.list({ action: "operators.disabled-inactive" });
    expect(events).toMatchObject([{ actor: "system", object: "bob" }]);
  });

  test("under nist stays", async () => {
    await people.enrol("bob", ["operator"]);
    people.now += 400 * day;
    expect(await states()).toEqual(["ada active", "bob active"]);
  });

  test("is never the last administrator, nor one of the two who can agree", async () => {
    const bob = await people.enrol("bob", ["approver"]);
    people.now += 25 * hour;
    const ada = await people.signIn("ada", passphrase);
    const limits = () => ada.client.session.profile({ profile: "stig" });
    await people.agree(await asked(limits()), await people.signIn("bob", bob.passphrase));
    await limits();
    people.now += 400 * day;
    expect(await states()).toEqual(["ada active", "bob active"]);
  });
});

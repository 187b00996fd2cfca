import { createPublicKey, verify } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import Database from "better-sqlite3";
import { join } from "node:path";
import { asked, day, hour, openPeople, type People, type Person } from "./people.ts";

let people: People;
let ada: Person;
let bob: Person;

beforeEach(async () => {
  people = await openPeople();
  ({ ada } = people);
  bob = await people.enrol("bob", ["approver"]);
});
afterEach(() => people.close());

const own = ({ passphrase }: Person) => ({ passphrase });

/** Nobody is a creature of who let them in any more, and every session has ended. */
async function aDayLater(): Promise<void> {
  people.now += day + hour;
  ada = await people.signIn("ada", ada.passphrase);
  bob = await people.signIn("bob", bob.passphrase);
}

/** Ed25519 by Node's own hands, not the station's. */
function holds(text: string, signature: string, publicKey: string): boolean {
  const spki = Buffer.concat([
    Buffer.from("302a300506032b6570032100", "hex"),
    Buffer.from(publicKey, "base64"),
  ]);
  const key = createPublicKey({ key: spki, format: "der", type: "spki" });
  return verify(null, Buffer.from(text), key, Buffer.from(signature, "base64"));
}

test("a shift is signed by one, countersigned by another from their own session, and both signatures are in the log", async () => {
  await aDayLater();
  const signed = await ada.client.signoffs.sign({ note: "all sticks are back", ...own(ada) });
  expect(signed).toMatchObject({ kind: "shift", state: "waiting", seconds: ["bob"], second: null });
  const whole = await bob.client.signoffs.countersign({ signoff: signed.signoff, ...own(bob) });
  expect(whole).toMatchObject({ state: "whole", second: { by: "bob", holds: true }, seconds: [] });
  for (const one of [whole.first, whole.second]) {
    expect(one !== null && holds(one.text, one.signature, one.publicKey)).toBe(true);
    expect(one?.text).toContain(`root ${whole.root}\n`);
  }
  const { events } = await ada.client.audit.list({ limit: 4 });
  const details = events
    .filter((event) => event.action.startsWith("signoffs."))
    .map((event) => event.details);
  expect(details.map((detail) => detail["signature"])).toEqual([
    whole.second?.signature,
    whole.first.signature,
  ]);
});

test("the second one signs over the first's screen; the event says over whose", async () => {
  await aDayLater();
  const { signoff } = await ada.client.signoffs.sign(own(ada));
  await ada.client.signoffs.countersign({ signoff, operator: "bob", ...own(bob) });
  const [event] = (await ada.client.audit.list({ limit: 1 })).events;
  expect(event).toMatchObject({ actor: "bob", action: "signoffs.countersigned", details: { over: "ada" } });
});

test("nobody countersigns their own, nor as the creature of the first, nor with another's passphrase", async () => {
  const { signoff } = await ada.client.signoffs.sign(own(ada));
  await expect(ada.client.signoffs.countersign({ signoff, ...own(ada) })).rejects.toMatchObject({
    code: "not-allowed",
  });
  // Let in by ada a moment ago.
  await expect(bob.client.signoffs.countersign({ signoff, ...own(bob) })).rejects.toMatchObject({
    code: "not-allowed",
  });
  await aDayLater();
  await expect(
    bob.client.signoffs.countersign({ signoff, passphrase: ada.passphrase }),
  ).rejects.toMatchObject({ code: "refused" });
  await bob.client.signoffs.countersign({ signoff, ...own(bob) });
  await expect(bob.client.signoffs.countersign({ signoff, ...own(bob) })).rejects.toMatchObject({
    code: "conflict",
  });
});

test("of two who countersign at once, one does", async () => {
  await aDayLater();
  const { signoff } = await ada.client.signoffs.sign(own(ada));
  const other = await people.signIn("bob", bob.passphrase);
  const tries = [bob, other].map((one) => one.client.signoffs.countersign({ signoff, ...own(one) }));
  const settled = await Promise.allSettled(tries);
  expect(settled.filter((one) => one.status === "fulfilled")).toHaveLength(1);
});

test("a signature that was changed in the database is shown as one that does not hold", async () => {
  const { signoff } = await ada.client.signoffs.sign({ note: "as it was", ...own(ada) });
  const db = new Database(join(people.opened.directory, "station.db"));
  db.prepare("UPDATE signoff SET note = 'as somebody wishes' WHERE id = ?").run(signoff);
  db.close();
  const { signoffs } = await ada.client.signoffs.list({});
  expect(signoffs[0]).toMatchObject({ signoff, first: { holds: false } });
});

test("a shift that nobody signed for is visible, and a need where the profile asks", async () => {
  const needs = async () =>
    (await ada.client.watch.summary({})).needs.filter((need) => need.kind === "signoff");
  expect((await ada.client.signoffs.list({})).unsigned).toMatchObject({ overdue: false });
  await aDayLater();
  await people.agree(await asked(ada.client.session.profile({ profile: "stig" })), bob);
  await ada.client.session.profile({ profile: "stig" });
  expect(await needs()).toEqual([expect.objectContaining({ path: "/audit/signoffs" })]);
  const { signoff } = await ada.client.signoffs.sign(own(ada));
  // One signature is half: the shift stays open, and the second person is asked for.
  expect(await needs()).toHaveLength(2);
  await bob.client.signoffs.countersign({ signoff, ...own(bob) });
  expect(await needs()).toEqual([]);
  expect((await ada.client.signoffs.list({})).unsigned).toBeNull();
});

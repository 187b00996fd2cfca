import Database from "better-sqlite3";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
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

async function aDayLater(): Promise<void> {
  people.now += day + hour;
  ada = await people.signIn("ada", ada.passphrase);
  bob = await people.signIn("bob", bob.passphrase);
}

type Report = Awaited<ReturnType<Person["client"]["reports"]["make"]>>;

function rowsOf(report: Report, title: string): string[][] {
  const found = report.document.blocks.find((block) => block.kind === "table" && block.title === title);
  return found?.kind === "table" ? found.rows : [];
}

test("the access report says of each who let them in, what they may do, and when they were last seen", async () => {
  const report = await ada.client.reports.make({ kind: "access" });
  const rows = rowsOf(report, "Operators");
  expect(rows.map((row) => row.slice(0, 2))).toEqual([
    ["ada", "administrator"],
    ["bob", "approver"],
  ]);
  expect(rows[0]?.[4]).toContain("founded the station");
  expect(rows[1]?.[4]).toContain("ada, 2026-");
  expect(rows[1]?.[3]).toBe("2026-11-21T08:00:00.000Z, 1 in all");
  expect(report.people).toEqual(["ada", "bob"]);
});

test("an access review says a word about everybody, or is not signed; then it is, and countersigned", async () => {
  await aDayLater();
  const { html, sha256 } = await ada.client.reports.make({ kind: "access" });
  const sign = (reviewed: { operator: string; keep: boolean }[]) =>
    ada.client.reports.signOff({ html, reviewed, passphrase: ada.passphrase });
  await expect(sign([{ operator: "ada", keep: true }])).rejects.toMatchObject({
    code: "bad-input",
    message: expect.stringContaining("bob"),
  });
  await expect(
    sign([
      { operator: "ada", keep: true },
      { operator: "bob", keep: true },
      { operator: "carl", keep: true },
    ]),
  ).rejects.toMatchObject({ message: expect.stringContaining("carl") });
  const signed = await sign([
    { operator: "ada", keep: true },
    { operator: "bob", keep: false },
  ]);
  expect(signed).toMatchObject({ kind: "access", sha256, state: "waiting" });
  const { events } = await ada.client.audit.search({ query: `object:${signed.signoff}` });
  expect(events[0]?.details).toMatchObject({ keep: "ada", change: "bob", sha256 });
  const whole = await bob.client.signoffs.countersign({
    signoff: signed.signoff,
    passphrase: bob.passphrase,
  });
  expect(whole.state).toBe("whole");
});

test("a report that somebody touched up is not signed, nor by one who may not verify", async () => {
  const { html } = await ada.client.reports.make({ kind: "review" });
  await expect(
    ada.client.reports.signOff({
      html: html.replace("refused", "allowed"),
      passphrase: ada.passphrase,
    }),
  ).rejects.toMatchObject({ code: "refused", data: { reason: "other-report" } });
  await expect(bob.client.reports.signOff({ html, passphrase: bob.passphrase })).rejects.toMatchObject({
    code: "not-allowed",
  });
});

test("the next review begins where the last signed one ended", async () => {
  const first = await ada.client.reports.make({ kind: "review" });
  expect(first.from).toBe(1);
  await ada.client.reports.signOff({ html: first.html, passphrase: ada.passphrase });
  const next = await ada.client.reports.make({ kind: "review" });
  expect(next.from).toBe(first.events + 1);
});

test("the report of exceptions tells steps of one from steps of two", async () => {
  await aDayLater();
  const profile = () => ada.client.session.profile({ profile: "stig" });
  await people.agree(await asked(profile()), bob);
  await profile();
  const report = await ada.client.reports.make({ kind: "exceptions" });
  // Bob was let in by ada alone: the first second person, once.
  expect(rowsOf(report, "Done by one").map((row) => [row[2], row[3], row[4]])).toEqual([
    ["ada", "operators.enrolled", "bob"],
  ]);
  expect(rowsOf(report, "Done by two").map((row) => [row[2], row[3], row[5]])).toEqual([
    ["ada", "session.profile-set", "bob"],
  ]);
});

test("no report is made from a log whose events were changed, though its stored tree still agrees", async () => {
  await ada.client.audit.saveSearch({ name: "n", query: "as it was" });
  const db = new Database(join(people.opened.directory, "station.db"));
  db.exec("DROP TRIGGER audit_event_no_update");
  db.exec(
    `UPDATE audit_event SET leaf = CAST(replace(CAST(leaf AS TEXT), 'as it was', 'as I wish') AS BLOB)
     WHERE action = 'audit.search-saved'`,
  );
  db.close();
  await expect(ada.client.reports.make({ kind: "review" })).rejects.toMatchObject({
    code: "refused",
    message: expect.stringMatching(/^Event \d+ is missing or not what was signed/),
  });
});

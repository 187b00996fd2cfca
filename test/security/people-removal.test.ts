import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openGrant, openOperatorKeys, type OperatorKeyRow } from "../../main/station/keys/operator-keys.ts";
import { openStationKey, type StationKeyRow } from "../../main/station/keys/station-keys.ts";
import { asked, day, hour, openPeople, type People, type Person } from "./people.ts";

let people: People;
let bob: Person;
let eve: Person;
beforeEach(async () => {
  people = await openPeople();
  bob = await people.enrol("bob", ["operator"]);
  eve = await people.enrol("eve", ["operator"]);
});
afterEach(() => people.close());

const code = (value: string) => expect.objectContaining({ code: value });

/** What somebody with a copy of the directory and a passphrase can open of the station's keys. */
function opens(directory: string, name: string, passphrase: string): string[] {
  const db = new Database(join(directory, "station.db"), { readonly: true });
  const key = db
    .prepare("SELECT k.* FROM operator_key k JOIN operator o ON o.id = k.operator WHERE o.name = ?")
    .get(name) as OperatorKeyRow;
  const secrets = openOperatorKeys(name, 1, passphrase, key);
  const grants = db.prepare("SELECT master_version AS version, sealed FROM master_key_grant").all() as {
    version: number;
    sealed: Buffer;
  }[];
  const keys = db.prepare("SELECT * FROM station_key").all() as StationKeyRow[];
  db.close();
  const opened: string[] = [];
  for (const grant of grants) {
    for (const row of keys.filter((one) => one.master_version === grant.version)) {
      try {
        const master = openGrant(grant.sealed, key.box_public, secrets?.box ?? Buffer.alloc(32));
        openStationKey(row, master);
        opened.push(row.purpose);
      } catch {
        // This grant, or this key, is not theirs.
      }
    }
  }
  return opened.toSorted();
}

const all = ["age", "backup", "log", "signing", "vault", "witness"];

test("a removed operator opens nothing of a directory copied afterwards; those who were absent open all of it", async () => {
  expect(opens(people.opened.directory, "eve", eve.passphrase)).toEqual(all);
  await bob.client.session.signOut({});
  const before = await people.ada.client.station.show({});
  const removed = await people.ada.client.operators.remove({ name: "eve" });
  expect(removed.holders).toEqual(["ada", "bob"]);
  expect(removed.exposed.join(" ")).toContain("copies of the directory made before now");
  expect(opens(people.opened.directory, "eve", eve.passphrase)).toEqual([]);
  expect(opens(people.opened.directory, "bob", bob.passphrase)).toEqual(all);
  const after = await people.ada.client.station.show({});
  expect(after.fingerprint).toBe(before.fingerprint);
});

test("a removed operator is out at once and can't come back", async () => {
  await people.ada.client.operators.remove({ name: "bob" });
  await expect(bob.client.peers.list({})).rejects.toEqual(code("not-signed-in"));
  await expect(people.signIn("bob", bob.passphrase)).rejects.toEqual(code("refused"));
  await expect(people.ada.client.operators.invite({ name: "bob", roles: ["operator"] })).rejects.toEqual(
    code("conflict"),
  );
  await expect(people.ada.client.operators.remove({ name: "ada" })).rejects.toEqual(code("conflict"));
});

test("an invitation that a removed administrator made is worth nothing, and two approvers stay", async () => {
  const carl = await people.enrol("carl", ["administrator"]);
  await expect(people.ada.client.operators.remove({ name: "carl" })).rejects.toEqual(code("conflict"));
  people.now += day + hour;
  const ada = await people.signIn("ada", people.ada.passphrase);
  const own = "a passphrase that dora made up herself";
  const { code: doras } = await ada.client.operators.invite({ name: "dora", roles: ["approver"] });
  const { client } = people.opened.client();
  const { words } = await client.operators.accept({ name: "dora", code: doras, passphrase: own });
  const later = await people.signIn("carl", carl.passphrase);
  await people.agree(await asked(ada.client.operators.confirm({ name: "dora", words })), later);
  await ada.client.operators.confirm({ name: "dora", words });
  const { code: given } = await later.client.operators.invite({ name: "mole", roles: ["viewer"] });
  await ada.client.operators.remove({ name: "carl" });
  await expect(
    client.operators.accept({ name: "mole", code: given, passphrase: "a passphrase for a mole here" }),
  ).rejects.toEqual(code("refused"));
});

test("those who stay sign in, sign and open as before, also after the station was opened anew", async () => {
  await people.ada.client.operators.remove({ name: "eve" });
  const card = await people.ada.client.station.card({});
  await people.opened.station.close();
  const copy = mkdtempSync(join(tmpdir(), "sallyport-rekeyed-"));
  cpSync(people.opened.directory, copy, { recursive: true });
  rmSync(people.opened.directory, { recursive: true });
  people = await openPeople({ directory: copy, now: people.now });
  const again = await people.signIn("bob", bob.passphrase);
  expect((await again.client.station.card({})).phrase).toBe(card.phrase);
  rmSync(copy, { recursive: true });
});

describe("a re-key that is cut off", () => {
  test.each([
    "BEFORE INSERT ON master_key",
    "AFTER UPDATE ON station_key",
    "BEFORE INSERT ON master_key_grant",
    "BEFORE DELETE ON master_key_grant",
    "BEFORE INSERT ON audit_event",
  ])("%s leaves the old key whole", async (where) => {
    const db = new Database(join(people.opened.directory, "station.db"));
    db.exec(`CREATE TRIGGER cut ${where} BEGIN SELECT raise(ABORT, 'cut off'); END`);
    await expect(people.ada.client.operators.remove({ name: "eve" })).rejects.toEqual(code("internal"));
    db.exec("DROP TRIGGER cut");
    db.close();
    for (const person of [bob, eve]) {
      const name = person === bob ? "bob" : "eve";
      expect(opens(people.opened.directory, name, person.passphrase)).toEqual(all);
    }
    expect((await eve.client.peers.list({})).peers).toEqual([]);
    expect((await people.ada.client.station.card({})).card).toContain("signing");
  });
});

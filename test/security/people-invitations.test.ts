import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openPeople, hour, type People } from "./people.ts";

let people: People;
beforeEach(async () => {
  people = await openPeople();
});
afterEach(() => people.close());

const code = (value: string) => expect.objectContaining({ code: value });
const own = "a passphrase that only bob knows";

async function invited(name = "bob") {
  return people.ada.client.operators.invite({ name, roles: ["operator"] });
}

describe("an invitation code", () => {
  test("used twice opens nothing the second time", async () => {
    const { code: given } = await invited();
    const bob = people.opened.client().client;
    await bob.operators.accept({ name: "bob", code: given, passphrase: own });
    await expect(
      bob.operators.accept({ name: "bob", code: given, passphrase: "another passphrase, of a thief" }),
    ).rejects.toEqual(code("refused"));
  });

  test("after its time opens nothing", async () => {
    const { code: given } = await invited();
    people.now += 72 * hour + 1;
    const { client } = people.opened.client();
    await expect(client.operators.accept({ name: "bob", code: given, passphrase: own })).rejects.toEqual(
      code("refused"),
    );
  });

  test("of somebody else, wrong, and for a name that nobody invited get one answer", async () => {
    await invited("bob");
    const { code: other } = await invited("eve");
    const { client } = people.opened.client();
    const answers = await Promise.allSettled(
      [
        { name: "bob", code: other },
        { name: "bob", code: "00000-00000-00000-00000-00000" },
        { name: "nobody", code: other },
      ].map((input) => client.operators.accept({ ...input, passphrase: own })),
    );
    const texts = new Set(answers.map((one) => (one.status === "rejected" ? String(one.reason) : "let in")));
    expect(texts.size).toBe(1);
    expect([...texts][0]).toContain("open no invitation");
  });

  test("lets nobody in by itself: without the administrator's ear there is no operator and no key", async () => {
    const { code: given } = await invited();
    const { client } = people.opened.client();
    await client.operators.accept({ name: "bob", code: given, passphrase: own });
    await expect(client.session.signIn({ operator: "bob", passphrase: own })).rejects.toEqual(
      code("refused"),
    );
    const db = new Database(join(people.opened.directory, "station.db"), { readonly: true });
    expect(db.prepare("SELECT count(*) FROM master_key_grant").pluck().get()).toBe(1);
    db.close();
  });

  test("is not in the directory: only its hash is", async () => {
    const { code: given } = await invited();
    const db = new Database(join(people.opened.directory, "station.db"), { readonly: true });
    const rows = JSON.stringify(db.prepare("SELECT * FROM invitation").all());
    const leaves = db.prepare("SELECT leaf FROM audit_event").pluck().all().join();
    db.close();
    expect(rows + leaves).not.toContain(given);
  });

  test("leads to words; keys that were swapped in the directory have others, and nobody is let in", async () => {
    const { code: given } = await invited();
    const { client } = people.opened.client();
    const { words } = await client.operators.accept({ name: "bob", code: given, passphrase: own });
    const db = new Database(join(people.opened.directory, "station.db"));
    db.prepare("UPDATE invitation SET box_public = ?").run(Buffer.alloc(32, 7));
    db.close();
    await expect(people.ada.client.operators.confirm({ name: "bob", words })).rejects.toEqual(
      code("refused"),
    );
    expect((await people.ada.client.operators.list({})).operators).toHaveLength(1);
  });

  test("withdrawn after it was used lets nobody in either", async () => {
    const { code: given } = await invited();
    const { client } = people.opened.client();
    const { words } = await client.operators.accept({ name: "bob", code: given, passphrase: own });
    await people.ada.client.operators.withdraw({ name: "bob" });
    await expect(people.ada.client.operators.confirm({ name: "bob", words })).rejects.toEqual(
      code("not-found"),
    );
  });
});

describe("an operator", () => {
  test("who was invited, has accepted and was confirmed opens the station with their own passphrase", async () => {
    const bob = await people.enrol("bob", ["operator"]);
    await people.ada.client.session.signOut({});
    await bob.client.session.signOut({});
    const again = await people.signIn("bob", bob.passphrase);
    expect((await again.client.station.card({})).phrase.split(" ")).toHaveLength(8);
    await expect(again.client.operators.invite({ name: "eve", roles: ["administrator"] })).rejects.toEqual(
      code("not-allowed"),
    );
  });

  test("disabled while signed in is out at the next call, and stays out", async () => {
    const bob = await people.enrol("bob", ["operator"]);
    await people.ada.client.operators.disable({ name: "bob" });
    await expect(bob.client.peers.list({})).rejects.toEqual(code("not-signed-in"));
    await expect(people.signIn("bob", bob.passphrase)).rejects.toEqual(code("refused"));
    await people.ada.client.operators.enable({ name: "bob" });
    await people.signIn("bob", bob.passphrase);
  });

  test("whose roles were taken while signed in can't go on with the old ones", async () => {
    const bob = await people.enrol("bob", ["operator"]);
    await people.ada.client.operators.roles({ name: "bob", roles: ["viewer"], version: 1 });
    await expect(
      bob.client.requests.submit({ kind: "echo", user: "alice", source: { text: "1" } }),
    ).rejects.toEqual(code("not-allowed"));
  });

  test("can't be auditor and administrator, by invitation or later", async () => {
    const both = ["auditor", "administrator"] as const;
    await expect(people.ada.client.operators.invite({ name: "bob", roles: [...both] })).rejects.toThrow(
      "nobody is auditor and administrator",
    );
    await people.enrol("bob", ["auditor"]);
    await expect(
      people.ada.client.operators.roles({ name: "bob", roles: [...both], version: 1 }),
    ).rejects.toThrow("nobody is auditor and administrator");
  });

  test("whose stored roles were tampered with has the least role, and an event says so", async () => {
    const bob = await people.enrol("bob", ["operator"]);
    await bob.client.session.signOut({});
    const db = new Database(join(people.opened.directory, "station.db"));
    const store = db.prepare("UPDATE operator SET roles = ? WHERE name = 'bob'");
    for (const roles of [
      '["operator","root"]',
      '["auditor","administrator"]',
      "no json",
      '{"administrator":1}',
    ]) {
      store.run(roles);
      const again = await people.signIn("bob", bob.passphrase);
      expect((await again.client.session.state({})).operator?.roles).toEqual(["viewer"]);
      const { events } = await people.ada.client.audit.list({ action: "operators.roles-not-known" });
      expect(events[0]).toMatchObject({ object: "bob" });
    }
    db.close();
  });

  test("who is the last administrator can neither be disabled nor lose the role", async () => {
    await people.enrol("bob", ["operator"]);
    await expect(people.ada.client.operators.disable({ name: "ada" })).rejects.toEqual(code("conflict"));
    await expect(
      people.ada.client.operators.roles({ name: "ada", roles: ["operator"], version: 1 }),
    ).rejects.toEqual(code("conflict"));
  });

  test("can't choose a passphrase that every guesser tries", async () => {
    const { code: given } = await invited();
    const { client } = people.opened.client();
    for (const weak of ["passwordpassword1", "bob bob bob bob bob", "123456789012345"]) {
      await expect(client.operators.accept({ name: "bob", code: given, passphrase: weak })).rejects.toEqual(
        code("bad-input"),
      );
    }
    await client.operators.accept({ name: "bob", code: given, passphrase: own });
  });
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openPeople, type People, type Person } from "./people.ts";

let people: People;
let bob: Person;

beforeEach(async () => {
  people = await openPeople();
  bob = await people.enrol("bob", ["operator"]);
});
afterEach(() => people.close());

const seenBy = async (who: Person) =>
  (await who.client.presence.list({})).present.map(({ operator, page, subject, editing, own }) => ({
    operator,
    page,
    subject: subject?.name ?? null,
    editing,
    own,
  }));

const onPeer = { page: "transfer", subject: { kind: "peer", name: "high" }, editing: true } as const;

describe("presence", () => {
  test("shows who is where and what they edit, and which of them is oneself", async () => {
    await people.ada.client.presence.tell({ page: "watch" });
    await bob.client.presence.tell(onPeer);
    expect(await seenBy(people.ada)).toEqual([
      { operator: "ada", page: "watch", subject: null, editing: false, own: true },
      { operator: "bob", page: "transfer", subject: "high", editing: true, own: false },
    ]);
  });

  test("reveals neither page nor subject to who may not look there, nor that it is edited", async () => {
    const vic = await people.enrol("vic", ["viewer"]);
    await people.ada.client.presence.tell({
      page: "audit",
      subject: { kind: "approval", name: "a-0123456789abcdef" },
      editing: true,
    });
    expect(await seenBy(vic)).toEqual([
      { operator: "ada", page: null, subject: null, editing: false, own: false },
    ]);
  });

  test("is refused to who tells of a page that they may not read", async () => {
    const vic = await people.enrol("vic", ["viewer"]);
    await expect(vic.client.presence.tell({ page: "audit" })).rejects.toThrow("may not read");
  });

  test("is nothing for who is not signed in", async () => {
    const stranger = people.opened.client().client;
    await expect(stranger.presence.list({})).rejects.toThrow("Nobody is signed in");
    await expect(stranger.presence.tell({ page: "watch" })).rejects.toThrow("Nobody is signed in");
  });

  test("ends with the connection, with the session, and with two minutes of silence", async () => {
    await bob.client.presence.tell(onPeer);
    people.opened.station.disconnect(bob.connection);
    expect(await seenBy(people.ada)).toEqual([]);

    const again = await people.signIn("bob", bob.passphrase);
    await again.client.presence.tell(onPeer);
    await again.client.session.signOut({});
    expect(await seenBy(people.ada)).toEqual([]);

    const third = await people.signIn("bob", bob.passphrase);
    await third.client.presence.tell(onPeer);
    people.now += 2 * 60_000 + 1;
    expect(await seenBy(people.ada)).toEqual([]);
  });

  test("of one who signed out is not inherited by the next on the same connection", async () => {
    await bob.client.presence.tell(onPeer);
    await bob.client.session.signOut({});
    await bob.client.session.signIn({ operator: "bob", passphrase: bob.passphrase });
    expect(await seenBy(people.ada)).toEqual([]);
  });

  test("keeps one entry for a window however often it tells, and slows one that tells without end", async () => {
    for (let told = 0; told < 40; told += 1) {
      await bob.client.presence.tell({ page: told % 2 === 0 ? "watch" : "transfer" });
    }
    expect(await seenBy(people.ada)).toHaveLength(1);
    await expect(bob.client.presence.tell({ page: "watch" })).rejects.toThrow("too often");
    people.now += 10_000;
    await bob.client.presence.tell({ page: "watch" });
  });

  test("takes no free text: not an address, not a mark-up, not a name beyond its shape", async () => {
    for (const name of ["<img src=x>", "../secret", "x".repeat(65), ""]) {
      await expect(
        bob.client.presence.tell({ page: "transfer", subject: { kind: "peer", name } }),
      ).rejects.toMatchObject({ code: "bad-input" });
    }
  });

  test("leaves nothing in the log", async () => {
    const before = (await people.ada.client.audit.list({ limit: 1 })).events[0]?.sequence;
    await bob.client.presence.tell(onPeer);
    await people.ada.client.presence.list({});
    expect((await people.ada.client.audit.list({ limit: 1 })).events[0]?.sequence).toBe(before);
  });
});

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as password from "../../main/station/crypto/password.ts";
import { hour, openPeople, type People } from "./people.ts";
import { grantsOf } from "../../shared/narrowing.ts";

// Counts the runs of Argon2id; what they compute stays real.
vi.mock("../../main/station/crypto/password.ts", async (original) => {
  const real = await original<typeof password>();
  return { ...real, argon2id: vi.fn<typeof password.argon2id>(real.argon2id) };
});

let people: People;
beforeEach(async () => {
  people = await openPeople();
});
afterEach(() => people.close());

const code = (value: string) => expect.objectContaining({ code: value });
const minute = 60_000;

describe("whoever is asked for", () => {
  test("known, unknown, disabled or with a second factor, costs one run of Argon2id of one price", async () => {
    const bob = await people.enrol("bob", ["operator"]);
    await people.enrol("eve", ["operator"]);
    await people.ada.client.operators.disable({ name: "eve" });
    const runs = vi.mocked(password.argon2id);
    const costs = new Set<string>();
    for (const [name, given] of [
      ["bob", "not the passphrase of bob"],
      ["nobody", "not the passphrase of bob"],
      ["eve", "not the passphrase of bob"],
      ["bob", bob.passphrase],
    ] as const) {
      runs.mockClear();
      await people.signIn(name, given).catch(() => {});
      expect(runs, name).toHaveBeenCalledTimes(1);
      costs.add(JSON.stringify(runs.mock.calls[0]?.[2]));
    }
    // Of the passphrases kept here, not of what this machine would take for a new one.
    expect([...costs]).toEqual(['{"memoryKiB":64,"passes":1}']);
  });
});

describe("a session", () => {
  test("without a sign of a person ends after an hour, and the keys are wiped", async () => {
    people.now += hour - 1;
    await people.ada.client.session.stillHere({});
    people.now += hour - 1;
    await people.ada.client.peers.list({});
    people.now += 1;
    await expect(people.ada.client.peers.list({})).rejects.toEqual(code("not-signed-in"));
    const { client, connection } = people.opened.client();
    connection.session = {
      id: "forged",
      operator: "ada",
      roles: ["administrator"],
      grants: grantsOf(["administrator"]),
      operations: null,
    };
    await expect(client.audit.checkpoint({})).rejects.toEqual(code("not-signed-in"));
  });

  test("however busy ends after a day", async () => {
    for (let quarter = 0; quarter < 96; quarter += 1) {
      await people.ada.client.session.stillHere({});
      people.now += 15 * minute;
    }
    await expect(people.ada.client.session.stillHere({})).rejects.toEqual(code("not-signed-in"));
    const again = await people.signIn("ada", people.ada.passphrase);
    const { events } = await again.client.audit.list({ action: "session.ended" });
    expect(events[0]).toMatchObject({ actor: "system", details: { why: "absolute" } });
  });

  test("under stig ends for an administrator after ten minutes, for others after fifteen", async () => {
    await people.ada.client.session.profile({ profile: "stig" });
    const bob = await people.enrol("bob", ["operator"]);
    people.now += 10 * minute;
    await expect(people.ada.client.peers.list({})).rejects.toEqual(code("not-signed-in"));
    await bob.client.peers.list({});
    people.now += 5 * minute;
    await expect(bob.client.peers.list({})).rejects.toEqual(code("not-signed-in"));
  });

  test("does not live on because the clock was set back a year", async () => {
    people.now -= 365 * 24 * hour;
    await expect(people.ada.client.peers.list({})).rejects.toEqual(code("not-signed-in"));
  });

  test("elsewhere is seen and ended by its owner, and not by another operator", async () => {
    const bob = await people.enrol("bob", ["operator"]);
    const second = await people.signIn("bob", bob.passphrase);
    const { sessions } = await bob.client.session.list({});
    expect(sessions.map((one) => one.operator)).toEqual(["bob", "bob"]);
    const adas = (await people.ada.client.session.list({})).sessions.find((one) => one.own);
    await expect(bob.client.session.end({ session: adas?.session ?? "" })).rejects.toEqual(code("not-found"));
    expect(await bob.client.session.endOthers({})).toEqual({ ended: 1 });
    await expect(second.client.peers.list({})).rejects.toEqual(code("not-signed-in"));
    await bob.client.peers.list({});
  });

  test("of anybody is ended by an administrator, at once", async () => {
    const bob = await people.enrol("bob", ["operator"]);
    const { sessions } = await people.ada.client.session.list({});
    const his = sessions.find((one) => one.operator === "bob");
    await people.ada.client.session.end({ session: his?.session ?? "" });
    await expect(bob.client.peers.list({})).rejects.toEqual(code("not-signed-in"));
  });
});

describe("wrong passphrases", () => {
  test("under stig disable an operator at the third, who is enabled by an administrator", async () => {
    const bob = await people.enrol("bob", ["operator"]);
    await people.ada.client.session.profile({ profile: "stig" });
    for (let tries = 0; tries < 3; tries += 1) {
      await expect(people.signIn("bob", "what might bob have taken")).rejects.toEqual(code("refused"));
    }
    await expect(bob.client.peers.list({})).rejects.toEqual(code("not-signed-in"));
    people.now += 16 * minute;
    await expect(people.signIn("bob", bob.passphrase)).rejects.toEqual(code("refused"));
    const ada = await people.signIn("ada", people.ada.passphrase);
    await ada.client.operators.enable({ name: "bob" });
    await people.signIn("bob", bob.passphrase);
  });

  test("under stig never disable the last administrator: they wait a quarter of an hour", async () => {
    await people.ada.client.session.profile({ profile: "stig" });
    for (let tries = 0; tries < 3; tries += 1) {
      await expect(people.signIn("ada", "what might ada have taken")).rejects.toEqual(code("refused"));
    }
    await expect(people.signIn("ada", people.ada.passphrase)).rejects.toEqual(code("wait"));
    people.now += 15 * minute;
    await people.signIn("ada", people.ada.passphrase);
  });

  test("of one operator make nobody else wait", async () => {
    const bob = await people.enrol("bob", ["operator"]);
    for (let tries = 0; tries < 5; tries += 1) {
      await people.signIn("ada", "what might ada have taken").catch(() => {});
    }
    expect((await people.signIn("bob", bob.passphrase)).connection.session?.operator).toBe("bob");
  });
});

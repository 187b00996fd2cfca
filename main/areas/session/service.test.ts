import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTestStation, passphrase, type TestStation } from "../../station/testing/open-test-station.ts";
import { grantsOf } from "../../../shared/narrowing.ts";

let now: number;
let opened: TestStation;
let onStep: () => void;
beforeEach(async () => {
  onStep = () => {};
  now = Date.parse("2026-11-21T08:00:00.000Z");
  opened = await openTestStation("request", { clock: () => new Date(now), step: () => onStep() });
});
afterEach(() => opened.close());

const wrong = { passphrase: "this is not the passphrase" };
const code = (value: string) => expect.objectContaining({ code: value });

describe("signing in", () => {
  test("a station says what it is before anybody has signed in, and no more", async () => {
    const { client } = opened.client();
    expect(await client.session.state({})).toMatchObject({
      phase: "locked",
      station: { name: "low", side: "request", people: "one" },
      operator: null,
      operators: ["ada"],
    });
  });

  test("a session belongs to its connection alone", async () => {
    const first = opened.client();
    const second = opened.client();
    await first.client.session.signIn({ passphrase });
    expect((await first.client.session.state({})).phase).toBe("open");
    expect((await second.client.session.state({})).phase).toBe("locked");
    await expect(second.client.audit.list({})).rejects.toEqual(code("not-signed-in"));
  });

  test("a wrong passphrase and an unknown operator are told apart by nothing", async () => {
    const { client } = opened.client();
    const answers = await Promise.allSettled([
      client.session.signIn({ operator: "ada", ...wrong }),
      client.session.signIn({ operator: "nobody-here", ...wrong }),
    ]);
    const texts = answers.map((answer) =>
      answer.status === "rejected" ? String(answer.reason.message) : "",
    );
    expect(texts[0]).toBe(texts[1]);
    expect(texts[0]).toContain("do not belong together");
  });

  test("the wait grows with each wrong passphrase, outlives a restart, and a right one ends it", async () => {
    const { client } = opened.client();
    for (let tries = 0; tries < 5; tries += 1) {
      await expect(client.session.signIn(wrong)).rejects.toEqual(code("refused"));
      now += 2000;
    }
    await expect(client.session.signIn(wrong)).rejects.toEqual(code("refused"));
    await expect(client.session.signIn({ passphrase })).rejects.toEqual(
      expect.objectContaining({ code: "wait", data: { seconds: 4 } }),
    );
    now += 4000;
    expect(await client.session.signIn({ passphrase })).toMatchObject({
      failuresSince: 6,
      previousSignInAt: null,
    });
    expect((await client.session.state({})).failures).toBe(0);
  });

  test("a clock that is set back locks nobody out for longer than the wait itself", async () => {
    const { client } = opened.client();
    for (let tries = 0; tries < 4; tries += 1) {
      await expect(client.session.signIn(wrong)).rejects.toEqual(code("refused"));
    }
    now = Date.parse("2000-01-01T00:00:00.000Z");
    await expect(client.session.signIn({ passphrase })).rejects.toEqual(
      expect.objectContaining({ code: "wait", data: { seconds: 1 } }),
    );
  });

  test("one that can't be logged opens nothing", async () => {
    const db = new Database(join(opened.directory, "station.db"));
    db.exec("CREATE TRIGGER full BEFORE INSERT ON audit_event BEGIN SELECT raise(ABORT, 'full'); END");
    const { client, connection } = opened.client();
    await expect(client.session.signIn({ passphrase })).rejects.toEqual(code("internal"));
    expect(connection.session).toBeNull();
    db.exec("DROP TRIGGER full");
    db.close();
  });

  test("a wrong passphrase at a step that asks again is counted like one at the door", async () => {
    const client = await opened.signedIn();
    const ask = () =>
      client.station.identity({ passphrase: "another long passphrase", ownPassphrase: wrong.passphrase });
    for (let tries = 0; tries < 4; tries += 1) await expect(ask()).rejects.toEqual(code("refused"));
    await expect(ask()).rejects.toEqual(code("wait"));
  });

  test("work goes on as its starter, whoever signs in on its connection meanwhile", async () => {
    const { client, connection } = opened.client();
    await client.session.signIn({ passphrase });
    onStep = () => {
      connection.session = {
        id: "x",
        operator: "eve",
        roles: ["administrator"],
        grants: grantsOf(["administrator"]),
        operations: null,
      };
    };
    await client.requests.submit({ kind: "echo", user: "alice", source: { text: "1" } });
    const { events } = await client.audit.list({});
    expect(events[0]).toMatchObject({ actor: "ada", action: "requests.submitted" });
  });

  test("signing out wipes the keys once nobody else is signed in", async () => {
    const first = await opened.signedIn();
    const second = opened.client();
    await second.client.session.signIn({ passphrase });
    await first.session.signOut({});
    await expect(first.station.card({})).rejects.toEqual(code("not-signed-in"));
    expect((await second.client.station.card({})).phrase.split(" ")).toHaveLength(8);
    opened.station.disconnect(second.connection);
    const third = opened.client();
    third.connection.session = {
      id: "forged",
      operator: "ada",
      roles: ["administrator"],
      grants: grantsOf(["administrator"]),
      operations: null,
    };
    await expect(third.client.audit.checkpoint({})).rejects.toEqual(code("not-signed-in"));
  });
});

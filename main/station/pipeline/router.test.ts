import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTestStation, passphrase, type TestStation } from "../testing/open-test-station.ts";
import { grantsOf } from "../../../shared/narrowing.ts";

let opened: TestStation;
beforeEach(async () => {
  opened = await openTestStation();
});
afterEach(() => opened.close());

const refused = (code: string) => expect.objectContaining({ code, defined: true });

describe("the chain before every operation", () => {
  test("nobody signed in is told so before the input is even looked at", async () => {
    const { client } = opened.client();
    await expect(client.peers.trust({ nonsense: true } as never)).rejects.toEqual(refused("not-signed-in"));
  });

  test("input off the schema is refused with its path", async () => {
    const client = await opened.signedIn();
    await expect(
      client.requests.submit({ kind: "echo", user: "alice", source: { text: 5 } } as never),
    ).rejects.toEqual(
      expect.objectContaining({ code: "bad-input", data: expect.objectContaining({ path: "source.text" }) }),
    );
    await expect(client.peers.trust({ peer: "high" } as never)).rejects.toThrow("At phrase: expected string");
  });

  test("an unknown key is refused by name", async () => {
    const client = await opened.signedIn();
    await expect(client.audit.verify({ everything: true } as never)).rejects.toThrow('"everything"');
  });

  test("a role without the permission is refused, and the refusal stands in the log", async () => {
    const { client, connection } = opened.client();
    await client.session.signIn({ passphrase });
    connection.session = {
      id: "x",
      operator: "vera",
      roles: ["viewer", "no-such-role"],
      grants: grantsOf(["viewer", "no-such-role"]),
      operations: null,
    };
    await expect(client.peers.revoke({ peer: "high" })).rejects.toEqual(refused("not-allowed"));
    connection.session = {
      id: "x",
      operator: "ada",
      roles: ["administrator"],
      grants: grantsOf(["administrator"]),
      operations: null,
    };
    const { events } = await client.audit.list({});
    expect(events[0]).toMatchObject({
      actor: "vera",
      action: "peers.revoke",
      object: "high",
      outcome: "refused",
    });
  });

  test("a station founded for two lets no one person do what needs two, and says what comes first", async () => {
    const two = await openTestStation(null);
    const { client } = two.client();
    await client.station.init({ name: "low", side: "request", people: "two", operator: "ada", passphrase });
    await client.session.signIn({ passphrase });
    await expect(client.peers.trust({ peer: "high", phrase: "any" })).rejects.toEqual(refused("not-ready"));
    await expect(
      client.station.identity({ passphrase: "another long passphrase", ownPassphrase: passphrase }),
    ).rejects.toThrow("nobody else here may agree");
    await two.close();
  });

  test("a loop gone wild is slowed down", async () => {
    const { client } = opened.client();
    const calls = Array.from({ length: 1200 }, () => client.session.state({}));
    const results = await Promise.allSettled(calls);
    const slowed = results.filter((result) => result.status === "rejected");
    expect(slowed.length).toBeGreaterThan(0);
    expect(slowed[0]?.reason).toEqual(refused("wait"));
  });

  test("a refused change leaves nothing behind but its event", async () => {
    const client = await opened.signedIn();
    const before = await client.audit.verify({});
    await expect(
      client.requests.submit({ kind: "echo", user: "alice", source: { text: '{"a":1}\n{bad}\n' } }),
    ).rejects.toThrow("At line 2");
    expect(await client.requests.list({})).toEqual({ requests: [], next: null });
    expect(await client.audit.verify({})).toEqual(before);
  });
});

describe("a change that fails inside", () => {
  const submitting = { kind: "echo", user: "alice", source: { text: "1" } };
  /** A station whose disk or program fails at a step of a submission, once. */
  async function failing(fault: Error) {
    let armed = false;
    const station = await openTestStation("request", {
      step: (name) => {
        if (!armed || name !== "submit-requests") return;
        armed = false;
        throw fault;
      },
    });
    const client = await station.signedIn();
    armed = true;
    const error: unknown = await client.requests.submit(submitting).catch((thrown: unknown) => thrown);
    const { events } = await client.audit.list({ limit: 1 });
    await expect(client.requests.submit(submitting)).resolves.toMatchObject({ ids: [expect.any(String)] });
    await station.close();
    return { error, event: events[0] };
  }

  test("says a reference, and leaves an event that it failed with the same reference", async () => {
    const { error, event } = await failing(new TypeError("no such thing"));
    const { reference } = (error as { data: { reference: string } }).data;
    expect(error).toEqual(refused("internal"));
    expect(event).toMatchObject({ actor: "ada", action: "requests.submit", outcome: "failed" });
    expect(JSON.stringify(event)).toContain(reference);
  });

  test.each([
    ["EIO", "input/output error"],
    ["SQLITE_IOERR_WRITE", "input/output error"],
    ["EROFS", "read-only"],
    ["SQLITE_READONLY", "read-only"],
  ])("of the station's own disk (%s) is said in words, with what is safe", async (code, words) => {
    const { error, event } = await failing(Object.assign(new Error(`${code}: at a step`), { code }));
    expect(error).toEqual(refused("medium-failed"));
    expect((error as Error).message).toContain(words);
    expect(event).toMatchObject({ action: "requests.submit", outcome: "failed" });
  });
});

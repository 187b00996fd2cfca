import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  openTestStation,
  type TestClient,
  type TestStation,
} from "../../station/testing/open-test-station.ts";
import { makeIds } from "./ids.ts";

let opened: TestStation;
let client: TestClient;
beforeEach(async () => {
  opened = await openTestStation("request");
  client = await opened.signedIn();
});
afterEach(() => opened.close());

const submit = (text: string) => client.requests.submit({ kind: "echo", user: "alice", source: { text } });

describe("submitting", () => {
  test("a line is a body, kept byte for byte but for the white space around it", async () => {
    const bodies = ['{ "a" : 1.0, "b":"\\u00e9" }', "[1,2]", '"text"', "12345678901234567890.10"];
    const { ids } = await submit(` ${bodies.join("\t\n  ")}\n`);
    expect(ids).toHaveLength(4);
    const kept = await Promise.all(
      ids.map(async (request) => (await client.requests.show({ request })).body),
    );
    expect(kept).toEqual(bodies);
  });

  test.each([
    ["an empty line", "{}\n\n{}\n", "At line 2"],
    ["a duplicate key", '{"a":1,"\\u0061":2}', "At line 1"],
    ["a number beyond a double", "1e400", "At line 1"],
    ["no line at all", "", "has no lines"],
  ])("%s refuses the whole file", async (_name, text, message) => {
    await expect(submit(text)).rejects.toThrow(message);
    expect((await client.requests.counts({})).waiting).toBe(0);
  });

  test("a large file goes up in pieces and belongs to its session alone", async () => {
    const { upload } = await client.uploads.begin({});
    await client.uploads.append({ upload, text: '{"n":1}\n{"n"' });
    await client.uploads.append({ upload, text: ":2}\n" });
    const other = await opened.signedIn();
    await expect(other.requests.submit({ kind: "echo", user: "eve", source: { upload } })).rejects.toThrow(
      "another session",
    );
    expect(
      (await client.requests.submit({ kind: "echo", user: "alice", source: { upload } })).ids,
    ).toHaveLength(2);
    await expect(client.uploads.append({ upload, text: "x" })).rejects.toThrow("does not exist");
  });

  test("half of a character is refused, not silently made another one", async () => {
    await expect(submit('"\ud83d"')).rejects.toThrow("lone surrogate");
    const { upload } = await client.uploads.begin({});
    await expect(client.uploads.append({ upload, text: '"\ud83d' })).rejects.toThrow("lone surrogate");
  });

  test("an upload with a bad line is gone with its refusal, and a corrected one takes its place", async () => {
    for (let tries = 0; tries < 6; tries += 1) {
      const { upload } = await client.uploads.begin({});
      await client.uploads.append({ upload, text: "{bad}" });
      const submitted = client.requests.submit({ kind: "echo", user: "alice", source: { upload } });
      await expect(submitted).rejects.toThrow("At line 1");
    }
  });

  test("a session can't fill the disk with files that nothing is done with", async () => {
    for (let count = 0; count < 4; count += 1) await client.uploads.begin({});
    await expect(client.uploads.begin({})).rejects.toMatchObject({ code: "conflict" });
  });

  test("a response station takes no requests, and a peer that is not trusted is no destination", async () => {
    const high = await openTestStation("response");
    const other = await high.signedIn();
    await expect(other.requests.submit({ kind: "echo", user: "a", source: { text: "1" } })).rejects.toThrow(
      "request side",
    );
    await high.close();
    await expect(
      client.requests.submit({ kind: "echo", user: "a", source: { text: "1" }, to: "high" }),
    ).rejects.toThrow("not a trusted response station");
  });
});

describe("listing", () => {
  test("pages follow each other, newest first, without a gap or a repeat", async () => {
    const { ids } = await submit(Array.from({ length: 7 }, (_, n) => `{"n":${n}}`).join("\n"));
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await client.requests.list(after === undefined ? { limit: 3 } : { limit: 3, after });
      seen.push(...page.requests.map((row) => row.id));
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(seen).toEqual(ids.toReversed());
  });

  test("filters narrow by state, kind and user", async () => {
    await submit("1\n2");
    expect(
      (await client.requests.list({ state: "waiting", kind: "echo", user: "alice" })).requests,
    ).toHaveLength(2);
    expect((await client.requests.list({ state: "answered" })).requests).toEqual([]);
    expect((await client.requests.list({ user: "bob" })).requests).toEqual([]);
    await expect(client.requests.list({ after: "nonsense" })).rejects.toThrow("At after");
  });

  test("an unknown request is not found, and one without an answer says where it is", async () => {
    await expect(client.requests.show({ request: "r-none" })).rejects.toThrow("no request r-none");
    const { ids } = await submit("1");
    await expect(client.responses.get({ request: ids[0] ?? "" })).rejects.toThrow("is waiting");
  });
});

/** Writes into a station's database as an import or a receipt would have. */
function withDatabase({ directory }: TestStation, run: (db: Database.Database) => void): void {
  const db = new Database(join(directory, "station.db"));
  run(db);
  db.close();
}

const addPeer = (name: string, side: string) =>
  `INSERT INTO peer (id, station, name, side, state, added_at) VALUES (1, '${"a".repeat(32)}', '${name}', '${side}', 'trusted', '')`;

describe("two windows", () => {
  test("that answer at the same time answer each request once, and none of them fails", async () => {
    const high = await openTestStation("response");
    withDatabase(high, (db) => {
      db.exec(addPeer("low", "request"));
      db.exec(
        "INSERT INTO batch (id, peer, own, lineage, sequence, state, created_at) VALUES (1, 1, 0, 'x', 1, 'imported', '')",
      );
      const add = db.prepare(
        `INSERT INTO record (origin, id, revision, type, created_at, peer, batch, kind, user, body)
         VALUES (1, ?, 1, 'request', '', 1, 1, 'echo', 'alice', '1')`,
      );
      db.transaction(() => {
        for (let index = 0; index < 3500; index += 1) add.run(`r-${index}`);
      })();
    });
    const windows = [await high.signedIn(), await high.signedIn()];
    const answers = await Promise.all(windows.map((window) => window.requests.run({})));
    expect(answers.reduce((sum, { answered }) => sum + answered, 0)).toBe(3500);
    expect(await windows[0]?.requests.counts({})).toMatchObject({ answered: 3500, imported: 0 });
    await high.close();
  });
});

test("a search answers with as many documents as its line can hold, and says how many there are", async () => {
  const high = await openTestStation("response");
  const window = await high.signedIn();
  const documents = [1, 2, 3, 4].map((n) => `{"n":${n},"needle":"${"x".repeat(400_000)}"}`);
  await window.documents.load({ source: { text: documents.join("\n") } });
  withDatabase(high, (db) => {
    db.exec(addPeer("low", "request"));
    db.exec(
      "INSERT INTO batch (id, peer, own, lineage, sequence, state, created_at) VALUES (1, 1, 0, 'x', 1, 'imported', '')",
    );
    db.exec(
      `INSERT INTO record (origin, id, revision, type, created_at, peer, batch, kind, user, body)
       VALUES (1, 'r-1', 1, 'request', '', 1, 1, 'search', 'alice', '{"query":"needle","limit":1000}')`,
    );
  });
  expect(await window.requests.run({})).toEqual({ answered: 1, failed: 0 });
  const { body } = await window.responses.get({ request: "r-1" });
  expect(body).toBe(`{"query":"needle","total":4,"documents":[${documents.slice(0, 2).join(",")}]}`);
  await high.close();
});

describe("a peer's receipt", () => {
  test("that lists what was never asked leaves the counts true", async () => {
    const { ids } = await submit("1\n2");
    withDatabase(opened, (db) => {
      db.exec(addPeer("high", "response"));
      db.exec(
        "INSERT INTO batch (id, peer, own, lineage, sequence, state, created_at) VALUES (1, 1, 1, 'x', 1, 'imported', '')",
      );
      db.exec("INSERT INTO lot (destination, to_seq, batch) VALUES (0, 2, 1)");
      const except = db.prepare(
        `INSERT INTO receipt_exception (batch, part, line, type, record_id, verdict, reason)
         VALUES (1, 'data/part-00001.zst.age', ?, 'request', ?, 'quarantined', 'bad-json')`,
      );
      for (const [index, id] of ["x-1", "x-2", "x-3", ids[0]].entries()) except.run(index + 1, id);
    });
    expect(await client.requests.counts({})).toEqual({
      waiting: 0,
      sealed: 0,
      imported: 1,
      refused: 1,
      answered: 0,
    });
  });
});

test("ids sort by time and do not repeat", () => {
  const early = makeIds("r", 1000, new Date(1_700_000_000_000));
  const late = makeIds("r", 1, new Date(1_700_000_000_001));
  expect(new Set(early).size).toBe(1000);
  expect(early.every((id) => /^r-[0-9a-hjkmnp-tv-z]{26}$/.test(id) && id < (late[0] ?? ""))).toBe(true);
});

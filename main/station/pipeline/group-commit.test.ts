import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import { openTestStation } from "../testing/open-test-station.ts";
import { createGroupCommit, mayShareCommit } from "./group-commit.ts";

let folder: string;
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-group-"));
  store = openStore({ path: join(folder, "station.db"), backups: folder, clock: () => new Date(0) });
  store.db.exec(
    "CREATE TABLE done (name TEXT PRIMARY KEY); CREATE TABLE child (of TEXT REFERENCES done (name))",
  );
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const names = (): unknown[] => store.prepare("SELECT name FROM done ORDER BY name").pluck().all();

/** An operation that writes one row in a transaction of its own, as a service does. */
function writes(name: string, then: () => void = () => {}): () => string {
  return () => {
    store.write(() => store.prepare("INSERT INTO done VALUES (?)").run(name));
    then();
    return name;
  };
}

describe("operations that wait together", () => {
  test("are one transaction, and nobody is answered before it is committed", async () => {
    const groups = createGroupCommit(store);
    const answered: string[] = [];
    const seen: number[] = [];
    const look = (): void => {
      expect(store.db.inTransaction).toBe(true);
      expect(answered).toEqual([]);
      // What another connection sees: nothing, until all of it.
      seen.push(Number(other.prepare("SELECT count(*) FROM done").pluck().get()));
    };
    const reader = openStore({ path: join(folder, "station.db"), backups: folder, clock: () => new Date(0) });
    const other = reader.db;
    const all = ["a", "b", "c"].map(async (name) => answered.push(await groups.run(writes(name, look))));
    await Promise.all(all);
    expect(seen).toEqual([0, 0, 0]);
    expect(answered).toEqual(["a", "b", "c"]);
    expect(Number(other.prepare("SELECT count(*) FROM done").pluck().get())).toBe(3);
    reader.close();
  });

  test("fail alone: what one of them wrote before it failed is gone, the others stay", async () => {
    const groups = createGroupCommit(store);
    const fails = writes("b", () => {
      throw new Error("after its write");
    });
    const outcomes = await Promise.allSettled([
      groups.run(writes("a")),
      groups.run(fails),
      groups.run(writes("a")),
      groups.run(writes("c")),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
    expect(names()).toEqual(["a", "c"]);
  });

  test("are all told when the commit itself fails, and nothing is kept", async () => {
    const groups = createGroupCommit(store);
    const poison = (): void => {
      // Checked at COMMIT alone.
      store.db.pragma("defer_foreign_keys = ON");
      store.prepare("INSERT INTO child VALUES ('nobody')").run();
    };
    const outcomes = await Promise.allSettled([groups.run(writes("a")), groups.run(writes("b", poison))]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(names()).toEqual([]);
    expect(store.db.inTransaction).toBe(false);
    expect(await groups.run(writes("c"))).toBe("c");
  });

  test("a transaction inside a transaction is still a mistake where no group runs", () => {
    expect(() => store.write(() => store.write(() => 1))).toThrow("a transaction is open already");
  });
});

test("of a station: many at once are each logged and answered, and one that is refused fails alone", async () => {
  const station = await openTestStation();
  const client = await station.signedIn();
  const before = (await client.audit.standing({})).events;
  const submit = (to?: string) =>
    client.requests.submit({
      kind: "echo",
      user: "alice",
      source: { text: "1" },
      ...(to === undefined ? {} : { to }),
    });
  const outcomes = await Promise.allSettled([
    ...Array.from({ length: 100 }, () => submit()),
    submit("nobody"),
    ...Array.from({ length: 30 }, () => submit()),
  ]);
  expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(1);
  const { events } = await client.audit.list({ limit: 500, action: "requests.submitted" });
  expect(new Set(events.map((event) => event.object)).size).toBe(130);
  expect((await client.audit.list({ action: "requests.submit" })).events).toMatchObject([
    { outcome: "refused" },
  ]);
  expect(await client.audit.verify({})).toMatchObject({ ok: true, events: before + 131 });
  await station.close();
});

test("what touches more than the database shares no commit", () => {
  const small = { source: { text: "1" } };
  expect(mayShareCommit("requests.submit", small)).toBe(true);
  expect(mayShareCommit("requests.submit", { source: { upload: "0".repeat(32) } })).toBe(false);
  expect(mayShareCommit("requests.submit", { source: { text: "x".repeat(70_000) } })).toBe(false);
  for (const operation of ["session.signIn", "transfer.export", "peers.trust", "audit.purge", "toString"]) {
    expect(mayShareCommit(operation, small)).toBe(false);
  }
});

import Database from "better-sqlite3";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ftsQuery } from "./query.ts";

test("words are quoted one by one and all must occur", () => {
  expect(ftsQuery('Invalid user "root"')).toBe('"Invalid" "user" "root"');
  expect(ftsQuery("C:\\x a-b 2026-11-21")).toBe('"C" "x" "a" "b" "2026" "11" "21"');
  expect(ftsQuery(' "(*" ')).toBeNull();
});

test("no text makes the full-text engine throw", () => {
  const db = new Database(":memory:");
  db.exec("CREATE VIRTUAL TABLE t USING fts5 (body)");
  const find = db.prepare("SELECT count(*) FROM t WHERE t MATCH ?").pluck();
  const found = (text: string) => {
    const query = ftsQuery(text);
    return query === null ? 0 : find.get(query);
  };
  const traps = ["", "*", "\0", "(".repeat(300), "AND OR NOT", "NEAR(a b)", '"', "a".repeat(100_000)];
  expect(traps.map(found)).toEqual(traps.map(() => 0));
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => found(text) === 0));
});

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readMigrations } from "./migrations.ts";
import { openStore } from "./open-store.ts";
import { takeLock } from "./lock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-store-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (migrations = readMigrations()) =>
  openStore({
    path: join(folder, "station.db"),
    backups: join(folder, "backups"),
    clock: () => new Date(0),
    migrations,
  });

describe("opening the database", () => {
  test("synchronous stays FULL after a write in WAL mode, and replacing rows fires triggers", () => {
    const store = open();
    store.write(() => store.db.exec("CREATE TABLE t (a)"));
    expect(store.db.pragma("synchronous", { simple: true })).toBe(2);
    expect(store.db.pragma("journal_mode", { simple: true })).toBe("wal");
    expect(store.db.pragma("recursive_triggers", { simple: true })).toBe(1);
    store.close();
    const again = open();
    expect(again.db.pragma("synchronous", { simple: true })).toBe(2);
    again.close();
  });

  test("a file that is no database is left alone", () => {
    writeFileSync(join(folder, "station.db"), "this is a text of more than one hundred bytes ".repeat(10));
    expect(open).toThrow("is not a database");
  });

  test("a database of another program is left alone", () => {
    const other = new Database(join(folder, "station.db"));
    other.exec("CREATE TABLE theirs (a)");
    other.close();
    expect(open).toThrow("another program made it");
  });

  test("a file written by a newer program is refused", () => {
    const store = open();
    store.db.pragma("user_version = 999");
    store.close();
    expect(open).toThrow("newer Sallyport (schema 999");
  });

  test("an older file is copied, then migrated in one step", () => {
    open().close();
    const newest = readMigrations().length;
    const next = { version: newest + 1, name: "next", sql: "CREATE TABLE added (a)" };
    open([...readMigrations(), next]).close();
    expect(readdirSync(join(folder, "backups"))).toEqual([
      `before-migration-from-${newest}-1970-01-01T00-00-00-000Z.db`,
    ]);
    expect(() => open()).toThrow("newer");
  });

  test("a migration that fails changes nothing", () => {
    open().close();
    const newest = readMigrations().length;
    const broken = {
      version: newest + 1,
      name: "broken",
      sql: "CREATE TABLE half (a); CREATE TABLE half (a)",
    };
    expect(() => open([...readMigrations(), broken])).toThrow("half");
    const store = open();
    expect(store.db.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").pluck().get()).toBe(0);
    store.close();
  });

  test("transactions do not nest by mistake", () => {
    const store = open();
    expect(() => store.write(() => store.write(() => {}))).toThrow("open already");
    store.close();
  });
});

describe("the station lock", () => {
  test("is held once, and free again after it is released", () => {
    const path = join(folder, "run", "lock.db");
    const first = takeLock(path);
    expect(first).not.toBeNull();
    expect(takeLock(path)).toBeNull();
    first?.release();
    const second = takeLock(path);
    expect(second).not.toBeNull();
    second?.release();
  });
});

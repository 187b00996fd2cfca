import { execFileSync } from "node:child_process";
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isContractProcedure } from "@orpc/contract";
import { contract } from "../../shared/contract/contract.ts";
import { isConsistent, rootFromInclusion } from "../../main/station/audit/proof.ts";
import { openNote, signNote } from "../../main/station/audit/checkpoint.ts";
import { checkConsistency } from "../../main/station/audit/witness.ts";
import { readConfiguration } from "../../main/station/configuration.ts";
import { generateSigningKeyPair } from "../../main/station/crypto/ed25519.ts";
import { formatVerifierKey, parseVerifierKey } from "../../main/station/crypto/vkey.ts";
import {
  openTestStation,
  passphrase,
  type TestClient,
  type TestStation,
} from "../../main/station/testing/open-test-station.ts";

// Ways around the log and its readers that attack-rows.ts names and no other file runs.

const root = new URL("../..", import.meta.url).pathname;
let folder: string;
let directory: string;
let open: TestStation | undefined;
let client: TestClient;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-evasion-"));
  directory = join(folder, "station");
  open = await openTestStation("request", { directory });
  client = await open.signedIn();
});
afterEach(async () => {
  await open?.close();
  open = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const database = (): string => join(directory, "station.db");
const submit = () => client.requests.submit({ kind: "echo", user: "alice", source: { text: "1" } });
const lost = {
  code: "not-ready",
  message: expect.stringContaining("station.db-wal was replaced or removed") as string,
};

/** Another program opens and closes the database: without the locks of the first it takes the journal with it. */
function openElsewhere(): void {
  const sqlite = createRequire(import.meta.url).resolve("better-sqlite3");
  const script = `const D = require(${JSON.stringify(sqlite)}); const d = new D(${JSON.stringify(database())}); d.prepare("SELECT count(*) FROM audit_event").get(); d.close();`;
  execFileSync(process.execPath, ["-e", script]);
}

describe("the journal taken away from under an open station", () => {
  test("by a naive copy and another program: the next change is refused", async () => {
    await submit();
    openElsewhere();
    // The locks hold: another program that opens and closes it takes nothing.
    await submit();
    // What `cp` inside the process would do: closing a file drops every lock that the process has on it (POSIX).
    readFileSync(database());
    readFileSync(`${database()}-shm`);
    openElsewhere();
    await expect(submit()).rejects.toMatchObject(lost);
  });

  test("by a second SQLite in the same process: the next change is refused", async () => {
    await submit();
    const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
    const second = new DatabaseSync(database());
    second.prepare("SELECT count(*) FROM audit_event").get();
    second.close();
    await expect(submit()).rejects.toMatchObject(lost);
  });
});

describe("an event put in", () => {
  test("by a second connection is refused at the next change, and tree-broken at the next start", async () => {
    await submit();
    const { events } = await client.audit.standing({});
    const db = new Database(database());
    const sql =
      "INSERT INTO audit_event (seq, leaf, hash, at, actor, action) VALUES (?, ?, ?, ?, 'eve', 'x.y')";
    db.prepare(sql).run(events + 1, Buffer.from("{}"), Buffer.alloc(32), new Date().toISOString());
    db.close();
    await expect(submit()).rejects.toMatchObject({
      code: "not-ready",
      message: expect.stringContaining("rows at its end were removed or put in") as string,
    });
    expect(await client.audit.verify({})).toMatchObject({ ok: false, firstBad: events + 1 });
    await open?.close();
    open = await openTestStation(null, { directory });
    const { client: again } = open.client();
    // Signing in must be logged, and can't be: nothing of this station can be used before somebody has looked at it.
    await expect(again.session.signIn({ passphrase })).rejects.toMatchObject({ code: "not-ready" });
    const left = new Database(database(), { readonly: true });
    expect(left.prepare("SELECT kind FROM audit_alarm").pluck().all()).toEqual(["tree-broken"]);
    left.close();
  });
});

test("the log's place is no setting and no input, and an export writes over nothing", async () => {
  const configuration = join(folder, "station.json");
  for (const setting of ["folder", "path", "file", "destination"]) {
    writeFileSync(configuration, JSON.stringify({ audit: { [setting]: "/etc/cron.d/x" } }));
    expect(() => readConfiguration(configuration)).toThrow("audit");
  }
  // Of the log's operations only those that write something new take a folder.
  const takesPath = Object.entries(contract.audit).filter(([, verb]) => {
    if (!isContractProcedure(verb)) return false;
    const { shape } = verb["~orpc"].inputSchema as unknown as { shape: Record<string, unknown> };
    return ["folder", "file", "path", "out"].some((name) => Object.hasOwn(shape, name));
  });
  expect(takesPath.map(([name]) => name).toSorted()).toEqual(["export", "exportSegment", "verifySegment"]);

  const target = join(folder, "out");
  mkdirSync(target);
  writeFileSync(join(target, "events.jsonl"), "mine");
  const { folder: made } = await client.audit.export({ folder: target });
  expect(readFileSync(join(target, "events.jsonl"), "utf8")).toBe("mine");
  for (const name of readdirSync(made)) expect(statSync(join(made, name)).mode & 0o111).toBe(0);
});

test("no pattern that a person types becomes a regular expression", async () => {
  const sources = globSync(["main/**/*.ts", "shared/**/*.ts", "renderer/**/*.{ts,tsx}"], { cwd: root })
    .filter((file) => !file.includes(".test.") && !file.includes("/testing/"))
    .filter((file) => /new RegExp\(|\bRegExp\(/.test(readFileSync(join(root, file), "utf8")));
  // Its pattern is a constant of the file.
  expect(sources).toEqual(["shared/share-lines.ts"]);
  for (const query of ["(a+)+$", "^(([a-z])+.)+[A-Z]([a-z])+$", `${"a".repeat(900)}!`, "((((((((((a?){50}"]) {
    expect(await client.audit.search({ query })).toMatchObject({ searched: expect.anything() as unknown });
  }
});

test("no operation's input and no configuration reaches the prototype of anything", async () => {
  const poison = JSON.parse(
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
  ) as never;
  const areas = client as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>;
  for (const [area, verbs] of Object.entries(contract)) {
    for (const [verb, procedure] of Object.entries(verbs)) {
      if (!isContractProcedure(procedure) || (area === "watch" && verb === "changes")) continue;
      // Whatever it answers: nothing else has the field afterwards. What was let in was not those keys.
      await areas[area]?.[verb]?.(poison).then(
        (answer) => expect(answer).not.toHaveProperty("polluted"),
        (error: unknown) => expect(error).toMatchObject({ code: expect.any(String) as string }),
      );
      expect(({} as Record<string, unknown>)["polluted"], `${area}.${verb}`).toBeUndefined();
      await open?.client().client.session.signIn({ passphrase });
    }
  }
  const configuration = join(folder, "station.json");
  writeFileSync(configuration, '{"__proto__":{"polluted":1},"transfer":{"__proto__":{"partMiB":1}}}');
  let read: unknown;
  try {
    read = readConfiguration(configuration);
  } catch {
    read = {};
  }
  expect(read).not.toHaveProperty("polluted");
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test("a proof or note beyond all measure is no proof, and is read without a fault", () => {
  const pair = generateSigningKeyPair();
  const key = parseVerifierKey(formatVerifierKey("low", 1, pair.publicKey));
  const hash = Buffer.alloc(32, 7);
  const head = (size: number) => `o\n${size}\n${hash.toString("base64")}\n`;
  const sizes = [0, 1, 2, 3, 2 ** 31, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER];
  for (const old of sizes) {
    for (const now of sizes) {
      for (const hashes of [0, 1, 63, 64, 5000]) {
        const proof = Array.from({ length: hashes }, () => hash);
        const holds = isConsistent({ size: old, root: hash }, { size: now, root: hash }, proof);
        expect(holds && old !== 0 && old !== now).toBe(false);
        if (hashes > 64) expect(rootFromInclusion(hash, old, now, proof)).toBeNull();
        const verdict = checkConsistency({
          origin: "o",
          keys: [key],
          seen: { size: old, root: hash },
          note: signNote(head(now), [{ name: "low", pair }]),
          proofs: [{ since: old, hashes: proof.map((each) => each.toString("base64")) }],
        } as never);
        expect(verdict).toHaveProperty("verdict");
      }
    }
  }
  // Sixteen signatures and more are read (C2SP signed-note); beyond 64 KiB nothing is.
  const many = Array.from({ length: 40 }, (_, at) => ({ name: `w${at}`, pair: generateSigningKeyPair() }));
  expect(openNote(signNote(head(1), [...many, { name: "low", pair }]), [key])).toMatchObject({ ok: true });
  const flood = signNote(
    head(1),
    Array.from({ length: 700 }, () => ({ name: "low", pair })),
  );
  expect(openNote(flood, [key])).toEqual({ ok: false, fault: "not-a-note" });
});

test("a station's folder holds nothing that could be run", () => {
  const runnable = globSync("**/*", { cwd: directory }).filter((name) => {
    const stat = existsSync(join(directory, name)) ? statSync(join(directory, name)) : undefined;
    return stat?.isFile() === true && (stat.mode & 0o111) !== 0;
  });
  expect(runnable).toEqual([]);
});

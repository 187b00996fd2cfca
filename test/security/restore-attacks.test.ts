import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { generateSigningKeyPair } from "../../main/station/crypto/ed25519.ts";
import { formatSshPublicKey, signSshsig } from "../../main/station/crypto/sshsig.ts";
import { openKeyTree } from "../../main/areas/backup/key-tree.ts";
import type { Manifest } from "../../main/areas/backup/format.ts";
import {
  openTestStation,
  passphrase,
  type TestClient,
  type TestStation,
} from "../../main/station/testing/open-test-station.ts";
import { asked, openPeople, type People } from "./people.ts";

// What somebody can do to a backup, or with one. Each is refused before anything is placed, or said plainly.

const root = mkdtempSync(join(tmpdir(), "sallyport-restore-"));
let count = 0;
const fresh = (name: string): string => {
  const path = join(root, `${name}-${(count += 1)}`);
  mkdirSync(path);
  return path;
};
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function open(directory: string): Promise<TestStation> {
  const opened = await openTestStation(null, { directory });
  let isOpen = true;
  const station = {
    ...opened,
    async close() {
      if (isOpen) await opened.close();
      isOpen = false;
    },
  };
  closing.push(() => station.close());
  return station;
}

/** Tries to restore into a new directory, which must stay empty when it fails. */
async function restore(from: string, operator = "ada", given = passphrase): Promise<TestStation> {
  const station = await open(fresh("restored"));
  const visitor = station.client().client;
  try {
    await visitor.station.restore({ from, operator, passphrase: given });
  } catch (error) {
    expect((await visitor.session.state({})).phase).toBe("empty");
    expect(readdirSync(join(station.directory, "spool", "out"))).toEqual([]);
    expect(readdirSync(join(station.directory, "run")).filter((name) => name.startsWith("scratch"))).toEqual(
      [],
    );
    throw error;
  }
  return station;
}

async function signIn(station: TestStation, operator = "ada", given = passphrase): Promise<TestClient> {
  const { client } = station.client();
  await client.session.signIn({ operator, passphrase: given });
  return client;
}

let made: { folder: string; client: TestClient; station: TestStation };
let secret: string;

beforeAll(async () => {
  const station = await openTestStation(null, { directory: fresh("low") });
  const { client } = station.client();
  await client.station.init({ name: "low", side: "request", operator: "ada", passphrase });
  await client.session.signIn({ passphrase });
  secret = `the body ${"of a request ".repeat(20)}`;
  const bodies = Array.from({ length: 300 }, (_, at) => JSON.stringify({ at, secret })).join("\n");
  await client.requests.submit({ kind: "echo", user: "alice", source: { text: bodies } });
  const { folder } = await client.station.backup({ out: fresh("medium") });
  made = { folder, client, station };
});
afterAll(() => made.station.close());

/** A copy of the backup, changed. */
function copy(change: (folder: string) => void): string {
  const folder = join(fresh("copy"), made.folder.slice(made.folder.lastIndexOf("/") + 1));
  cpSync(made.folder, folder, { recursive: true });
  change(folder);
  return folder;
}

const partOf = (folder: string): string => join(folder, "data", "part-00001.zst.age");
const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, "backup.json"), "utf8")) as Manifest;

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

/** Signs a manifest anew, as somebody can who holds another key. */
function resign(folder: string, change: (manifest: Manifest) => void): void {
  const pair = generateSigningKeyPair();
  const manifest = manifestOf(folder);
  manifest.station.signingKey = formatSshPublicKey(pair.publicKey);
  change(manifest);
  const bytes = Buffer.from(`${JSON.stringify(manifest)}\n`);
  writeFileSync(join(folder, "backup.json"), bytes);
  writeFileSync(join(folder, "backup.json.sig"), signSshsig(bytes, "sallyport-backup@v1", pair));
}

describe("a backup that was changed", () => {
  const changes: [what: string, change: (folder: string) => void, sentence: string][] = [
    [
      "a byte of a part",
      (folder) => flip(partOf(folder), 300),
      "part-00001.zst.age: its bytes are not those",
    ],
    ["a part cut short", (folder) => truncateSync(partOf(folder), 500), "its bytes are not those"],
    ["a part missing", (folder) => rmSync(partOf(folder)), "part-00001.zst.age is missing"],
    [
      "a byte of the contents",
      (folder) => flip(join(folder, "data/contents.zst.age"), 250),
      "contents.zst.age",
    ],
    [
      "parts swapped",
      (folder) => {
        const contents = join(folder, "data/contents.zst.age");
        renameSync(partOf(folder), `${contents}.other`);
        renameSync(contents, partOf(folder));
        renameSync(`${contents}.other`, contents);
      },
      "is not the file that was signed for",
    ],
    ["a byte of the manifest", (folder) => flip(join(folder, "backup.json"), 40), "signature of backup.json"],
    ["no signature", (folder) => rmSync(join(folder, "backup.json.sig")), "backup.json.sig is missing"],
    [
      "signed by somebody else",
      (folder) => resign(folder, () => {}),
      "signed by a key that the station in it does not have",
    ],
    [
      "another log in the manifest, signed by somebody else",
      (folder) => resign(folder, (manifest) => (manifest.audit.events -= 1)),
      "key that the station in it does not have",
    ],
    [
      "another station in the manifest",
      (folder) => resign(folder, (manifest) => (manifest.station.id = "0".repeat(32))),
      "another station's",
    ],
  ];
  test.each(changes)("%s: refused at the check and at the restore", async (_what, change, sentence) => {
    const folder = copy(change);
    const said = { code: "refused", message: expect.stringContaining(sentence) as string };
    const check = made.client.station.checkBackup({ from: folder, operator: "ada", passphrase });
    await expect(check).rejects.toMatchObject(said);
    await expect(restore(folder)).rejects.toMatchObject(said);
  });

  test("unchanged, and with litter beside it: it opens", async () => {
    const folder = copy((at) => writeFileSync(join(at, ".DS_Store"), "litter"));
    expect(await made.client.station.checkBackup({ from: folder })).toMatchObject({ own: true });
  });

  test("one that was never finished is none", async () => {
    const folder = copy(() => {});
    renameSync(folder, `${folder}.unfinished`);
    const above = folder.slice(0, folder.lastIndexOf("/"));
    await expect(restore(above)).rejects.toMatchObject({
      code: "not-found",
      message: expect.stringContaining("never finished") as string,
    });
  });
});

describe("who opens a backup", () => {
  test("neither a wrong passphrase nor a wrong name, and both get one sentence", async () => {
    const wrong = { code: "refused", message: expect.stringContaining("do not open this backup") as string };
    await expect(restore(made.folder, "ada", "a passphrase of other words")).rejects.toMatchObject(wrong);
    await expect(restore(made.folder, "eve", passphrase)).rejects.toMatchObject(wrong);
  });

  test("nothing of it is readable without a key: no body, no passphrase, no secret key", () => {
    const files = readdirSync(made.folder, { recursive: true, withFileTypes: true });
    const all = Buffer.concat(
      files.filter((file) => file.isFile()).map((file) => readFileSync(join(file.parentPath, file.name))),
    );
    for (const text of ["of a request", passphrase, "AGE-SECRET-KEY"]) expect(all.includes(text)).toBe(false);
  });

  test("ssh-keygen, age and zstd alone, with the key that the tree opens", async () => {
    const manifest = manifestOf(made.folder);
    const work = fresh("stock");
    const [identity = ""] = await openKeyTree(manifest.keys, "ada", passphrase);
    writeFileSync(join(work, "identity"), `${identity}\n`, { mode: 0o600 });
    writeFileSync(
      join(work, "signers"),
      `station namespaces="sallyport-backup@v1" ${manifest.station.signingKey}\n`,
    );
    const sh = (command: string): Buffer =>
      execFileSync("sh", ["-c", command], { cwd: made.folder, env: { ...process.env, W: work } });
    expect(
      sh(
        'ssh-keygen -Y verify -f "$W/signers" -I station -n sallyport-backup@v1 -s backup.json.sig < backup.json',
      ).toString(),
    ).toContain("Good");
    const contents = JSON.parse(
      sh('age -d -i "$W/identity" data/contents.zst.age | zstd -dc').toString(),
    ) as { files: { path: string; bytes: number; sha256: string }[] };
    const files = sh('for p in data/part-*.zst.age; do age -d -i "$W/identity" "$p" | zstd -dc; done');
    const [database] = contents.files;
    const bytes = files.subarray(0, database?.bytes);
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(database?.sha256);
    expect(bytes.subarray(0, 15).toString()).toBe("SQLite format 3");
  });

  test("a backup of another station needs somebody of that station", async () => {
    const other = await open(fresh("other"));
    await other
      .client()
      .client.station.init({ name: "other", side: "response", operator: "eve", passphrase });
    const eve = await signIn(other, "eve");
    await expect(eve.station.checkBackup({ from: made.folder })).rejects.toMatchObject({
      code: "refused",
      message: expect.stringContaining("another station, low") as string,
    });
    const checked = await eve.station.checkBackup({ from: made.folder, operator: "ada", passphrase });
    expect(checked).toMatchObject({ own: false, name: "low", noLonger: [] });
  });
});

describe("where a backup is restored", () => {
  test("never over a station, whoever asks", async () => {
    const visitor = made.station.client().client;
    await expect(
      visitor.station.restore({ from: made.folder, operator: "ada", passphrase }),
    ).rejects.toMatchObject({ code: "conflict" });
  });

  test("never into a directory with something else in it", async () => {
    const directory = fresh("theirs");
    writeFileSync(join(directory, "thesis.txt"), "mine");
    await expect(openTestStation(null, { directory })).rejects.toThrow("thesis.txt");
  });

  test("a backup is never written into the station itself", async () => {
    await expect(made.client.station.backup({ out: made.station.directory })).rejects.toMatchObject({
      code: "bad-input",
    });
    await expect(
      made.client.station.backup({ out: join(made.station.directory, "backups") }),
    ).rejects.toMatchObject({ code: "bad-input" });
  });
});

describe("what is restored", () => {
  /** Tables that a restore changes, each for the reason that revive.ts gives. */
  const changed = new Set([
    "approval",
    "audit_block",
    "audit_event",
    "audit_head",
    "audit_node",
    "audit_standing",
    "backup",
    "batch",
    "invitation",
    "lot",
    "operator",
    "restore",
    "restore_item",
    "session",
    "station",
  ]);

  test("every row of every other table is the one that was backed up", async () => {
    const restored = await restore(made.folder);
    await restored.close();
    const rows = (path: string): Record<string, string> => {
      const db = new Database(join(path, "station.db"), { readonly: true });
      const tables = db
        .prepare(
          "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'",
        )
        .pluck()
        .all() as string[];
      const found = tables.map((name) => {
        const all = db.prepare(`SELECT * FROM "${name}"`).raw().all();
        return [name, createHash("sha256").update(JSON.stringify(all)).digest("hex")] as const;
      });
      db.close();
      return Object.fromEntries(
        found.filter(([name]) => !changed.has(name) && !name.startsWith("audit_text")),
      );
    };
    // The open station goes on; nothing was written to the other tables since.
    expect(rows(restored.directory)).toEqual(rows(made.station.directory));
    expect(Object.keys(rows(restored.directory)).length).toBeGreaterThan(15);
  });

  test("how much of the log is lost shows from the lost station's head file, and only from its own", async () => {
    const head = join(fresh("saved"), "head");
    const kept = made.station;
    await made.client.requests.submit({ kind: "echo", user: "alice", source: { text: "1" } });
    await expect
      .poll(() => readFileSync(join(kept.directory, "audit", "head"), "utf8"))
      .toContain("sallyport");
    await new Promise((resolve) => setTimeout(resolve, 600));
    cpSync(join(kept.directory, "audit", "head"), head);
    const station = await open(fresh("restored"));
    const visitor = station.client().client;
    const input = { from: made.folder, operator: "ada", passphrase };
    writeFileSync(`${head}.other`, "x".repeat(8192));
    await expect(visitor.station.restore({ ...input, head: `${head}.other` })).rejects.toMatchObject({
      code: "refused",
    });
    const restored = await visitor.station.restore({ ...input, head });
    expect(restored.knownFrom).toBe("head-file");
    expect(restored.knownEvents).toBeGreaterThan(restored.abandoned.events);
  });
});

describe("people whom an old copy brings back", () => {
  let people: People;

  async function backUp(): Promise<string> {
    return (await people.ada.client.station.backup({ out: fresh("medium") })).folder;
  }

  afterEach(() => people.close());

  test("a removed one opens the copy from before, not a later one, and comes in nowhere unconfirmed", async () => {
    people = await openPeople();
    const bob = await people.enrol("bob", ["operator"]);
    const before = await backUp();
    await people.ada.client.operators.remove({ name: "bob" });
    const after = await backUp();
    expect(await people.ada.client.station.checkBackup({ from: before })).toMatchObject({
      openedBy: ["ada", "bob"],
      noLonger: ["bob"],
    });
    await expect(restore(after, "bob", bob.passphrase)).rejects.toMatchObject({ code: "refused" });
    // They open the old one, and are no administrator in it.
    await expect(restore(before, "bob", bob.passphrase)).rejects.toMatchObject({ code: "not-allowed" });

    const station = await restore(before);
    await expect(signIn(station, "bob", bob.passphrase)).rejects.toMatchObject({ code: "refused" });
    const ada = await signIn(station);
    const { items } = await ada.station.review({});
    expect(items.map(({ name, was }) => `${name} ${was}`)).toEqual(["ada active", "bob active"]);
    await expect(ada.station.finishReview({})).rejects.toMatchObject({ code: "conflict" });
    await ada.station.reviewItem({ kind: "operator", name: "ada", decision: "keep" });
    await ada.station.reviewItem({ kind: "operator", name: "bob", decision: "take" });
    await ada.station.finishReview({});
    await expect(signIn(station, "bob", bob.passphrase)).rejects.toMatchObject({ code: "refused" });
    expect((await ada.audit.list({ action: "station.review-taken" })).events).toHaveLength(1);
  });

  test("in a station for two the review ends with two, who agree to this very list; approvals of before are void", async () => {
    people = await openPeople({ people: "two", now: Date.parse("2026-11-10T08:00:00.000Z") });
    const { passphrase: bobs } = await people.enrol("bob", ["administrator"]);
    const waiting = await asked(people.ada.client.session.profile({ profile: "stig" }));
    await people.ada.client.operators.invite({ name: "carol", roles: ["viewer"] });
    const station = await restore(await backUp());
    const ada = await signIn(station);
    expect((await ada.approvals.show({ approval: waiting })).state).toBe("void");
    expect((await ada.operators.list({})).invitations).toEqual([]);
    for (const name of ["ada", "bob"]) {
      await ada.station.reviewItem({ kind: "operator", name, decision: "keep" });
    }
    const approval = await asked(ada.station.finishReview({}));
    const bob = await signIn(station, "bob", bobs);
    const { digest } = await bob.approvals.show({ approval });
    await bob.approvals.approve({
      approval,
      digest,
      operator: "bob",
      passphrase: bobs,
    });
    const { restore: finished } = await ada.station.finishReview({});
    expect(finished?.reviewedAt).not.toBeNull();
  });
});

describe("a whole directory that is copied back, or elsewhere", () => {
  test("uses a number twice: its peer holds the two against each other, and takes nothing of the second", async () => {
    const low = await open(fresh("low"));
    const high = await open(fresh("high"));
    await low.client().client.station.init({ name: "low", side: "request", operator: "ada", passphrase });
    await high.client().client.station.init({ name: "high", side: "response", operator: "ada", passphrase });
    const one = await signIn(low);
    const peer = await signIn(high);
    const cards = [await one.station.card({}), await peer.station.card({})] as const;
    await one.peers.add({ card: cards[1].card });
    await one.peers.trust({ peer: "high", phrase: cards[1].phrase });
    await peer.peers.add({ card: cards[0].card });
    await peer.peers.trust({ peer: "low", phrase: cards[0].phrase });
    await low.close();
    const elsewhere = fresh("elsewhere");
    cpSync(low.directory, elsewhere, { recursive: true });
    const send = async (directory: string, text: string): Promise<string[]> => {
      const station = await open(directory);
      const client = await signIn(station);
      expect((await client.audit.standing({})).alarms, "nothing on this machine can know").toEqual([]);
      await client.requests.submit({ kind: "echo", user: "alice", source: { text } });
      const medium = fresh("stick");
      await client.transfer.export({ to: "high", medium });
      await station.close();
      return (await peer.transfer.import({ medium })).bags.map(({ state }) => state);
    };
    expect(await send(low.directory, "1")).toEqual(["imported"]);
    expect(await send(elsewhere, "2")).toEqual(["fork"]);
    expect((await peer.transfer.alarms({})).alarms).toMatchObject([{ kind: "fork", peer: "low" }]);
    expect((await peer.requests.list({})).requests).toHaveLength(1);
  });
});

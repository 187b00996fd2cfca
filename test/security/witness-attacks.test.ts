import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { createAuditLog } from "../../main/station/audit/log.ts";
import { openStore } from "../../main/station/store/open-store.ts";
import {
  openTestStation,
  passphrase,
  type TestClient,
} from "../../main/station/testing/open-test-station.ts";

// Attacks that a station can't see on itself, because everything in its directory was changed together (audit-ops.md 7):
// the peer sees them, from what it witnessed.

const folder = mkdtempSync(join(tmpdir(), "sallyport-witness-"));
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  rmSync(folder, { recursive: true, force: true });
});

interface Open {
  client: TestClient;
  readonly directory: string;
  close(): Promise<void>;
  reopen(): Promise<void>;
}

async function station(name: "low" | "high"): Promise<Open> {
  const directory = join(folder, name);
  mkdirSync(directory, { recursive: true });
  let opened = await openTestStation(null, { directory });
  const side = name === "low" ? "request" : "response";
  await opened.client().client.station.init({ name, side, operator: "ada", passphrase });
  const made: Open = {
    client: await opened.signedIn(),
    directory,
    close: () => opened.close(),
    async reopen() {
      opened = await openTestStation(null, { directory });
      made.client = await opened.signedIn();
    },
  };
  closing.push(() => made.close());
  return made;
}

async function pair() {
  const [low, high] = [await station("low"), await station("high")];
  for (const [own, other, peer] of [
    [low, high, "high"],
    [high, low, "low"],
  ] as const) {
    const { card, phrase } = await other.client.station.card({});
    await own.client.peers.add({ card });
    await own.client.peers.trust({ peer, phrase });
  }
  return { low, high };
}

function medium(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

const submit = (low: Open) =>
  low.client.requests.submit({ source: { text: "1" }, kind: "echo", user: "alice" });

/** One crossing there and back, each on a medium of its own. */
async function cross({ low, high }: { low: Open; high: Open }, name: string): Promise<void> {
  const [there, back] = [medium(`${name}-there`), medium(`${name}-back`)];
  await submit(low);
  await low.client.transfer.export({ to: "high", medium: there });
  await high.client.transfer.import({ medium: there });
  await high.client.requests.run({});
  await high.client.transfer.export({ to: "low", medium: back });
  await low.client.transfer.import({ medium: back });
}

const logOf = async ({ client }: Open) => (await client.peers.logs({})).logs[0];

describe("a whole station directory put back from an older copy", () => {
  test("is told by the peer's next batch, which has witnessed events that are gone", async () => {
    const { low, high } = await pair();
    await cross({ low, high }, "first");
    expect(await logOf(low)).toMatchObject({
      alarms: [],
      ours: { witnessedEvents: expect.any(Number) as number },
    });

    await low.close();
    cpSync(low.directory, join(folder, "copy"), { recursive: true });
    await low.reopen();
    const [there, back] = [medium("there"), medium("back")];
    await submit(low);
    await low.client.transfer.export({ to: "high", medium: there });
    await high.client.transfer.import({ medium: there });
    await high.client.requests.run({});
    await high.client.transfer.export({ to: "low", medium: back });

    await low.close();
    rmSync(low.directory, { recursive: true });
    cpSync(join(folder, "copy"), low.directory, { recursive: true });
    await low.reopen();
    expect(await low.client.audit.verify({})).toMatchObject({ ok: true });
    await low.client.transfer.import({ medium: back });
    expect(await logOf(low)).toMatchObject({
      alarms: [
        { fault: "own-log", sentence: expect.stringContaining("this station was put back") as string },
      ],
    });
  });
});

describe("a log rewritten with its head, tree, checkpoints and head file", () => {
  test("verifies at home and is an alarm at the peer, until people accept it", async () => {
    const { low, high } = await pair();
    await cross({ low, high }, "first");
    await low.close();
    await rewriteLog(low.directory);
    await low.reopen();
    expect(await low.client.audit.verify({})).toMatchObject({ ok: true });

    const there = medium("there");
    await submit(low);
    await low.client.transfer.export({ to: "high", medium: there });
    const { bags } = await high.client.transfer.import({ medium: there });
    expect(bags, "what a note proves never refuses a batch").toMatchObject([{ state: "imported" }]);
    expect(await logOf(high)).toMatchObject({
      alarms: [{ fault: "fork", note: expect.any(String) as string }],
    });

    await expect(high.client.peers.acceptLog({ peer: "low", alarms: 2 })).rejects.toThrow("you looked at 2");
    await expect(high.client.peers.acceptLog({ peer: "low", alarms: 1 })).resolves.toEqual({
      peer: "low",
      settled: 1,
    });
    await expect(high.client.peers.acceptLog({ peer: "low", alarms: 1 })).rejects.toThrow("No alarm");
    await cross({ low, high }, "after");
    expect(await logOf(high)).toMatchObject({ alarms: [] });
  });
});

/** What somebody can do who holds the directory and knows this program. */
async function rewriteLog(directory: string): Promise<void> {
  const store = openStore({
    path: join(directory, "station.db"),
    backups: join(directory, "backups"),
    clock: () => new Date(),
  });
  const triggers = store.db
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name LIKE 'audit%'")
    .all() as { name: string; sql: string }[];
  const events = Number(store.db.prepare("SELECT count(*) FROM audit_event").pluck().get());
  for (const { name } of triggers) store.db.exec(`DROP TRIGGER ${name}`);
  for (const table of ["audit_event", "audit_node", "audit_block", "audit_checkpoint"]) {
    store.db.exec(`DELETE FROM ${table}`);
  }
  store.db.exec("UPDATE audit_head SET size = 0, subtrees = x''; UPDATE audit_standing SET head_file = 0");
  const log = createAuditLog(store, () => new Date());
  store.write(() => {
    for (let number = 0; number < events; number += 1) {
      const details = { number };
      log.append({
        actor: "ada",
        action: "station.founded",
        object: "nothing to see",
        outcome: "done",
        details,
      });
    }
  });
  for (const { sql } of triggers) store.db.exec(sql);
  store.db.close();
  rmSync(join(directory, "audit"), { recursive: true });
  mkdirSync(join(directory, "audit"));
}

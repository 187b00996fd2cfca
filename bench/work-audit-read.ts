// On a log of many events, made once: verification against a plain scan that hashes each leaf, and search against what FTS5
// and SQLite do by themselves. Prints one JSON document; rates in events a second, times in milliseconds.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createVerification } from "../main/areas/audit/verification.ts";
import { parseQuery } from "../main/areas/audit/query.ts";
import { search } from "../main/areas/audit/search.ts";
import { createTextIndex } from "../main/areas/audit/text-index.ts";
import { createAuditLog } from "../main/station/audit/log.ts";
import { sha256 } from "../main/station/crypto/hash.ts";
import type { Kernel } from "../main/station/kernel.ts";
import { openStore } from "../main/station/store/open-store.ts";
import { loadEvents, words } from "./load-audit.ts";

const [scratch = "", countText = "0", roundsText = "5"] = process.argv.slice(2);
const count = Number(countText);
const rounds = Number(roundsText);

const folder = join(scratch, "audit-read");
mkdirSync(folder);
const path = join(folder, "station.db");
const clock = () => new Date();
const store = openStore({ path, backups: folder, clock });
loadEvents(store, count);
const quiet = { info() {}, warn() {}, error() {} };
const audit = createAuditLog(store, clock);
const kernel = { audit, store, clock, log: quiet, paths: { database: path } } as unknown as Kernel;
const index = createTextIndex(kernel);
const begunIndex = performance.now();
await index.catchUp();
const indexed = count / ((performance.now() - begunIndex) / 1000);

async function seconds(work: () => unknown): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

const verification = createVerification(kernel);
async function verified(): Promise<void> {
  if (!(await verification.run()).ok) throw new Error("the log of the bench does not verify");
}
const page = store.prepare("SELECT leaf FROM audit_event WHERE seq > ? ORDER BY seq LIMIT 2000").pluck();
/** What the simplest checker does: read each row in order, hash it. It builds no tree and compares nothing. */
function scanned(): void {
  for (let at = 0; at < count; at += 2000) for (const leaf of page.all(at) as Buffer[]) sha256(leaf);
}
const verify: { ours: number[]; core: number[]; theirs: number[] } = { ours: [], core: [], theirs: [] };
for (let round = 0; round < rounds; round += 1) {
  const ours = async () => verify.ours.push(count / (await seconds(verified)));
  const core = async () => verify.core.push(count / (await seconds(() => audit.verify())));
  const theirs = async () => verify.theirs.push(count / (await seconds(scanned)));
  for (const run of round % 2 === 0 ? [ours, core, theirs] : [theirs, core, ours]) await run();
}

const newest = Number.MAX_SAFE_INTEGER;
/** The newest page of a query, as the console asks for it; every query is asked so often that one number means something. */
async function pageMs(query: string, below = newest): Promise<number> {
  const parsed = parseQuery(query, clock());
  return (await seconds(() => search(kernel, index, parsed, { limit: 50, below }))) * 1000;
}
const sql = {
  ranked: store.prepare(
    "SELECT e.leaf FROM audit_text JOIN audit_event e ON e.seq = audit_text.rowid WHERE audit_text MATCH ? ORDER BY rank LIMIT 50",
  ),
  offset: store.prepare("SELECT leaf FROM audit_event ORDER BY seq DESC LIMIT 50 OFFSET ?"),
  like: store.prepare(
    "SELECT leaf FROM audit_event WHERE CAST(leaf AS TEXT) LIKE ? ORDER BY seq DESC LIMIT 50",
  ),
};
const middle = Math.floor(count / 2);
const cases: Record<string, { ours: () => Promise<number>; theirs: () => Promise<number> }> = {
  "a frequent word, newest 50": {
    ours: () => pageMs(words.frequent),
    theirs: async () => (await seconds(() => sql.ranked.all(words.frequent))) * 1000,
  },
  "a rare word, newest 50": {
    ours: () => pageMs(words.rare),
    theirs: async () => (await seconds(() => sql.like.all(`%"${words.rare}"%`))) * 1000,
  },
  "two words and an actor, newest 50": {
    ours: () => pageMs(`${words.frequent} requests actor:ada`),
    theirs: async () =>
      (await seconds(() => sql.ranked.all(`${words.frequent} requests actor : ada`))) * 1000,
  },
  "a frequent word, 50 from the middle": {
    ours: () => pageMs(words.frequent, middle),
    theirs: async () => (await seconds(() => sql.ranked.all(words.frequent))) * 1000,
  },
  "50 from the middle": {
    ours: () => pageMs("", middle),
    theirs: async () => (await seconds(() => sql.offset.all(middle))) * 1000,
  },
  "an hour in the middle, newest 50": {
    ours: () => {
      const at = (sequence: number) =>
        new Date(Date.UTC(2026, 0, 1) + sequence * 1000).toISOString().slice(0, 19);
      return pageMs(`since:${at(middle - 3600)} until:${at(middle)}`);
    },
    theirs: async () => (await seconds(() => sql.offset.all(middle))) * 1000,
  },
};
const searches: Record<string, { ours: number[]; theirs: number[] }> = {};
for (const [name, one] of Object.entries(cases)) {
  const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  await one.ours();
  for (let round = 0; round < rounds; round += 1) {
    times.ours.push(await one.ours());
    times.theirs.push(await one.theirs());
  }
  searches[name] = times;
}
index.close();
store.close();
rmSync(folder, { recursive: true });
process.stdout.write(JSON.stringify({ indexed, verify, searches }));

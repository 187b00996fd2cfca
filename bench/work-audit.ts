// Appends events, each durable before the next, and in groups; beside it raw 4 KiB appends with fdatasync.
// Prints {"singles", "groups", "raw", "rawGroups"} in events (or appends) a second.
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createAuditLog } from "../main/station/audit/log.ts";
import { openStore } from "../main/station/store/open-store.ts";

const [scratch = "", countText = "0"] = process.argv.slice(2);
const count = Number(countText);
/** Operations that arrive while one commit is under way, in a busy station. */
const groupSize = 64;

const folder = mkdtempSync(join(scratch, "audit-"));
const store = openStore({ path: join(folder, "station.db"), backups: folder, clock: () => new Date() });
const log = createAuditLog(store, () => new Date());
const append = (index: number) =>
  log.append({
    actor: "ada",
    action: "requests.submitted",
    object: `r-${index.toString(36).padStart(26, "0")}`,
    outcome: "done",
    details: { count: 1, kind: "echo", user: "alice", sha256: "0".repeat(64) },
  });

function rate(work: () => void): number {
  const begun = performance.now();
  work();
  return count / ((performance.now() - begun) / 1000);
}

const singles = rate(() => {
  for (let index = 0; index < count; index += 1) store.write(() => append(index));
});
const groups = rate(() => {
  for (let index = 0; index < count; index += groupSize) {
    store.write(() => {
      for (let each = index; each < Math.min(index + groupSize, count); each += 1) append(each);
    });
  }
});
store.close();

const file = openSync(join(folder, "raw"), "w");
const block = Buffer.alloc(4096, 0x53);
const raw = rate(() => {
  for (let index = 0; index < count; index += 1) {
    writeSync(file, block);
    fdatasyncSync(file);
  }
});
closeSync(file);
rmSync(folder, { recursive: true });
process.stdout.write(JSON.stringify({ singles, groups, raw }));

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createAuditLog } from "../../main/station/audit/log.ts";
import { openStore } from "../../main/station/store/open-store.ts";
import type { Store } from "../../main/station/store/store.ts";
import type { Said } from "./workload.ts";

/** Looks at what a power cut left: what was said must still be there, and nothing may be half there. */
export async function missing(disk: string, said: readonly Said[]): Promise<string[]> {
  const lost: string[] = [];
  for (const station of ["low", "high"] as const) {
    const path = join(disk, station, "station.db");
    if (!existsSync(path)) {
      if (said.some((word) => wordOf(word) === station)) lost.push(`${station} has no database`);
      continue;
    }
    const store = openStore({ path, backups: join(disk, station, "backups"), clock: () => new Date() });
    try {
      lost.push(...(await missingIn(disk, station, store, said)));
    } finally {
      store.db.close();
    }
  }
  return [...lost, ...halfBags(join(disk, "stick"), said)];
}

function wordOf(said: Said): string {
  if (said.did === "log") return said.station;
  if (said.did === "requests") return "low";
  return said.did === "export" ? said.from : said.to;
}

async function missingIn(
  disk: string,
  station: "low" | "high",
  store: Store,
  said: readonly Said[],
): Promise<string[]> {
  const lost: string[] = [];
  const check = store.db.pragma("integrity_check", { simple: true });
  if (check !== "ok") lost.push(`${station}: integrity_check says ${String(check)}`);
  const log = await createAuditLog(store, () => new Date()).verify();
  if (!log.ok) lost.push(`${station}: the log breaks at event ${log.firstBad}`);
  const has = (sql: string, ...values: (string | number)[]): boolean =>
    store.prepare(sql).get(...values) !== undefined;
  for (const word of said) {
    if ((word.did === "log" || word.did === "requests") && wordOf(word) === station) {
      if (log.events < word.events)
        lost.push(`${station}: ${word.events} events were told, ${log.events} are left`);
    }
    if (word.did === "requests" && station === "low") {
      for (const id of word.ids)
        if (!has("SELECT 1 FROM record WHERE id = ?", id)) lost.push(`request ${id}`);
    }
    if (word.did === "export" && word.from === station)
      lost.push(...missingParts(disk, station, store, word.batch));
    if (word.did === "import" && word.to === station) {
      const sql = "SELECT 1 FROM batch WHERE own = 0 AND batch = ? AND state = 'imported'";
      if (!has(sql, word.batch)) lost.push(`${station}: the import of ${word.batch}`);
      for (const id of word.requests) {
        if (!has("SELECT 1 FROM record WHERE id = ? AND origin <> 0", id))
          lost.push(`${station}: imported ${id}`);
      }
    }
  }
  return lost;
}

/** A batch that was exported and not settled must lie whole in the spool, to be copied again. */
function missingParts(disk: string, station: string, store: Store, batch: string): string[] {
  const row = store.prepare("SELECT id, state FROM batch WHERE own = 1 AND batch = ?").get(batch) as
    | { id: number; state: string }
    | undefined;
  if (row === undefined) return [`${station}: the batch ${batch}`];
  if (row.state !== "sealed" && row.state !== "copied") return [];
  const parts = store.prepare("SELECT name, sha256 FROM batch_part WHERE batch = ?").all(row.id) as {
    name: string;
    sha256: string;
  }[];
  const folder = join(disk, station, "spool/out", String(row.id));
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  const held = new Set(files.map((file) => sha256Of(join(folder, file))));
  return parts.filter((part) => !held.has(part.sha256)).map((part) => `${station}: ${part.name} of ${batch}`);
}

/** A bag that is signed is whole, at every moment; a bag that was exported is there. */
function halfBags(stick: string, said: readonly Said[]): string[] {
  const home = join(stick, "sallyport");
  const bags = existsSync(home) ? readdirSync(home) : [];
  const faults: string[] = [];
  for (const bag of bags) {
    const folder = join(home, bag);
    const signature = join(folder, "tagmanifest-sha256.txt.sig");
    if (!existsSync(signature) || !readFileSync(signature, "utf8").includes("END SSH SIGNATURE")) continue;
    for (const list of ["tagmanifest-sha256.txt", "manifest-sha256.txt"]) {
      const path = join(folder, list);
      if (!existsSync(path)) faults.push(`${bag} is signed and has no ${list}`);
      else faults.push(...wrongFiles(folder, readFileSync(path, "utf8")).map((name) => `${bag}: ${name}`));
    }
  }
  for (const word of said) {
    if (word.did !== "export") continue;
    for (const bag of word.bags) {
      if (!existsSync(join(home, bag, "tagmanifest-sha256.txt.sig")))
        faults.push(`${bag} was said to be on the medium`);
    }
  }
  return faults;
}

function wrongFiles(folder: string, list: string): string[] {
  return list
    .split("\n")
    .filter(Boolean)
    .flatMap((line) => {
      const [hash = "", name = ""] = line.split("  ");
      return sha256Of(join(folder, name)) === hash ? [] : [name];
    });
}

function sha256Of(path: string): string {
  if (!existsSync(path) || !statSync(path).isFile()) return "";
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

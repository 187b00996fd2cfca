import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAuditLog } from "../../station/audit/log.ts";
import { generateSigningKeyPair } from "../../station/crypto/ed25519.ts";
import { formatSshPublicKey } from "../../station/crypto/sshsig.ts";
import { createPool, type Pool } from "../../station/pool/pool.ts";
import { openStore } from "../../station/store/open-store.ts";
import { openTestStation, passphrase } from "../../station/testing/open-test-station.ts";
import { manifestName, parseManifest, type Manifest } from "./format.ts";
import { copyDatabase, countRows } from "./snapshot.ts";
import type { BackupTasks } from "./tasks.ts";
import { writeBackup } from "./write.ts";

const root = mkdtempSync(join(tmpdir(), "sallyport-forged-"));
let pool: Pool<BackupTasks>;
let genuine: Manifest;
/** A copy of the station's database, as somebody has it who copied the directory once. */
const stolen = join(root, "stolen.db");
const clock = (): Date => new Date();

beforeAll(async () => {
  pool = createPool<BackupTasks>(new URL("./worker.ts", import.meta.url), 1);
  const station = await openTestStation("request", { directory: join(root, "low") });
  const client = await station.signedIn();
  mkdirSync(join(root, "medium"));
  const made = await client.station.backup({ out: join(root, "medium") });
  genuine = parseManifest(readFileSync(join(made.folder, manifestName)));
  await station.close();
  const store = openStore({ path: join(root, "low", "station.db"), backups: root, clock });
  await copyDatabase(store, stolen, () => {});
  store.close();
});
afterAll(async () => {
  await pool.close();
  rmSync(root, { recursive: true, force: true });
});

/** Seals a backup of the stolen copy to the recipient that every manifest names, signed by a key of the forger's. */
async function forge(
  name: string,
  change: (sql: (text: string, ...values: unknown[]) => void, own: string) => void,
) {
  const signing = generateSigningKeyPair();
  const own = formatSshPublicKey(signing.publicKey);
  const copy = join(root, `${name}.db`);
  const source = openStore({ path: stolen, backups: root, clock });
  await copyDatabase(source, copy, () => {});
  source.close();
  const store = openStore({ path: copy, backups: root, clock });
  change((text, ...values) => void store.prepare(text).run(...values), own);
  const head = createAuditLog(store, clock).head();
  const tables = countRows(store);
  store.close();
  const { parts: _, ...manifest } = genuine;
  const folder = join(root, name, "sallyport-backup-low-forged");
  mkdirSync(join(root, name));
  await writeBackup({
    folder,
    files: [{ path: "station.db", from: copy, bytes: statSync(copy).size }],
    tables,
    manifest: {
      ...manifest,
      station: { ...manifest.station, signingKey: own },
      audit: { events: head.events, root: head.root },
    },
    signing,
    pool,
    step: () => {},
    safePoint: () => {},
  });
  return folder;
}

async function restore(folder: string): Promise<void> {
  const directory = `${folder}-restored`;
  mkdirSync(directory);
  const fresh = await openTestStation(null, { directory });
  try {
    await fresh.client().client.station.restore({ from: folder, operator: "ada", passphrase });
    await fresh.signedIn();
  } finally {
    await fresh.close();
  }
}

test("a backup that somebody else sealed and signed is refused, whatever key it lists", async () => {
  const listed = await forge("listed", (sql, own) =>
    sql("UPDATE station_key SET public = ? WHERE purpose = 'signing'", own),
  );
  await expect(restore(listed)).rejects.toThrow(
    "whoever signed it does not hold the key of the station in it",
  );
});

test("a backup whose station no passphrase opens is refused before anything is placed", async () => {
  const shut = await forge("shut", (sql, own) => {
    sql("UPDATE station_key SET public = ? WHERE purpose = 'signing'", own);
    sql("UPDATE station_key SET wrapped = randomblob(length(wrapped)) WHERE purpose = 'log'");
  });
  await expect(restore(shut)).rejects.toThrow("not under its master key");
});

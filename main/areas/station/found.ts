import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Refusal } from "../../../shared/errors.ts";
import { sha256Hex } from "../../station/crypto/hash.ts";
import { randomBytes, randomHex } from "../../station/crypto/random.ts";
import type { Side, StationIdentity } from "../../station/identity.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import { grantMasterKey, makeOperatorKeys } from "../../station/keys/operator-keys.ts";
import { passphraseCost } from "../../station/keys/passphrase-cost.ts";
import { makeStationKeys } from "../../station/keys/station-keys.ts";
import type { KeyStore } from "../../station/keys/store.ts";
import { refuseWeakPassphrase } from "../../station/keys/weak-passphrase.ts";
import type { StationPaths } from "../../station/paths.ts";
import { syncFolderNow } from "../../station/sync-folder.ts";
import { writeStationRow } from "./store.ts";

export interface Founding {
  readonly name: string;
  readonly side: Side;
  readonly people: "one" | "two";
  readonly operator: string;
  readonly passphrase: string;
}

/**
 * Founds the station: its id and lineage, its first operator's key pairs, the master key sealed to them,
 * every station key under the master key, all in one transaction with the log's first event.
 */
export async function foundStation(
  kernel: Kernel,
  keys: KeyStore,
  input: Founding,
  call: Call,
): Promise<StationIdentity> {
  refuseFounded(kernel);
  refuseWeakPassphrase(input.passphrase, [input.operator, input.name]);
  const createdAt = kernel.clock().toISOString();
  const cost = passphraseCost(kernel);
  const operator = makeOperatorKeys(input.operator, 1, input.passphrase, cost);
  const master = randomBytes(32);
  const stationKeys = await makeStationKeys(input.name, master, 1, createdAt);
  const identity: StationIdentity = {
    id: randomHex(16),
    name: input.name,
    side: input.side,
    people: input.people,
    lineage: randomHex(8),
    createdAt,
  };
  makeFolders(kernel.paths);
  kernel.step("found-station");
  // Making keys took a while: another window may have founded it meanwhile.
  refuseFounded(kernel);
  call.commit((event) => {
    writeStationRow(kernel.store, identity);
    const id = keys.addOperator(input.operator, ["administrator"], createdAt, null);
    keys.addOperatorKey(id, 1, operator.row, createdAt);
    keys.addMasterKey(1, createdAt);
    keys.addGrant(1, id, 1, grantMasterKey(master, operator.row.box_public));
    for (const row of stationKeys) keys.addStationKey(row);
    event({
      actor: input.operator,
      action: "station.founded",
      object: identity.id,
      details: {
        name: input.name,
        side: input.side,
        people: input.people,
        lineage: identity.lineage,
        operator: input.operator,
        key: sha256Hex(operator.row.approval_public),
        memoryKiB: cost.memoryKiB,
        passes: cost.passes,
      },
    });
  });
  master.fill(0);
  operator.secrets.box.fill(0);
  operator.secrets.approval.fill(0);
  writeConfiguration(kernel.paths);
  kernel.changes.publish("session", "station");
  return identity;
}

function refuseFounded(kernel: Kernel): void {
  if (kernel.founded() === null) return;
  throw new Refusal(
    "conflict",
    `${kernel.directory} already holds the station ${kernel.identity().name}. Nothing was changed. Choose an empty directory.`,
    { path: kernel.directory },
  );
}

/** The directory must be empty but for what opening it made. */
export function refuseForeignDirectory(paths: StationPaths): void {
  if (!existsSync(paths.root)) return;
  const own = new Set(["run", "logs", "station.db", "station.db-wal", "station.db-shm", "station.json"]);
  const foreign = existsSync(paths.database) ? [] : readdirSync(paths.root).filter((name) => !own.has(name));
  if (foreign.length === 0) return;
  throw new Refusal(
    "not-ready",
    `${paths.root} is not empty and holds no station (for example ${foreign[0]}). Nothing was changed. Choose an empty directory.`,
    { path: paths.root },
  );
}

export function makeFolders(paths: StationPaths): void {
  mkdirSync(paths.root, { recursive: true, mode: 0o700 });
  chmodSync(paths.root, 0o700);
  const folders = [
    paths.audit,
    paths.spoolOut,
    paths.spoolIn,
    paths.received,
    paths.quarantine,
    paths.artifacts,
  ];
  for (const folder of [...folders, paths.backups, paths.logs, paths.run, paths.uploads]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  // A power cut may take away the name of a folder with all that was synced in it, if its parent was not synced too.
  for (const folder of [paths.spool, paths.root, dirname(paths.root)]) syncFolderNow(folder);
}

function writeConfiguration(paths: StationPaths): void {
  if (existsSync(paths.configuration)) return;
  writeFileSync(paths.configuration, `${JSON.stringify({ format: "sallyport-station@v1" }, null, 2)}\n`, {
    mode: 0o600,
  });
}

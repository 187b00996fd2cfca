import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAuditLog } from "../../station/audit/log.ts";
import { Changes } from "../../station/changes.ts";
import { defaultConfiguration } from "../../station/configuration.ts";
import { randomBytes, randomHex } from "../../station/crypto/random.ts";
import { fingerprint, parseSshPublicKey } from "../../station/crypto/sshsig.ts";
import type { Side, StationIdentity } from "../../station/identity.ts";
import type { Call, EventInput, Kernel } from "../../station/kernel.ts";
import { Keyring } from "../../station/keys/keyring.ts";
import { makeStationKeys } from "../../station/keys/station-keys.ts";
import { keyStore } from "../../station/keys/store.ts";
import { stationPaths } from "../../station/paths.ts";
import { openConnection } from "../../station/pipeline/connection.ts";
import { openStore } from "../../station/store/open-store.ts";
import { writeCard } from "./format/card.ts";

/** A founded, unlocked station with a real store and real keys, and a call that commits: for tests of this area. */
export interface TestStation {
  readonly kernel: Kernel;
  readonly call: Call;
  readonly identity: StationIdentity;
  readonly events: EventInput[];
  /** Names of the steps that ran; set `beforeStep` to fail one. */
  readonly steps: string[];
  readonly clock: { now: Date };
  beforeStep: (name: string, count: number) => void;
  readonly stop: AbortController;
  /** Adds another station as a trusted peer. Returns its row id. */
  trust(other: TestStation): number;
  /** Adds a request of our own that waits. */
  request(id: string, body: string, peer?: number): void;
  close(): void;
}

export async function makeTestStation(name: string, side: Side): Promise<TestStation> {
  const root = mkdtempSync(join(tmpdir(), `station-${name}-`));
  const paths = stationPaths(root);
  for (const folder of [paths.spoolOut, paths.spoolIn, paths.quarantine, paths.backups, paths.run]) {
    mkdirSync(folder, { recursive: true });
  }
  const clock = { now: new Date("2026-11-21T08:00:00.000Z") };
  const store = openStore({ path: paths.database, backups: paths.backups, clock: () => clock.now });
  const keys = keyStore(store);
  const keyring = new Keyring(keys);
  const master = randomBytes(32);
  const createdAt = clock.now.toISOString();
  const identity: StationIdentity = {
    id: randomHex(16),
    name,
    side,
    people: "one",
    lineage: randomHex(8),
    createdAt,
  };
  const rows = await makeStationKeys(name, master, 1, createdAt);
  store.write(() => {
    keys.addMasterKey(1, createdAt);
    for (const row of rows) keys.addStationKey(row);
  });
  keyring.unlock(new Map([[1, master]]));

  const steps: string[] = [];
  const events: EventInput[] = [];
  const stop = new AbortController();
  const audit = createAuditLog(store, () => clock.now);
  const kernel: Kernel = {
    directory: root,
    shell: "test",
    clock: () => clock.now,
    step(step) {
      steps.push(step);
      station.beforeStep(step, steps.length);
    },
    log: { info() {}, warn() {}, error() {} },
    paths,
    store,
    configuration: defaultConfiguration,
    audit,
    changes: new Changes(),
    keyring,
    openedAt: createdAt,
    founded: () => identity,
    refound() {},
    identity: () => identity,
    stopping: stop.signal,
  };
  const call: Call = {
    operator: "ada",
    approver: null,
    roles: ["administrator"],
    grants: [{ role: "administrator", only: {} }],
    session: "test",
    connection: openConnection("test", () => 0),
    signal: undefined,
    commit: (run) =>
      store.write(() => {
        const before = events.length;
        const value = run((event) => {
          events.push(event);
          audit.append({ actor: "ada", outcome: "done", details: {}, ...event });
        });
        if (events.length === before) throw new Error("a change without an event");
        return value;
      }),
  };
  const station: TestStation = {
    kernel,
    call,
    identity,
    events,
    steps,
    clock,
    beforeStep() {},
    stop,
    trust: (other) => trustPeer(kernel, other),
    request(id, body, peer) {
      store
        .prepare(
          `INSERT INTO record (origin, id, revision, type, created_at, peer, kind, user, body)
           VALUES (0, ?, 1, 'request', ?, ?, 'echo', 'alice', ?)`,
        )
        .run(id, createdAt, peer ?? null, body);
    },
    close() {
      store.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
  return station;
}

function trustPeer({ store }: Kernel, other: TestStation): number {
  const { identity, kernel } = other;
  const key = parseSshPublicKey(kernel.keyring.signingPublicKey());
  const peer = Number(
    store
      .prepare(
        "INSERT INTO peer (station, name, side, state, added_at, trusted_at) VALUES (?, ?, ?, 'trusted', ?, ?)",
      )
      .run(identity.id, identity.name, identity.side, identity.createdAt, identity.createdAt).lastInsertRowid,
  );
  store
    .prepare(
      `INSERT INTO peer_card (peer, serial, text, sha256, fingerprint, signing_key, age_recipient, state, added_at)
       VALUES (?, 1, ?, ?, ?, ?, ?, 'current', ?)`,
    )
    .run(
      peer,
      cardOf(other),
      randomHex(32),
      fingerprint(key),
      key,
      kernel.keyring.ageRecipient(),
      identity.createdAt,
    );
  return peer;
}

function cardOf({ identity, kernel: { keyring } }: TestStation): string {
  return writeCard(
    {
      station: identity.id,
      name: identity.name,
      side: identity.side,
      signingKey: keyring.signingPublicKey(),
      ageRecipient: keyring.ageRecipient(),
      vaultRecipient: null,
      logKey: keyring.logVerifierKey(),
      witnessKey: keyring.witnessVerifierKey(),
      serial: 1,
      createdAt: identity.createdAt,
      replaces: null,
    },
    keyring.signing(),
  );
}

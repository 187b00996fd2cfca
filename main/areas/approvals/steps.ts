import type { Kernel } from "../../station/kernel.ts";
import type { TwoPersonSteps } from "../../station/pipeline/two-persons.ts";

/** What two persons agree on, about a peer, a batch number or an alarm. Reads those areas' tables, writes none. */
export function otherSteps(kernel: Kernel): TwoPersonSteps {
  const find = kernel.store.prepare(
    "SELECT station, state, lineage, offered_lineage AS offeredLineage FROM peer WHERE name = ?",
  );
  const cards = kernel.store.prepare(
    `SELECT serial, sha256, state FROM peer_card WHERE peer = (SELECT id FROM peer WHERE name = ?) ORDER BY serial`,
  );
  const peer = (input: unknown): unknown => {
    const { peer: name } = input as { peer: string };
    return { peer: find.get(name) ?? null, cards: cards.all(name) };
  };
  const numbers = kernel.store.prepare(
    `SELECT lineage, state, batch, sha256 FROM batch WHERE own = ? AND sequence = ?
     AND peer = (SELECT id FROM peer WHERE name = ?) ORDER BY lineage, id`,
  );
  const batches = (own: 0 | 1) => (input: unknown) => {
    const { sequence, peer: name } = input as { sequence: number; peer: string };
    return { batches: numbers.all(own, sequence, name) };
  };
  const alarm = kernel.store.prepare(
    "SELECT kind, evidence, raised_at AS raisedAt, settled_at AS settledAt FROM audit_alarm WHERE id = ?",
  );
  const kept = kernel.store.prepare(
    `SELECT sha256, seen_at, settled_at FROM quarantine_batch WHERE state = 'fork' AND sha256 = ?
     AND peer = (SELECT id FROM peer WHERE name = ?)`,
  );
  const segment = kernel.store.prepare(
    "SELECT from_seq, to_seq, sha256, exported_at, exported_to, purge_begun_at FROM audit_segment WHERE id = ?",
  );
  const hold = kernel.store.prepare(
    "SELECT from_seq, to_seq, reason, set_at, lifted_at FROM audit_hold WHERE id = ?",
  );
  const holds = kernel.store.prepare(
    "SELECT id, from_seq, to_seq FROM audit_hold WHERE lifted_at IS NULL ORDER BY id",
  );
  const logAlarms = kernel.store.prepare(
    `SELECT batch, verdict, size, hex(root) AS root FROM peer_log_alarm
     WHERE settled_at IS NULL AND peer = (SELECT id FROM peer WHERE name = ?) ORDER BY batch`,
  );
  return {
    "peers.trust": { state: peer },
    "peers.acceptLineage": { state: peer },
    "peers.acceptLog": {
      state: (input) => ({ alarms: logAlarms.all((input as { peer: string }).peer) }),
    },
    "transfer.skip": { state: batches(0) },
    "transfer.giveUp": { state: batches(1) },
    "transfer.settleFork": {
      state: (input) => {
        const { peer: name, sha256 } = input as { peer: string; sha256: string };
        return kept.get(sha256, name) ?? null;
      },
    },
    "audit.purge": {
      state: (input) => ({
        segment: segment.get((input as { segment: number }).segment) ?? null,
        holds: holds.all(),
      }),
    },
    "audit.liftHold": { state: (input) => hold.get((input as { hold: number }).hold) ?? null },
    "audit.settle": { state: (input) => alarm.get((input as { alarm: number }).alarm) ?? null },
  };
}

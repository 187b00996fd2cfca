import type { contract } from "../../../shared/contract/contract.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Store } from "../../station/store/store.ts";
import { witnessStore, type LogFault } from "./store-witness.ts";

export type PeerLogs = Awaited<ReturnType<AreaHandlers<typeof contract.peers>["logs"]>>["logs"];

const sentences: Readonly<Record<LogFault, (peer: string) => string>> = {
  "bad-note": (peer) => `What ${peer} sent as a checkpoint is none.`,
  "wrong-origin": (peer) => `${peer} sent the checkpoint of another log.`,
  "bad-signature": (peer) => `A checkpoint that ${peer} sent is not signed by the key on its card.`,
  "rolled-back": (peer) =>
    `The log of ${peer} is shorter than it was: its end was cut, or an old copy put back.`,
  fork: (peer) => `The log of ${peer} has another history than the one witnessed here.`,
  "own-log": (peer) =>
    `${peer} has witnessed a head of our own log that we don't have: this station was put back or its log rewritten.`,
};

/** What each side has witnessed of the other's log, for every peer that is not revoked. */
export function peerLogs(store: Store): PeerLogs {
  const rows = witnessStore(store);
  const names = store.prepare("SELECT batch FROM batch WHERE id = ?").pluck();
  const peers = store.prepare("SELECT id, name FROM peer WHERE state <> 'revoked' ORDER BY name").all() as {
    id: number;
    name: string;
  }[];
  return peers.map(({ id, name }) => {
    const log = rows.of(id);
    return {
      peer: name,
      theirs:
        log.root === null || log.seen_at === null
          ? null
          : { events: log.size, root: log.root.toString("hex"), seenAt: log.seen_at },
      ours: {
        sentEvents: log.sent_size,
        witnessedEvents: log.witnessed_size,
        witnessedAt: log.witnessed_at,
      },
      alarms: rows.open(id).map((alarm) => ({
        batch: String(names.get(alarm.batch)),
        fault: alarm.verdict,
        sentence: sentences[alarm.verdict](name),
        note: alarm.note,
        raisedAt: alarm.raised_at,
      })),
    };
  });
}

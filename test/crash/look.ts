import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { AuditVerdict, Ledger } from "../support/answers.ts";
import { within } from "../support/session.ts";
import { allQuarantined, allRequests } from "../support/stations.ts";
import type { Station } from "../support/stations.ts";

/** What of a station must not depend on how often a command was interrupted. */
export interface Look {
  ledger: string[];
  requests: string[];
  quarantine: string[];
  /** Requests and responses that wait to be sent, by peer. */
  waiting: string[];
  /** Receipts that wait to be sent. */
  receipts: number;
  auditOk: boolean;
  /** Files that sealing or importing left lying. */
  spooled: number;
}

interface Outbox {
  peers: { peer: string; requests: number; responses: number; receipts: number }[];
}

/** Opens a station and looks at it. Batch ids are left out: each sealing draws its own. */
export function look(station: Station): Promise<Look> {
  return within(station, async (session) => {
    const { batches } = await session.call<Ledger>("transfer", "ledger");
    const { peers } = await session.call<Outbox>("transfer", "outbox");
    const verdict = await session.call<AuditVerdict>("audit", "verify");
    const requests = await allRequests(session);
    const quarantine = await allQuarantined(session);
    return {
      ledger: batches.map((row) => `${row.peer} ${row.direction} ${row.sequence} ${row.state}`).toSorted(),
      requests: requests.map((row) => `${row.id} ${row.state}`).toSorted(),
      quarantine: quarantine.map((row) => `${row.part} ${row.line} ${row.reason}`).toSorted(),
      waiting: peers.map((peer) => `${peer.peer} ${peer.requests} ${peer.responses}`),
      receipts: peers.reduce((sum, peer) => sum + peer.receipts, 0),
      auditOk: verdict.ok,
      spooled: filesBelow(join(station.directory, "spool")),
    };
  });
}

function filesBelow(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .length;
}

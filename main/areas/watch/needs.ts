import { drillDays } from "../../../shared/contract/recovery.ts";
import { stepTitle } from "../../../shared/strings/step-titles.ts";
import type { RequestsService } from "../requests/service.ts";
import type { SignoffsService } from "../signoffs/service.ts";
import type { DiskStanding } from "../station/service.ts";
import type { Kernel } from "../../station/kernel.ts";
import type { Strip, Summary } from "./traffic.ts";
import type { TrafficPeer, WatchStore } from "./store.ts";

export type Need = Summary["needs"][number];

/** Services that know of more that waits. */
interface Others {
  readonly requests: RequestsService;
  readonly signoffs: SignoffsService;
}

/** What only a person can unblock, the worst first. */
export function collectNeeds(
  kernel: Kernel,
  rows: WatchStore,
  peers: readonly TrafficPeer[],
  strips: readonly Strip[],
  { requests, signoffs }: Others,
  disk: DiskStanding,
): Need[] {
  const needs: Need[] = [];
  for (const alarm of kernel.audit.alarms.open()) {
    needs.push({
      kind: "log",
      severity: "bad",
      title: "The audit log is not what it was",
      detail: alarm.sentence,
      since: alarm.raisedAt,
      path: "/audit",
    });
  }
  const restoredAt = rows.openRestore();
  if (restoredAt !== null) {
    needs.push({
      kind: "restore",
      severity: "bad",
      title: "This station was restored from a backup, and waits to be reviewed",
      detail: "Export and import are closed until every operator and peer that it brings back has a word.",
      since: restoredAt,
      path: "/station/backup",
    });
  }
  const recovered = rows.recovered();
  if (recovered !== undefined) {
    needs.push({
      kind: "recovery",
      severity: "bad",
      title: `Recovery shares opened this station for ${recovered.operator}`,
      detail: "Look at what was done since, and review it. Then make a new recovery set.",
      since: recovered.at,
      path: "/people/recovery",
    });
  }
  // A fork is kept with its counterpart, and a peer that forks once may do it again: one need a peer.
  const forked = new Map(rows.evidence().map((fork) => [fork.peer ?? "a peer", fork.seenAt]));
  for (const [peer, seenAt] of forked) {
    needs.push({
      kind: "fork",
      ...(peer === "a peer" ? {} : { peer }),
      severity: "bad",
      title: `Two different batches of ${peer} carry one number`,
      detail: "Both are kept. Speak to the other operator before anything else crosses.",
      since: seenAt,
      path: "/transfer/alarms",
    });
  }
  for (const { peer, raisedAt } of rows.logAlarms()) {
    needs.push({
      kind: "peer-log",
      peer,
      severity: "bad",
      title: `The audit logs of ${peer} and of this station contradict what was witnessed`,
      detail:
        "The signed notes are kept. Speak to the other operator; then accept what its log says, or take the trust back.",
      since: raisedAt,
      path: `/transfer/peers/${peer}`,
    });
  }
  for (const { peer, sequence, count } of rows.owedReceipts(kernel.identity().lineage)) {
    const which = count === 1 ? `batch ${sequence}` : `${count} batches from ${sequence} on`;
    needs.push({
      kind: "missing-receipt",
      peer,
      severity: "warn",
      title: `${peer} says it is done with ${which}, and has not signed for it`,
      detail: "Export again: the same sealed bytes go once more, and are answered once more.",
      since: null,
      path: `/transfer/alarms/${peer}`,
    });
  }
  for (const strip of strips) {
    for (const cell of strip.cells) {
      if (cell.state !== "missing") continue;
      needs.push({
        kind: "missing",
        peer: strip.peer,
        severity: "bad",
        title: `Batch ${cell.sequence} from ${strip.peer} is missing`,
        detail:
          "A later one is here and held behind it. Ask which stick carries it, or have it written again.",
        since: null,
        path: "/transfer/ledger",
      });
    }
  }
  for (const peer of peers) {
    if (peer.offeredLineage !== null) {
      needs.push({
        kind: "lineage",
        peer: peer.name,
        severity: "warn",
        title: `${peer.name} was restored and begins a new lineage`,
        detail: "Nothing of it lands until the new lineage is accepted here.",
        since: null,
        path: "/transfer/alarms",
      });
    }
    if (peer.state === "pending") {
      needs.push({
        kind: "pending-peer",
        peer: peer.name,
        severity: "warn",
        title: `${peer.name} waits to be trusted`,
        detail: "Compare the eight words of its card with what its operator reads aloud.",
        since: peer.addedAt,
        path: "/transfer/peers",
      });
    }
  }
  for (const row of rows.quarantined()) {
    needs.push({
      kind: "quarantine",
      peer: row.peer,
      severity: "warn",
      title: `${row.lines} ${row.lines === 1 ? "record" : "records"} of batch ${row.sequence} from ${row.peer} in quarantine`,
      detail: "The other records of the batch were imported. The receipt tells the sender.",
      since: row.at,
      path: "/transfer/quarantine",
    });
  }
  addPeople(kernel, rows, needs);
  addKeys(kernel, rows, needs);
  addSignoffs(signoffs, needs);
  addWork(kernel, rows, requests, needs);
  addBackup(kernel, rows, needs);
  if (disk.level !== "ok") {
    needs.push({
      kind: "disk",
      severity: disk.level === "warn" ? "warn" : "bad",
      ...diskWords[disk.level],
      since: null,
      path: "/station",
    });
  }
  return needs;
}

/** STIG V-222506 asks for a copy on another component every seven days. */
const backupEveryMs = 7 * 24 * 3_600_000;

function addBackup(kernel: Kernel, rows: WatchStore, needs: Need[]): void {
  const last = rows.lastBackup();
  const since = last ?? kernel.identity().createdAt;
  if (kernel.clock().getTime() - Date.parse(since) < backupEveryMs) return;
  needs.push({
    kind: "backup",
    severity: "warn",
    title:
      last === null ? "This station has never been backed up" : "The last backup is more than seven days old",
    detail: "Back it up onto a medium that is kept elsewhere.",
    since,
    path: "/station/backup",
  });
}

const diskWords = {
  warn: {
    title: "The station's disk is filling up",
    detail: "Free space before the next import; what does not fit is refused, nothing is lost.",
  },
  stop: {
    title: "The station's disk is nearly full: nothing is exported, imported or submitted",
    detail: "Free space on it; the station opens again by itself. What is here is safe and readable.",
  },
  "read-only": {
    title: "The station's disk is full: the station is read-only",
    detail: "Free space on it; the station opens again by itself. What is here is safe and readable.",
  },
} as const;

function addPeople(kernel: Kernel, rows: WatchStore, needs: Need[]): void {
  for (const row of rows.waitingApprovals(kernel.clock().toISOString())) {
    needs.push({
      kind: "approval",
      severity: "warn",
      title: stepTitle({ ...row, summary: row.operation }),
      detail: `${row.requester} asks for a second person. Look at exactly what it would do, then agree or refuse.`,
      since: row.at,
      path: `/people/approvals/${row.id}`,
    });
  }
  for (const row of rows.acceptedInvitations()) {
    needs.push({
      kind: "invitation",
      severity: "warn",
      title: `${row.name} waits to be confirmed`,
      detail: "Let them read their eight words aloud.",
      since: row.at,
      path: "/people",
    });
  }
}

function addKeys(kernel: Kernel, rows: WatchStore, needs: Need[]): void {
  const removed = rows.removedSinceKeys();
  if (removed !== undefined) {
    needs.push({
      kind: "keys",
      severity: "warn",
      title: `${removed.name} is removed and may hold a copy of this station's keys`,
      detail: "Rotate the keys, and carry the new card to each peer.",
      since: removed.at,
      path: "/station/keys",
    });
  }
  const proven = rows.recoveryProven();
  if (proven === undefined) return;
  const due = new Date(Date.parse(proven.at) + drillDays * 86_400_000).toISOString();
  if (kernel.clock().toISOString() <= due) return;
  needs.push({
    kind: "drill",
    severity: "warn",
    title: `Nobody has tried the shares of recovery set ${proven.number} for ${drillDays} days`,
    detail: "Bring the shares together and run a drill: it opens nothing and reveals nothing.",
    since: due,
    path: "/people/recovery",
  });
}

function addSignoffs(signoffs: SignoffsService, needs: Need[]): void {
  for (const { signoff, signer, at } of signoffs.waiting()) {
    needs.push({
      kind: "signoff",
      severity: "warn",
      title: `The sign-off of ${signer} waits for a second person`,
      detail: "Read the note, compare the code, then sign below it.",
      since: at,
      path: `/audit/signoffs/${signoff}`,
    });
  }
  const unsigned = signoffs.unsigned();
  if (unsigned?.overdue !== true) return;
  needs.push({
    kind: "signoff",
    severity: "warn",
    title: "A shift went by that nobody signed for",
    detail: "Look through what was done, then sign the log's head.",
    since: unsigned.since,
    path: "/audit/signoffs",
  });
}

function addWork(kernel: Kernel, rows: WatchStore, requests: RequestsService, needs: Need[]): void {
  const unanswered = kernel.identity().side === "response" ? requests.unanswered() : 0;
  if (unanswered > 0) {
    needs.push({
      kind: "unanswered",
      severity: "warn",
      title: `${unanswered} ${unanswered === 1 ? "request waits" : "requests wait"} for an answer`,
      detail: "Run the handlers, then export the answers.",
      since: null,
      path: "/requests",
    });
  }
  const oldest = rows.oldestWaiting();
  if (oldest !== null) {
    needs.push({
      kind: "unsealed",
      severity: "warn",
      title: "Records wait to be sealed",
      detail: "Export them onto a stick for the other side.",
      since: oldest,
      path: "/transfer",
    });
  }
  for (const batch of rows.sealedNotCopied()) {
    needs.push({
      kind: "unsettled",
      peer: batch.peer,
      severity: "warn",
      title: `Batch ${batch.sequence} for ${batch.peer} is sealed and on no stick`,
      detail: "Export again: the same sealed bytes are written, under the same number.",
      since: batch.createdAt,
      path: "/transfer",
    });
  }
}

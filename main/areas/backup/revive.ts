import { createAuditLog, type AuditHead } from "../../station/audit/log.ts";
import { randomHex } from "../../station/crypto/random.ts";
import { standingOf } from "../../station/keys/standing.ts";
import { keyStore, type OperatorRow } from "../../station/keys/store.ts";
import type { Store } from "../../station/store/store.ts";
import { backupStore, type BackupRow, type ItemRow } from "./store.ts";
import { readStationRow } from "../station/service.ts";

/** Why a restored operator can't sign in yet. */
export const notReviewed = "restored: not confirmed yet";

export interface Revival {
  /** The backup itself, which the copy in it can't know of. */
  readonly backup: Omit<BackupRow, "checked_at" | "same_disk">;
  readonly manifestSha256: string;
  readonly backupAt: string;
  readonly by: string;
  readonly at: string;
  /** How far the abandoned log is known to have gone, and from what. */
  readonly known: { readonly events: number; readonly from: string };
}

export interface Revived {
  readonly lineage: string;
  readonly abandoned: AuditHead & { readonly lineage: string };
  readonly batchesGivenUp: number;
}

/**
 * Turns a copy of a station's database into the restored station, in one transaction: a new lineage, the abandoned head
 * in its first events, everything void that an old copy must not revive by itself, and what people have to review.
 */
export function revive(store: Store, revival: Revival, clock: () => Date): Revived {
  const identity = readStationRow(store);
  if (identity === null) throw new Error("a backup of no station");
  const rows = backupStore(store);
  const audit = createAuditLog(store, clock);
  const lineage = randomHex(8);
  return store.write(() => {
    const head = audit.head();
    const log = (action: string, object: string, details: Record<string, string | number | null>): void =>
      void audit.append({ actor: revival.by, action, object, outcome: "done", details });
    log("station.restored", identity.id, {
      manifest: revival.manifestSha256,
      backupAt: revival.backupAt,
      lineage,
    });
    log("station.head-abandoned", identity.lineage, {
      events: head.events,
      root: head.root,
      knownEvents: revival.known.events,
      knownFrom: revival.known.from,
    });
    store.prepare("UPDATE station SET lineage = ?").run(lineage);
    // The head file of the abandoned log is not this one's: it is written anew.
    store.prepare("UPDATE audit_standing SET head_file = 0").run();
    const given = giveUpUnsettled(store, revival.at);
    if (given > 0) log("transfer.batches-given-up", identity.lineage, { batches: given });
    const restore = rows.addRestore({
      manifest_sha256: revival.manifestSha256,
      backup_at: revival.backupAt,
      restored_by: revival.by,
      restored_at: revival.at,
      abandoned_lineage: identity.lineage,
      abandoned_events: head.events,
      abandoned_root: head.root,
      lineage,
      known_events: revival.known.events,
      known_from: revival.known.from,
    });
    rows.addBackup({ ...revival.backup, checked_at: revival.at, same_disk: 0 });
    for (const item of [...operatorItems(store), ...peerItems(store)]) rows.addItem(restore, item);
    const voided =
      "UPDATE approval SET state = 'void', reason = 'restored' WHERE state IN ('waiting', 'approved')";
    const approvals = store.prepare(voided).run().changes;
    store.prepare("DELETE FROM session").run();
    const withdraw = "UPDATE invitation SET settled_at = ?, outcome = 'withdrawn' WHERE settled_at IS NULL";
    const invitations = store.prepare(withdraw).run(revival.at).changes;
    // Whoever was removed since is in this copy again: nobody but who restores signs in before they are confirmed.
    const disable = `UPDATE operator SET disabled_at = ?, disabled_why = ?
                     WHERE state = 'active' AND disabled_at IS NULL AND name <> ?`;
    const closed = store.prepare(disable).run(revival.at, notReviewed, revival.by).changes;
    log("station.review-begun", identity.id, { operators: closed, approvals, invitations });
    return { lineage, abandoned: { ...head, lineage: identity.lineage }, batchesGivenUp: given };
  });
}

/**
 * Our batches that their peers had not settled when the backup was made: their numbers are of the abandoned lineage,
 * so their records wait again. What had arrived comes as duplicates.
 */
function giveUpUnsettled(store: Store, at: string): number {
  const open = "own = 1 AND state IN ('sealed', 'copied', 'verified', 'sealing')";
  store.prepare(`UPDATE lot SET batch = NULL WHERE batch IN (SELECT id FROM batch WHERE ${open})`).run();
  store.prepare("DELETE FROM batch WHERE own = 1 AND state = 'sealing'").run();
  const give = `UPDATE batch SET state = 'voided', note = 'given up by a restore', settled_at = ? WHERE ${open}`;
  return store.prepare(give).run(at).changes;
}

function operatorItems(store: Store): Pick<ItemRow, "kind" | "name" | "was" | "detail">[] {
  return keyStore(store)
    .operators()
    .map((row) => ({
      kind: "operator" as const,
      name: row.name,
      was: row.disabled_at === null ? "active" : "disabled",
      detail: operatorDetail(row),
    }));
}

function operatorDetail(row: OperatorRow): string {
  const seen = row.signed_in_at === null ? "never signed in" : `last signed in ${row.signed_in_at}`;
  return `${standingOf(row).roles.join(", ")}; ${seen}`;
}

function peerItems(store: Store): Pick<ItemRow, "kind" | "name" | "was" | "detail">[] {
  const peers = store
    .prepare(
      `SELECT peer.name, peer.state AS was, card.fingerprint, card.serial FROM peer
       JOIN peer_card card ON card.peer = peer.id AND card.serial = (SELECT max(serial) FROM peer_card newest WHERE newest.peer = peer.id)
       WHERE peer.state <> 'revoked' ORDER BY peer.name`,
    )
    .all() as { name: string; was: string; fingerprint: string; serial: number }[];
  return peers.map(({ name, was, fingerprint, serial }) => ({
    kind: "peer",
    name,
    was,
    detail: `card ${serial}, ${fingerprint}`,
  }));
}

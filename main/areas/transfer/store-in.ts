import type { Store } from "../../station/store/store.ts";
import type { BatchReason, LineReason } from "../../../shared/contract/reasons.ts";

export interface PeerRow {
  readonly id: number;
  readonly station: string;
  readonly name: string;
  readonly side: "request" | "response";
  readonly state: "pending" | "trusted" | "revoked";
  readonly lineage: string | null;
  readonly offered_lineage: string | null;
  /** What it last said that it holds of our batches. */
  readonly have_lineage: string | null;
  readonly have_through: number;
}

export interface SignerRow {
  readonly peer: number;
  readonly fingerprint: string;
  readonly state: "offered" | "current" | "replaced" | "revoked";
}

export type IncomingState = "importing" | "verified" | "held" | "imported" | "refused" | "voided" | "skipped";

/** A batch of a peer in our ledger; `sha256` is null where a number was skipped unseen. */
export interface IncomingRow {
  readonly id: number;
  readonly peer: number;
  readonly lineage: string;
  readonly sequence: number;
  readonly batch: string | null;
  readonly sha256: string | null;
  readonly state: IncomingState;
  readonly reason: BatchReason | null;
  readonly records: number;
  readonly imported: number;
  readonly duplicate: number;
  readonly quarantined: number;
  readonly next_part: number;
  readonly next_line: number;
}

/** One of our own batches, as a receipt settles it. */
export interface OutgoingRow {
  readonly id: number;
  readonly sequence: number;
  readonly batch: string;
  readonly sha256: string;
  readonly state: "sealing" | "sealed" | "copied" | "verified" | "imported" | "refused" | "voided";
  readonly records: number;
}

export interface BatchFacts {
  readonly peer: number;
  readonly lineage: string;
  readonly sequence: number;
  readonly batch: string;
  readonly sha256: string;
  readonly previous: string | null;
  readonly envelope: Uint8Array;
  readonly bytes: number;
  readonly createdAt: string;
}

const incoming =
  "id, peer, lineage, sequence, batch, sha256, state, reason, records, imported, duplicate, quarantined, next_part, next_line";
const outgoing = "id, sequence, batch, sha256, state, records";
/** States in which a number is done with (batch-format, Ledger). */
const done = "('imported', 'refused', 'voided', 'skipped')";
const open = "('importing', 'verified', 'held')";

/** The importer's SQL about peers and the ledger of what comes in. */
export function storeIn(store: Store) {
  return {
    peer(id: number): PeerRow | undefined {
      return store.prepare("SELECT * FROM peer WHERE id = ?").get(id) as PeerRow | undefined;
    },
    peerByName(name: string): PeerRow | undefined {
      return store.prepare("SELECT * FROM peer WHERE name = ?").get(name) as PeerRow | undefined;
    },
    trustedPeers(): PeerRow[] {
      return store.prepare("SELECT * FROM peer WHERE state = 'trusted' ORDER BY id").all() as PeerRow[];
    },
    /** The card that a signing key belongs to; where several hold it, the one that counts, else the newest. */
    signer(fingerprint: string): SignerRow | undefined {
      const sql =
        "SELECT peer, fingerprint, state FROM peer_card WHERE fingerprint = ? ORDER BY state = 'current' DESC, serial DESC LIMIT 1";
      return store.prepare(sql).get(fingerprint) as SignerRow | undefined;
    },
    /** Fingerprints under which a peer's receipts verify: present and replaced, never revoked or offered. */
    receiptSigners(peer: number): string[] {
      const sql = "SELECT fingerprint FROM peer_card WHERE peer = ? AND state IN ('current', 'replaced')";
      return store.prepare(sql).pluck().all(peer) as string[];
    },
    /** Replaced cards of a peer that are older than the one with this signing key. */
    replacedBefore(peer: number, signer: string): { serial: number; fingerprint: string }[] {
      const sql = `SELECT serial, fingerprint FROM peer_card WHERE peer = @peer AND state = 'replaced'
        AND fingerprint <> @signer
        AND serial < (SELECT max(serial) FROM peer_card WHERE peer = @peer AND fingerprint = @signer)`;
      return store.prepare(sql).all({ peer, signer }) as { serial: number; fingerprint: string }[];
    },
    revokeCard(peer: number, serial: number): void {
      store.prepare("UPDATE peer_card SET state = 'revoked' WHERE peer = ? AND serial = ?").run(peer, serial);
    },
    takeLineage(peer: number, lineage: string): void {
      store.prepare("UPDATE peer SET lineage = ?, offered_lineage = NULL WHERE id = ?").run(lineage, peer);
    },
    offerLineage(peer: number, lineage: string): void {
      store.prepare("UPDATE peer SET offered_lineage = ? WHERE id = ?").run(lineage, peer);
    },
    /** Whether it was taken once. What only waits of a lineage tells nothing: it may be the next one to be taken. */
    hadLineage(peer: number, lineage: string): boolean {
      const sql = `SELECT 1 FROM batch WHERE peer = ? AND own = 0 AND lineage = ?
        AND state NOT IN ('importing', 'verified') LIMIT 1`;
      return store.prepare(sql).get(peer, lineage) !== undefined;
    },

    ownBatch(batch: string): { sequence: number } | undefined {
      const sql = "SELECT sequence FROM batch WHERE batch = ? AND own = 1 AND sequence IS NOT NULL";
      return store.prepare(sql).get(batch) as { sequence: number } | undefined;
    },
    at(peer: number, lineage: string, sequence: number): IncomingRow | undefined {
      const sql = `SELECT ${incoming} FROM batch WHERE peer = ? AND own = 0 AND lineage = ? AND sequence = ?`;
      return store.prepare(sql).get(peer, lineage, sequence) as IncomingRow | undefined;
    },
    bySha256(peer: number, sha256: string): IncomingRow | undefined {
      const sql = `SELECT ${incoming} FROM batch WHERE sha256 = ? AND peer = ? AND own = 0`;
      return store.prepare(sql).get(sha256, peer) as IncomingRow | undefined;
    },
    row(id: number): IncomingRow | undefined {
      return store.prepare(`SELECT ${incoming} FROM batch WHERE id = ? AND own = 0`).get(id) as
        | IncomingRow
        | undefined;
    },
    envelopeOf(id: number): Buffer | null {
      return store.prepare("SELECT envelope FROM batch WHERE id = ?").pluck().get(id) as Buffer | null;
    },
    /** The last number up to which every one is done with. */
    through(peer: number, lineage: string): number {
      const sql = `SELECT coalesce(max(n), 0) FROM (
          SELECT sequence, row_number() OVER (ORDER BY sequence) AS n FROM batch
          WHERE peer = ? AND own = 0 AND lineage = ? AND state IN ${done}
        ) WHERE sequence = n`;
      return store.prepare(sql).pluck().get(peer, lineage) as number;
    },
    /** Numbers seen beyond `sequence`, ascending. */
    beyond(peer: number, lineage: string, sequence: number): IncomingRow[] {
      const sql = `SELECT ${incoming} FROM batch
        WHERE peer = ? AND own = 0 AND lineage = ? AND sequence > ? ORDER BY sequence`;
      return store.prepare(sql).all(peer, lineage, sequence) as IncomingRow[];
    },
    openRows(peer: number): IncomingRow[] {
      const sql = `SELECT ${incoming} FROM batch WHERE peer = ? AND own = 0 AND state IN ${open} ORDER BY sequence`;
      return store.prepare(sql).all(peer) as IncomingRow[];
    },
    /** What the open batches of a lineage take together on their way in. */
    openBytes(peer: number, lineage: string): { count: number; bytes: number } {
      const sql = `SELECT count(*) AS count, coalesce(sum(bytes), 0) AS bytes FROM batch
        WHERE peer = ? AND own = 0 AND lineage = ? AND state IN ${open}`;
      return store.prepare(sql).get(peer, lineage) as { count: number; bytes: number };
    },
    /** Hashes of batches whose parts may still be needed: those of a lineage that was given up never are. */
    openHashes(): string[] {
      const sql = `SELECT sha256 FROM batch JOIN peer ON peer.id = batch.peer
        WHERE own = 0 AND batch.state IN ${open} AND sha256 IS NOT NULL
          AND (peer.lineage IS NULL OR batch.lineage IN (peer.lineage, peer.offered_lineage))`;
      return store.prepare(sql).pluck().all() as string[];
    },

    claim(facts: BatchFacts): number {
      const sql = `INSERT INTO batch (peer, own, lineage, sequence, batch, sha256, previous, state, envelope, bytes, created_at)
        VALUES (?, 0, ?, ?, ?, ?, ?, 'importing', ?, ?, ?)`;
      const { lastInsertRowid } = store
        .prepare(sql)
        .run(
          facts.peer,
          facts.lineage,
          facts.sequence,
          facts.batch,
          facts.sha256,
          facts.previous,
          facts.envelope,
          facts.bytes,
          facts.createdAt,
        );
      return Number(lastInsertRowid);
    },
    /** A number without a batch: voided by its sender, or skipped here. */
    closeUnseen(
      row: { peer: number; lineage: string; sequence: number; sha256: string | null; note: string },
      state: "voided" | "skipped",
      at: string,
    ): void {
      const sql = `INSERT INTO batch (peer, own, lineage, sequence, sha256, state, note, created_at, settled_at)
        VALUES (?, 0, ?, ?, ?, ?, ?, ?, ?)`;
      store.prepare(sql).run(row.peer, row.lineage, row.sequence, row.sha256, state, row.note, at, at);
    },
    setState(id: number, state: IncomingState, note: string, settledAt: string | null): void {
      const sql = "UPDATE batch SET state = ?, note = ?, settled_at = ? WHERE id = ?";
      store.prepare(sql).run(state, note, settledAt, id);
    },
    setManifest(id: number, manifest: Uint8Array, records: number): void {
      store.prepare("UPDATE batch SET manifest = ?, records = ? WHERE id = ?").run(manifest, records, id);
    },
    refuse(id: number, reason: BatchReason, note: string, at: string): void {
      const sql =
        "UPDATE batch SET state = 'refused', reason = ?, note = ?, settled_at = ?, records = 0 WHERE id = ?";
      store.prepare(sql).run(reason, note, at, id);
    },
    flip(id: number, receiptsOnly: boolean, records: number, at: string): void {
      const sql =
        "UPDATE batch SET state = 'imported', receipts_only = ?, records = ?, settled_at = ? WHERE id = ?";
      store.prepare(sql).run(receiptsOnly ? 1 : 0, records, at, id);
    },
    keepCheckpoint(id: number, peer: number, checkpoint: string | null, witnessed: string | null): void {
      const sql =
        "INSERT OR REPLACE INTO peer_checkpoint (batch, peer, checkpoint, witnessed) VALUES (?, ?, ?, ?)";
      store.prepare(sql).run(id, peer, checkpoint, witnessed);
    },
    /** What is kept of a peer as evidence of a kind. */
    keptEnvelopes(peer: number, state: string): { count: number; bytes: number } {
      const sql = `SELECT count(*) AS count, coalesce(sum(octet_length(envelope)), 0) AS bytes
        FROM quarantine_batch WHERE peer = ? AND state = ?`;
      return store.prepare(sql).get(peer, state) as { count: number; bytes: number };
    },
    /** Whether it was new. */
    keepEnvelope(row: {
      sha256: string;
      peer: number;
      bag: string;
      state: string;
      reason: string;
      envelope: Uint8Array;
      signature: Uint8Array | null;
      tagmanifest: Uint8Array | null;
      at: string;
    }): boolean {
      const sql = `INSERT OR IGNORE INTO quarantine_batch
        (sha256, peer, bag, state, reason, envelope, signature, tagmanifest, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
      const { sha256, peer, bag, state, reason, envelope, signature, tagmanifest, at } = row;
      const { changes } = store
        .prepare(sql)
        .run(sha256, peer, bag, state, reason, envelope, signature, tagmanifest, at);
      return changes > 0;
    },

    outgoingByBatch(peer: number, batch: string): OutgoingRow | undefined {
      const sql = `SELECT ${outgoing} FROM batch WHERE batch = ? AND peer = ? AND own = 1 AND state <> 'sealing'`;
      return store.prepare(sql).get(batch, peer) as OutgoingRow | undefined;
    },
    lastOutgoing(peer: number, lineage: string): number {
      const sql = "SELECT coalesce(max(sequence), 0) FROM batch WHERE peer = ? AND own = 1 AND lineage = ?";
      return store.prepare(sql).pluck().get(peer, lineage) as number;
    },
    settle(
      id: number,
      state: "verified" | "imported" | "refused",
      facts: { reason: string | null; imported: number; duplicate: number; quarantined: number },
      at: string,
    ): void {
      const sql = `UPDATE batch SET state = ?, reason = ?, imported = ?, duplicate = ?, quarantined = ?, settled_at = ?
        WHERE id = ?`;
      store.prepare(sql).run(state, facts.reason, facts.imported, facts.duplicate, facts.quarantined, at, id);
    },
    /** Marks what was settled and the peer no longer holds, and unmarks what it holds again. */
    noteLost(
      peer: number,
      lineage: string,
      { through, also }: { through: number; also: readonly number[] },
    ): void {
      const holds = "(sequence <= @through OR sequence IN (SELECT value FROM json_each(@also)))";
      const sql = `UPDATE batch SET lost_by_peer = NOT ${holds} WHERE peer = @peer AND own = 1 AND lineage = @lineage
        AND state IN ('imported', 'refused') AND lost_by_peer <> NOT ${holds}`;
      store.prepare(sql).run({ peer, lineage, through, also: JSON.stringify(also) });
    },
    /** Batches of receipts alone are settled by the peer's `have` (batch-format, Records). */
    settleReceiptsOnly(peer: number, lineage: string, through: number, at: string): number {
      const sql = `UPDATE batch SET state = 'imported', imported = records, settled_at = ?
        WHERE peer = ? AND own = 1 AND lineage = ? AND receipts_only = 1 AND sequence <= ?
        AND state IN ('sealed', 'copied', 'verified')`;
      return store.prepare(sql).run(at, peer, lineage, through).changes;
    },
    keepHave(
      peer: number,
      have: { lineage: string | null; through: number; also: string; safeThrough: number },
    ): void {
      const sql =
        "UPDATE peer SET have_lineage = ?, have_through = ?, have_also = ?, have_safe_through = ? WHERE id = ?";
      store.prepare(sql).run(have.lineage, have.through, have.also, have.safeThrough, peer);
    },
    addException(
      batch: number,
      exception: {
        part: string;
        line: number;
        type: string | null;
        id: string | null;
        verdict: "duplicate" | "quarantined";
        reason: LineReason | null;
      },
    ): void {
      const sql = `INSERT OR REPLACE INTO receipt_exception (batch, part, line, type, record_id, verdict, reason)
        VALUES (?, ?, ?, ?, ?, ?, ?)`;
      const { part, line, type, id, verdict, reason } = exception;
      store.prepare(sql).run(batch, part, line, type, id, verdict, reason);
    },
  };
}

export type StoreIn = ReturnType<typeof storeIn>;

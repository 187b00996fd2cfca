import type { Side } from "../../station/identity.ts";
import type { Store } from "../../station/store/store.ts";

/** A peer as the writer needs it, with its current card. */
export interface Recipient {
  readonly id: number;
  readonly station: string;
  readonly name: string;
  readonly side: Side;
  readonly state: "pending" | "trusted" | "revoked";
  readonly fingerprint: string;
  readonly ageRecipient: string;
}

/** One of our batches, sealed. `id` is the row, `batch` the id that the peer sees. */
export interface SealedBatch {
  readonly id: number;
  readonly batch: string;
  readonly sequence: number;
  readonly sha256: string;
  readonly envelope: Buffer;
  readonly records: number;
  readonly bytes: number;
  /** `imported` and `refused` where the peer was restored since and has lost it. */
  readonly state: "sealed" | "copied" | "verified" | "imported" | "refused";
}

/** One of our batches in the ledger, whatever became of it. */
export interface OwnBatch {
  readonly id: number;
  readonly batch: string;
  readonly sequence: number;
  readonly sha256: string;
  readonly records: number;
  readonly state: SealedBatch["state"] | "voided";
  /** 1: the peer had it and has lost it. */
  readonly lostByPeer: 0 | 1;
}

export interface BatchPart {
  readonly position: number;
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly plainBytes: number;
  readonly plainSha256: string;
  readonly records: number;
}

/** Our records for one destination (a peer's id, 0: none named) with `fromSeq` < seq <= `toSeq`. */
export interface RecordRange {
  readonly destination: number;
  readonly fromSeq: number;
  readonly toSeq: number;
}

export type RecordType = "request" | "response" | "receipt";

/** The first records of a range: how many, how large, up to which number. */
export interface Measured {
  readonly toSeq: number;
  readonly request: number;
  readonly response: number;
  readonly receipt: number;
  readonly bodyBytes: number;
}

export interface NewNumber {
  readonly sequence: number;
  readonly previous: string | null;
}

export interface Sealing {
  readonly id: number;
  readonly peer: number;
}

/** No named destination: any peer's next export takes it. */
const anyPeer = 0;

/** SQL of the writer's half. */
export class OutStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** With its current card; one that is not trusted has none, and comes with its newest. */
  recipient(name: string): Recipient | undefined {
    return this.#store
      .prepare(
        `SELECT peer.id, station, name, side, peer.state, fingerprint, age_recipient AS ageRecipient
         FROM peer JOIN peer_card card ON card.peer = peer.id WHERE name = ?
         ORDER BY card.state = 'current' DESC, serial DESC LIMIT 1`,
      )
      .get(name) as Recipient | undefined;
  }

  beginSealing(peer: number, lineage: string, now: string): number {
    return this.#store.write(() =>
      Number(
        this.#store
          .prepare("INSERT INTO batch (peer, own, lineage, state, created_at) VALUES (?, 1, ?, 'sealing', ?)")
          .run(peer, lineage, now).lastInsertRowid,
      ),
    );
  }

  /** Claims everything that waits for a peer, or for nobody in particular. Returns whether there was anything. */
  claim(batch: number, peer: number): boolean {
    return this.#store.write(() => {
      for (const destination of [anyPeer, peer]) {
        this.#store
          .prepare(
            `INSERT INTO lot (destination, to_seq, batch)
             SELECT @destination, newest, @batch FROM (
               SELECT max(seq) AS newest FROM record WHERE origin = 0 AND peer IS nullif(@destination, 0))
             WHERE newest > coalesce((SELECT max(to_seq) FROM lot WHERE destination = @destination), 0)`,
          )
          .run({ batch, destination });
      }
      const given = "UPDATE lot SET batch = ? WHERE batch IS NULL AND destination IN (?, ?)";
      this.#store.prepare(given).run(batch, anyPeer, peer);
      return this.claimed(batch).length > 0;
    });
  }

  /** What a batch carries, in the order of its lines. */
  claimed(batch: number): RecordRange[] {
    return this.#store
      .prepare(
        `SELECT destination, to_seq AS toSeq,
           coalesce((SELECT max(b.to_seq) FROM lot b WHERE b.destination = lot.destination AND b.to_seq < lot.to_seq), 0) AS fromSeq
         FROM lot WHERE batch = ? ORDER BY to_seq, destination`,
      )
      .all(batch) as RecordRange[];
  }

  /** Gives the records of a batch that was never sealed free again and forgets it. */
  dropSealing(batch: number): void {
    this.#store.write(() => {
      this.#store.prepare("UPDATE lot SET batch = NULL WHERE batch = ?").run(batch);
      this.#store.prepare("DELETE FROM batch WHERE id = ? AND state = 'sealing'").run(batch);
    });
  }

  /** Measures the first `limit` records of a range, from the index alone; null when it holds none. */
  measure({ destination, fromSeq, toSeq }: RecordRange, limit: number): Measured | null {
    const found = this.#store
      .prepare(
        `SELECT max(seq) AS toSeq, total(type = 'request') AS request, total(type = 'response') AS response,
           total(type = 'receipt') AS receipt, total(bytes) AS bodyBytes
         FROM (SELECT seq, type, octet_length(body) AS bytes FROM record INDEXED BY record_own
               WHERE origin = 0 AND peer IS ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?)`,
      )
      .get(destination === anyPeer ? null : destination, fromSeq, toSeq, limit) as Measured & {
      toSeq: number | null;
    };
    return found.toSeq === null ? null : found;
  }

  sealings(): Sealing[] {
    return this.#store.prepare("SELECT id, peer FROM batch WHERE state = 'sealing'").all() as Sealing[];
  }

  /** The number that the next batch to this peer takes, and the hash of the one before it. */
  nextNumber(peer: number, lineage: string): NewNumber {
    const last = this.#store
      .prepare(
        `SELECT sequence, sha256 FROM batch WHERE peer = ? AND own = 1 AND lineage = ? AND sequence IS NOT NULL
         ORDER BY sequence DESC LIMIT 1`,
      )
      .get(peer, lineage) as { sequence: number; sha256: string } | undefined;
    return { sequence: (last?.sequence ?? 0) + 1, previous: last?.sha256 ?? null };
  }

  /** Turns a row that was being sealed into a sealed batch. To be called inside a commit. */
  seal(
    batch: SealedBatch,
    details: { previous: string | null; createdAt: string; receiptsOnly: boolean },
  ): void {
    this.#store
      .prepare(
        `UPDATE batch SET state = 'sealed', batch = @batch, sequence = @sequence, sha256 = @sha256,
           previous = @previous, envelope = @envelope, records = @records, bytes = @bytes,
           receipts_only = @receiptsOnly, created_at = @createdAt
         WHERE id = @id AND state = 'sealing'`,
      )
      .run({ ...batch, ...details, receiptsOnly: details.receiptsOnly ? 1 : 0 });
  }

  addPart(batch: number, part: BatchPart): void {
    this.#store
      .prepare(
        `INSERT INTO batch_part (batch, position, name, bytes, sha256, plain_bytes, plain_sha256, records)
         VALUES (@batch, @position, @name, @bytes, @sha256, @plainBytes, @plainSha256, @records)`,
      )
      .run({ batch, ...part });
  }

  parts(batch: number): BatchPart[] {
    return this.#store
      .prepare(
        `SELECT position, name, bytes, sha256, plain_bytes AS plainBytes, plain_sha256 AS plainSha256, records
         FROM batch_part WHERE batch = ? ORDER BY position`,
      )
      .all(batch) as BatchPart[];
  }

  /** Our batches to a peer that it has not settled yet, or has lost by a restore, oldest first. */
  unsettled(peer: number, lineage: string): SealedBatch[] {
    return this.#store
      .prepare(
        `SELECT id, batch, sequence, sha256, envelope, records, bytes, state FROM batch
         WHERE peer = ? AND own = 1 AND lineage = ? AND (state IN ('sealed', 'copied', 'verified') OR lost_by_peer = 1)
         ORDER BY sequence`,
      )
      .all(peer, lineage) as SealedBatch[];
  }

  /** A batch of ours by its number. */
  ownAt(peer: number, lineage: string, sequence: number): OwnBatch | undefined {
    return this.#store
      .prepare(
        `SELECT id, batch, sequence, sha256, records, state, lost_by_peer AS lostByPeer FROM batch
         WHERE peer = ? AND own = 1 AND lineage = ? AND sequence = ?`,
      )
      .get(peer, lineage, sequence) as OwnBatch | undefined;
  }

  /** Sealed, and never begun to be written onto any medium. */
  neverCopied(peer: number, lineage: string): OwnBatch[] {
    return this.#store
      .prepare(
        `SELECT id, batch, sequence, sha256, records, state, lost_by_peer AS lostByPeer FROM batch
         WHERE peer = ? AND own = 1 AND lineage = ? AND state = 'sealed'
           AND NOT EXISTS (SELECT 1 FROM batch_volume WHERE batch_volume.batch = batch.id) ORDER BY sequence`,
      )
      .all(peer, lineage) as OwnBatch[];
  }

  /** Closes a number for good and gives its records free again. To be called inside a commit. */
  giveUp(batch: number, note: string, now: string): void {
    this.#store
      .prepare("UPDATE batch SET state = 'voided', lost_by_peer = 0, note = ?, settled_at = ? WHERE id = ?")
      .run(note, now, batch);
    this.#store.prepare("UPDATE lot SET batch = NULL WHERE batch = ?").run(batch);
  }

  /**
   * Numbers given up that the peer does not know to be done with. What its `have` has passed needs no word: there the
   * number is imported, refused, voided or skipped, and a void for an imported one would be a fork.
   */
  voids(peer: number, lineage: string): { sequence: number; sha256: string }[] {
    return this.#store
      .prepare(
        `SELECT sequence, sha256 FROM batch JOIN peer ON peer.id = batch.peer
         WHERE peer.id = ? AND own = 1 AND batch.lineage = ? AND batch.state = 'voided'
           AND NOT (have_lineage IS batch.lineage AND have_through >= sequence) ORDER BY sequence`,
      )
      .all(peer, lineage) as { sequence: number; sha256: string }[];
  }

  /** Our own signing keys that were revoked, as `ssh-ed25519 AAAA…`. */
  revokedOwnKeys(): string[] {
    const sql = "SELECT public FROM station_key WHERE purpose = 'signing' AND revoked_at IS NOT NULL";
    return this.#store.prepare(sql).pluck().all() as string[];
  }

  /** Whether a peer's card with this signing key was revoked; a key is one station's alone. */
  isRevoked(fingerprint: string): boolean {
    const sql = "SELECT 1 FROM peer_card WHERE fingerprint = ? AND state = 'revoked'";
    return this.#store.prepare(sql).get(fingerprint) !== undefined;
  }

  batch(id: number): SealedBatch {
    return this.#store
      .prepare("SELECT id, batch, sequence, sha256, envelope, records, bytes, state FROM batch WHERE id = ?")
      .get(id) as SealedBatch;
  }

  /** The number of the volume with exactly this content, or the first that no content has. */
  volumeFor(batch: number, tagmanifestSha256: string): number {
    const same = this.#store
      .prepare("SELECT volume FROM batch_volume WHERE batch = ? AND tagmanifest_sha256 = ?")
      .pluck()
      .get(batch, tagmanifestSha256) as number | undefined;
    if (same !== undefined) return same;
    return this.#store
      .prepare("SELECT coalesce(max(volume), 0) + 1 FROM batch_volume WHERE batch = ?")
      .pluck()
      .get(batch) as number;
  }

  beginVolume(batch: number, volume: number, medium: string, tagmanifestSha256: string, now: string): void {
    this.#store
      .prepare(
        `INSERT INTO batch_volume (batch, volume, medium, tagmanifest_sha256, begun_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET begun_at = excluded.begun_at, written_at = NULL, read_back = NULL`,
      )
      .run(batch, volume, medium, tagmanifestSha256, now);
  }

  /** Marks a batch as written and read back. A batch that is settled meanwhile keeps its state. */
  copied(batch: number, volume: number, medium: string, readBack: string, now: string): void {
    this.#store
      .prepare(
        "UPDATE batch_volume SET written_at = ?, read_back = ? WHERE batch = ? AND volume = ? AND medium = ?",
      )
      .run(now, readBack, batch, volume, medium);
    this.#store
      .prepare(
        `UPDATE batch SET state = CASE state WHEN 'sealed' THEN 'copied' ELSE state END,
           read_back = ?, medium = ?, copied_at = ? WHERE id = ?`,
      )
      .run(readBack, medium, now, batch);
  }

  /** Row ids whose sealed bytes must stay in the spool. */
  keptInSpool(settledBefore: string): Set<number> {
    const ids = this.#store
      .prepare(
        `SELECT batch.id FROM batch JOIN peer ON peer.id = batch.peer WHERE own = 1 AND NOT (lost_by_peer = 0 AND (
           batch.state = 'voided' AND settled_at < @before OR
           batch.state = 'imported' AND (settled_at < @before OR
             (have_lineage = batch.lineage AND have_safe_through >= sequence))))`,
      )
      .pluck()
      .all({ before: settledBefore }) as number[];
    return new Set(ids);
  }
}

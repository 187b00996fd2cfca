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
  readonly state: "sealed" | "copied" | "verified";
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

/** A record as it is written into a line. */
export interface OutgoingRecord {
  readonly seq: number;
  readonly type: "request" | "response" | "receipt";
  readonly id: string;
  readonly revision: number;
  readonly createdAt: string;
  readonly kind: string | null;
  readonly user: string | null;
  readonly body: string;
  readonly request: string | null;
  readonly status: string | null;
  readonly signature: string | null;
}

export interface NewNumber {
  readonly sequence: number;
  readonly previous: string | null;
}

export interface Sealing {
  readonly id: number;
  readonly peer: number;
}

/** The record types that a side sends besides receipts. */
const workOf = { request: "request", response: "response" } as const satisfies Record<Side, string>;

/** SQL of the writer's half. What takes long is cut into chunks, so that nobody waits for it. */
export class OutStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  recipient(name: string): Recipient | undefined {
    return this.#store
      .prepare(
        `SELECT peer.id, station, name, side, peer.state, fingerprint, age_recipient AS ageRecipient
         FROM peer JOIN peer_card ON peer_card.peer = peer.id AND peer_card.state = 'current' WHERE name = ?`,
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

  /** Claims up to `limit` waiting records for a batch that is being sealed. Returns how many. */
  claim(batch: number, peer: number, side: Side, limit: number): number {
    return this.#store.write(() => {
      const addressed = this.#store
        .prepare(
          `UPDATE record SET batch = @batch WHERE seq IN (
             SELECT seq FROM record WHERE origin = 0 AND batch IS NULL AND peer = @peer
               AND type IN (@work, 'receipt') ORDER BY seq LIMIT @limit)`,
        )
        .run({ batch, peer, work: workOf[side], limit }).changes;
      if (addressed === limit || side !== "request") return addressed;
      const open = this.#store
        .prepare(
          `UPDATE record SET batch = @batch, peer = @peer, any_peer = 1 WHERE seq IN (
             SELECT seq FROM record WHERE origin = 0 AND batch IS NULL AND peer IS NULL
               AND type = 'request' ORDER BY seq LIMIT @limit)`,
        )
        .run({ batch, peer, limit: limit - addressed }).changes;
      return addressed + open;
    });
  }

  /** Gives up to `limit` records of a batch free again, to be sealed into another. Returns how many. */
  release(batch: number, limit: number): number {
    return this.#store.write(
      () =>
        this.#store
          .prepare(
            `UPDATE record SET batch = NULL, peer = CASE any_peer WHEN 1 THEN NULL ELSE peer END, any_peer = 0,
               part = NULL, line = NULL
             WHERE seq IN (SELECT seq FROM record WHERE batch = ? ORDER BY seq LIMIT ?)`,
          )
          .run(batch, limit).changes,
    );
  }

  forgetSealing(batch: number): void {
    this.#store.write(() =>
      this.#store.prepare("DELETE FROM batch WHERE id = ? AND state = 'sealing'").run(batch),
    );
  }

  sealings(): Sealing[] {
    return this.#store.prepare("SELECT id, peer FROM batch WHERE state = 'sealing'").all() as Sealing[];
  }

  /** Records of a batch after `seq`, in order. The statement stays open until the iterator ends. */
  records(batch: number, seq: number): IterableIterator<OutgoingRecord> {
    return this.#store
      .prepare(
        `SELECT seq, type, id, revision, created_at AS createdAt, kind, user, body, request, status, signature
         FROM record WHERE batch = ? AND seq > ? ORDER BY seq`,
      )
      .iterate(batch, seq) as IterableIterator<OutgoingRecord>;
  }

  /** Bytes of the bodies of what is claimed: near enough to ask for room. */
  claimedBytes(batch: number): number {
    return this.#store
      .prepare("SELECT coalesce(sum(octet_length(body) + 256), 0) FROM record WHERE batch = ?")
      .pluck()
      .get(batch) as number;
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

  /** Our batches to a peer that it has not settled yet, oldest first. */
  unsettled(peer: number, lineage: string): SealedBatch[] {
    return this.#store
      .prepare(
        `SELECT id, batch, sequence, sha256, envelope, records, bytes, state FROM batch
         WHERE peer = ? AND own = 1 AND lineage = ? AND state IN ('sealed', 'copied', 'verified') ORDER BY sequence`,
      )
      .all(peer, lineage) as SealedBatch[];
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
        `SELECT batch.id FROM batch JOIN peer ON peer.id = batch.peer WHERE own = 1 AND NOT (
           batch.state = 'imported' AND (settled_at < ? OR
             (have_lineage = batch.lineage AND have_safe_through >= sequence)))`,
      )
      .pluck()
      .all(settledBefore) as number[];
    return new Set(ids);
  }
}

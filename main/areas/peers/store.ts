import type { Store } from "../../station/store/store.ts";
import type { Side } from "../../station/identity.ts";

export type PeerState = "pending" | "trusted" | "revoked";
export type CardState = "offered" | "current" | "replaced" | "revoked";

export interface PeerRow {
  readonly id: number;
  readonly station: string;
  readonly name: string;
  readonly side: Side;
  readonly state: PeerState;
  readonly lineage: string | null;
  readonly offered_lineage: string | null;
  readonly added_at: string;
  readonly trusted_at: string | null;
}

export interface CardRow {
  readonly peer: number;
  readonly serial: number;
  readonly text: string;
  readonly sha256: string;
  readonly fingerprint: string;
  readonly signing_key: Buffer;
  readonly age_recipient: string;
  readonly state: CardState;
}

export function peerStore(store: Store) {
  return {
    all(): PeerRow[] {
      return store.prepare("SELECT * FROM peer ORDER BY name").all() as PeerRow[];
    },
    byName(name: string): PeerRow | undefined {
      return store.prepare("SELECT * FROM peer WHERE name = ?").get(name) as PeerRow | undefined;
    },
    byStation(station: string): PeerRow | undefined {
      return store.prepare("SELECT * FROM peer WHERE station = ?").get(station) as PeerRow | undefined;
    },
    /** Whose card of any age carries this signing key. */
    byFingerprint(fingerprint: string): PeerRow | undefined {
      const sql =
        "SELECT peer.* FROM peer JOIN peer_card ON peer_card.peer = peer.id WHERE fingerprint = ? LIMIT 1";
      return store.prepare(sql).get(fingerprint) as PeerRow | undefined;
    },
    add(station: string, name: string, side: Side, addedAt: string): number {
      const sql = "INSERT INTO peer (station, name, side, state, added_at) VALUES (?, ?, ?, 'pending', ?)";
      return Number(store.prepare(sql).run(station, name, side, addedAt).lastInsertRowid);
    },
    setState(id: number, state: PeerState, trustedAt: string | null): void {
      store
        .prepare("UPDATE peer SET state = ?, trusted_at = coalesce(?, trusted_at) WHERE id = ?")
        .run(state, trustedAt, id);
    },
    /** A pending peer whose card was swapped for another before anybody trusted it. */
    forget(id: number): void {
      store.prepare("DELETE FROM peer_card WHERE peer = ?").run(id);
      store.prepare("DELETE FROM peer WHERE id = ? AND state = 'pending'").run(id);
    },
    /** A card that waits to be compared, and gives way to another. */
    dropOffered(peer: number): void {
      store.prepare("DELETE FROM peer_card WHERE peer = ? AND state = 'offered'").run(peer);
    },
    addCard(row: CardRow, addedAt: string): void {
      store
        .prepare(
          `INSERT INTO peer_card (peer, serial, text, sha256, fingerprint, signing_key, age_recipient, state, added_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          row.peer,
          row.serial,
          row.text,
          row.sha256,
          row.fingerprint,
          row.signing_key,
          row.age_recipient,
          row.state,
          addedAt,
        );
    },
    setCardState(peer: number, serial: number, state: CardState): void {
      store.prepare("UPDATE peer_card SET state = ? WHERE peer = ? AND serial = ?").run(state, peer, serial);
    },
    cards(peer: number): CardRow[] {
      return store
        .prepare("SELECT * FROM peer_card WHERE peer = ? ORDER BY serial DESC")
        .all(peer) as CardRow[];
    },
    /** Highest number of a direction in the ledger that is used, in the given lineage. */
    nextOut(peer: number, lineage: string): number {
      const sql =
        "SELECT coalesce(max(sequence), 0) + 1 FROM batch WHERE peer = ? AND own = 1 AND lineage = ?";
      return Number(store.prepare(sql).pluck().get(peer, lineage));
    },
  };
}
export type PeerStore = ReturnType<typeof peerStore>;

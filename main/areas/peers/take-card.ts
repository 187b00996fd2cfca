import { Refusal } from "../../../shared/errors.ts";
import { equalBytes } from "../../station/crypto/compare.ts";
import { sha256Hex } from "../../station/crypto/hash.ts";
import { fingerprint, parseSshPublicKey } from "../../station/crypto/sshsig.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import { parseCard, type SignedCard } from "../transfer/format/card.ts";
import type { CardRow, PeerRow, PeerStore } from "./store.ts";

/** A card file on its way in. */
interface Taking {
  readonly kernel: Kernel;
  readonly rows: PeerStore;
  readonly call: Call;
  readonly signed: SignedCard;
  readonly text: string;
}

/**
 * Takes in a card file: a new station, the same card again, another card before anybody trusted it, a
 * rotation signed by the key that it replaces, or a revoked station under another key. Returns the name on the card.
 *
 * @throws Refusal `refused` for what can't be a peer's card, `conflict` for what clashes with a card held
 */
export function takeCard(kernel: Kernel, rows: PeerStore, text: string, call: Call): string {
  const signed = parseCard(Buffer.from(text, "utf8"));
  const taking = { kernel, rows, call, signed, text };
  refuseImpossible(taking);
  refuseSharedKey(taking);
  const peer = rows.byStation(signed.card.station);
  const held = peer === undefined ? [] : rows.cards(peer.id);
  const same = held.find((row) => row.sha256 === sha256Hex(signed.line));
  if (peer === undefined) addNew(taking);
  else if (same !== undefined) noteSame(taking, peer, same.serial);
  else if (held.some(({ state }) => state === "revoked")) addAfterRevoke(taking, peer, held);
  else if (peer.state === "pending") addNew(taking, peer);
  else addRotation(taking, peer, held);
  return signed.card.name;
}

/** What a card must not be, whoever made it (batch-format.md, Cards). */
function refuseImpossible({ kernel, rows, signed }: Taking): void {
  const own = kernel.identity();
  const { name, station, side } = signed.card;
  if (station === own.id || name === own.name) {
    throw refusedCard(`The card names this very station (${own.name}). Each side needs the other's card.`);
  }
  if (side === own.side) {
    throw refusedCard(`${name} is a ${side} station like this one. A peer is of the other side.`);
  }
  const holder = rows.byName(name);
  if (holder !== undefined && holder.station !== station) {
    throw conflict(
      `Another peer is already called ${name} (station ${holder.station}). Nothing was taken. Two peers cannot share a name: one of the stations must be founded under another.`,
    );
  }
}

/** Who signed a batch is told by its key alone, so a key belongs to one station. */
function refuseSharedKey({ rows, signed }: Taking): void {
  const { station, signingKey } = signed.card;
  const owner = rows.byFingerprint(fingerprint(parseSshPublicKey(signingKey)));
  if (owner === undefined || owner.station === station) return;
  throw conflict(
    `ALARM: the signing key of this card is that of ${owner.name}, which is another station. Nothing was taken.`,
  );
}

/** A station not known yet, or one whose earlier card nobody has trusted: that one is forgotten. */
function addNew(taking: Taking, pending?: PeerRow): void {
  const { kernel, rows, call, signed } = taking;
  const { name, station, side, serial } = signed.card;
  const at = kernel.clock().toISOString();
  call.commit((event) => {
    if (pending !== undefined) rows.forget(pending.id);
    keepCard(taking, rows.add(station, name, side, at), at);
    event({
      action: pending === undefined ? "peers.card-added" : "peers.card-replaced-before-trust",
      object: name,
      details: { station, serial, sha256: sha256Hex(signed.line) },
    });
  });
}

function noteSame({ call }: Taking, peer: PeerRow, serial: number): void {
  call.commit((event) => event({ action: "peers.card-seen-again", object: peer.name, details: { serial } }));
}

/**
 * A revoked station comes back under a key that was never revoked, and is as unknown as a new one: its words are
 * compared again. What the old key signs means nothing any more, so nobody asks for it.
 */
function addAfterRevoke(taking: Taking, peer: PeerRow, held: readonly CardRow[]): void {
  const { kernel, rows, call, signed } = taking;
  const { serial, signingKey } = signed.card;
  expectSameName(taking, peer);
  const key = fingerprint(parseSshPublicKey(signingKey));
  if (held.some((row) => row.state === "revoked" && row.fingerprint === key)) {
    throw conflict(
      `${peer.name} was revoked here with the key that this card carries. Nothing was taken. It is taken back under a new key alone.`,
    );
  }
  if (peer.state === "trusted") return addRotation(taking, peer, held);
  const clash = held.find((row) => row.serial === serial && row.state !== "offered");
  if (clash !== undefined) throw rotationAlarm(taking, peer, clash);
  call.commit((event) => {
    rows.dropOffered(peer.id);
    rows.setState(peer.id, "pending", null);
    keepCard(taking, peer.id, kernel.clock().toISOString());
    event({
      action: "peers.card-added-after-revoke",
      object: peer.name,
      details: { station: peer.station, serial, sha256: sha256Hex(signed.line) },
    });
  });
}

function expectSameName({ signed }: Taking, peer: PeerRow): void {
  const { name, side } = signed.card;
  if (name === peer.name && side === peer.side) return;
  throw refusedCard(
    `This card gives ${peer.name} another name or side (${name}, ${side}); a station keeps both for its life.`,
  );
}

/** A new card of a trusted station counts only when the key that it replaces has signed it. */
function addRotation(taking: Taking, peer: PeerRow, held: readonly CardRow[]): void {
  const { kernel, call, signed } = taking;
  const { serial, replaces } = signed.card;
  expectSameName(taking, peer);
  const clash = held.find((row) => row.serial === serial);
  if (clash !== undefined) throw rotationAlarm(taking, peer, clash);
  const current = held.find((row) => row.state === "current");
  if (current === undefined || serial !== current.serial + 1 || replaces !== current.fingerprint) {
    throw refusedCard(
      `This card of ${peer.name} does not follow the one held here (serial ${current?.serial ?? "none"}): it has serial ${serial}.`,
    );
  }
  if (signed.replacedKey === null || !equalBytes(signed.replacedKey, current.signing_key)) {
    throw refusedCard(
      `This card of ${peer.name} is not signed by the key that it replaces. Without the old key the peer must be revoked here and trusted anew.`,
    );
  }
  call.commit((event) => {
    keepCard(taking, peer.id, kernel.clock().toISOString());
    event({
      action: "peers.rotation-offered",
      object: peer.name,
      details: { serial, sha256: sha256Hex(signed.line) },
    });
  });
}

/** Two different rotations of one key: somebody has the old key, or two copies of a station run. */
function rotationAlarm({ call, signed }: Taking, peer: PeerRow, clash: CardRow): Refusal {
  call.commit((event) =>
    event({
      action: "peers.rotation-conflict",
      object: peer.name,
      outcome: "refused",
      details: { serial: clash.serial, held: clash.sha256, offered: sha256Hex(signed.line) },
    }),
  );
  return conflict(
    `ALARM: two different cards of ${peer.name} carry the serial ${clash.serial}. Nothing was taken. Speak to the operator of ${peer.name} before anything else crosses.`,
  );
}

function keepCard({ rows, signed, text }: Taking, peer: number, at: string): void {
  const key = parseSshPublicKey(signed.card.signingKey);
  const row: CardRow = {
    peer,
    serial: signed.card.serial,
    text,
    sha256: sha256Hex(signed.line),
    fingerprint: fingerprint(key),
    signing_key: key,
    age_recipient: signed.card.ageRecipient,
    state: "offered",
  };
  rows.addCard(row, at);
}

function refusedCard(why: string): Refusal {
  return new Refusal("refused", `${why} Nothing was taken.`, { path: "card" });
}

function conflict(why: string): Refusal {
  return new Refusal("conflict", why, { path: "card" });
}

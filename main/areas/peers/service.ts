import type { contract } from "../../../shared/contract/contract.ts";
import { Refusal } from "../../../shared/errors.ts";
import { equalBytes } from "../../station/crypto/compare.ts";
import { sha256Hex } from "../../station/crypto/hash.ts";
import { fingerprint, parseSshPublicKey } from "../../station/crypto/sshsig.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import { parseCard, type SignedCard } from "../transfer/format/card.ts";
import { cardPhrase } from "../transfer/format/phrase.ts";
import { peerStore, type CardRow, type PeerRow } from "./store.ts";

/** What the peers area needs of the transfer area. */
export interface PeersDeps {
  /** The number expected next from this peer. */
  readonly nextIn: (peer: number) => number;
  /** Takes the lineage that the peer offered; throws when it offered another one. */
  readonly acceptLineage: (peer: number, lineage: string) => void;
}

export function createPeersService(
  kernel: Kernel,
  deps: PeersDeps,
): { handlers: AreaHandlers<typeof contract.peers> } {
  const rows = peerStore(kernel.store);

  function named(name: string): PeerRow {
    const peer = rows.byName(name);
    if (peer === undefined)
      throw new Refusal("not-found", `There is no peer ${name} here.`, { path: "peer" });
    return peer;
  }

  /** The card that a decision is about: the offered one, else the current one, else the newest. */
  function decidedCard(peer: PeerRow): CardRow {
    const cards = rows.cards(peer.id);
    const card =
      cards.find((row) => row.state === "offered") ??
      cards.find((row) => row.state === "current") ??
      cards[0];
    if (card === undefined) throw new Error(`peer ${peer.name} has no card`);
    return card;
  }

  function shown(peer: PeerRow) {
    const card = decidedCard(peer);
    return {
      name: peer.name,
      station: peer.station,
      side: peer.side,
      state: peer.state,
      fingerprint: card.fingerprint,
      ageRecipient: card.age_recipient,
      serial: card.serial,
      lineage: peer.lineage,
      offeredLineage: peer.offered_lineage,
      addedAt: peer.added_at,
      trustedAt: peer.trusted_at,
      nextOut: rows.nextOut(peer.id, kernel.identity().lineage),
      nextIn: deps.nextIn(peer.id),
    };
  }

  function phraseOf(card: CardRow): string {
    return cardPhrase(parseCard(Buffer.from(card.text, "utf8")).line);
  }

  function answer(peer: PeerRow) {
    const card = decidedCard(peer);
    return {
      name: peer.name,
      station: peer.station,
      side: peer.side,
      state: peer.state,
      fingerprint: card.fingerprint,
      serial: card.serial,
      phrase: phraseOf(card),
    };
  }

  /** What a card must not be, whoever made it (batch-format.md, Cards). */
  function refuseImpossible(card: SignedCard): void {
    const own = kernel.identity();
    const { name, station, side } = card.card;
    const why =
      station === own.id || name === own.name
        ? `The card names this very station (${own.name}). Each side needs the other's card.`
        : side === own.side
          ? `${name} is a ${side} station like this one. A peer is of the other side.`
          : null;
    if (why !== null) throw new Refusal("refused", `${why} Nothing was taken.`, { path: "card" });
    const sameName = rows.byName(name);
    if (sameName !== undefined && sameName.station !== station) {
      throw new Refusal(
        "conflict",
        `Another peer is already called ${name} (station ${sameName.station}). Nothing was taken. Two peers cannot share a name: one of the stations must be founded under another.`,
        { path: "card" },
      );
    }
  }

  function store(peer: number, card: SignedCard, text: string, state: CardRow["state"], at: string): void {
    const key = parseSshPublicKey(card.card.signingKey);
    rows.addCard(
      {
        peer,
        serial: card.card.serial,
        text,
        sha256: sha256Hex(card.line),
        fingerprint: fingerprint(key),
        signing_key: key,
        age_recipient: card.card.ageRecipient,
        state,
      },
      at,
    );
  }

  function addNew(card: SignedCard, text: string, call: Call): void {
    const at = kernel.clock().toISOString();
    call.commit((event) => {
      const id = rows.add(card.card.station, card.card.name, card.card.side, at);
      store(id, card, text, "offered", at);
      event({
        action: "peers.card-added",
        object: card.card.name,
        details: { station: card.card.station, serial: card.card.serial, sha256: sha256Hex(card.line) },
      });
    });
  }

  /** A second card of a station: the same again, a replacement while pending, or a rotation by the old key. */
  function addAgain(peer: PeerRow, card: SignedCard, text: string, call: Call): void {
    const known = rows.cards(peer.id).find((row) => row.serial === card.card.serial);
    if (known !== undefined && known.sha256 === sha256Hex(card.line)) {
      call.commit((event) =>
        event({ action: "peers.card-seen-again", object: peer.name, details: { serial: known.serial } }),
      );
      return;
    }
    if (peer.state === "revoked") {
      throw new Refusal(
        "conflict",
        `${peer.name} was revoked here. A revoked station is not taken back; found a new one on that side.`,
        { path: "card" },
      );
    }
    const at = kernel.clock().toISOString();
    if (peer.state === "pending") {
      call.commit((event) => {
        rows.forget(peer.id);
        const id = rows.add(card.card.station, card.card.name, card.card.side, at);
        store(id, card, text, "offered", at);
        event({
          action: "peers.card-replaced-before-trust",
          object: card.card.name,
          details: { station: card.card.station, sha256: sha256Hex(card.line) },
        });
      });
      return;
    }
    addRotation(peer, card, text, call, at);
  }

  function addRotation(peer: PeerRow, card: SignedCard, text: string, call: Call, at: string): void {
    const cards = rows.cards(peer.id);
    const current = cards.find((row) => row.state === "current");
    const clash = cards.find((row) => row.serial === card.card.serial);
    if (clash !== undefined) {
      call.commit((event) =>
        event({
          action: "peers.rotation-conflict",
          object: peer.name,
          outcome: "refused",
          details: { serial: clash.serial, held: clash.sha256, offered: sha256Hex(card.line) },
        }),
      );
      throw new Refusal(
        "conflict",
        `ALARM: two different cards of ${peer.name} carry the serial ${clash.serial}. Nothing was taken. Speak to the operator of ${peer.name} before anything else crosses.`,
        { path: "card" },
      );
    }
    if (
      current === undefined ||
      card.card.serial !== current.serial + 1 ||
      card.card.replaces !== current.fingerprint
    ) {
      throw new Refusal(
        "refused",
        `This card of ${peer.name} does not follow the one held here (serial ${current?.serial ?? "none"}): it has serial ${card.card.serial}. Nothing was taken.`,
        { path: "card" },
      );
    }
    if (card.replacedKey === null || !equalBytes(card.replacedKey, current.signing_key)) {
      throw new Refusal(
        "refused",
        `This card of ${peer.name} is not signed by the key that it replaces. Nothing was taken. Without the old key the peer must be revoked and founded anew.`,
        { path: "card" },
      );
    }
    call.commit((event) => {
      store(peer.id, card, text, "offered", at);
      event({
        action: "peers.rotation-offered",
        object: peer.name,
        details: { serial: card.card.serial, sha256: sha256Hex(card.line) },
      });
    });
  }

  return {
    handlers: {
      add(input, call) {
        const card = parseCard(Buffer.from(input.card, "utf8"));
        refuseImpossible(card);
        const known = rows.byStation(card.card.station);
        if (known === undefined) addNew(card, input.card, call);
        else addAgain(known, card, input.card, call);
        kernel.changes.publish("peers");
        return answer(named(card.card.name));
      },

      list() {
        return { peers: rows.all().map(shown) };
      },

      phrase(input) {
        const peer = named(input.peer);
        const card = decidedCard(peer);
        return { peer: peer.name, phrase: phraseOf(card), card: card.text };
      },

      trust(input, call) {
        const peer = named(input.peer);
        if (peer.state === "revoked") {
          throw new Refusal("conflict", `${peer.name} was revoked here and is not taken back.`, {
            path: "peer",
          });
        }
        const offered = rows.cards(peer.id).find((row) => row.state === "offered");
        if (offered === undefined) {
          throw new Refusal(
            "conflict",
            `${peer.name} is trusted already; there is no card to decide about.`,
            {
              path: "peer",
            },
          );
        }
        const said = Buffer.from(input.phrase.trim().toLowerCase().split(/\s+/).join(" "), "utf8");
        if (!equalBytes(said, Buffer.from(phraseOf(offered), "utf8"))) {
          throw new Refusal(
            "refused",
            `These are not the words of the card received from ${peer.name}. Nothing was trusted. If they were read aloud correctly, the card was swapped on the way: ask for it again on another stick.`,
            { path: "phrase" },
          );
        }
        const at = kernel.clock().toISOString();
        call.commit((event) => {
          for (const card of rows.cards(peer.id)) {
            if (card.state === "current") rows.setCardState(peer.id, card.serial, "replaced");
          }
          rows.setCardState(peer.id, offered.serial, "current");
          rows.setState(peer.id, "trusted", at);
          event({
            action: peer.state === "trusted" ? "peers.rotation-trusted" : "peers.trusted",
            object: peer.name,
            details: { station: peer.station, serial: offered.serial, fingerprint: offered.fingerprint },
          });
        });
        kernel.changes.publish("peers", "transfer");
        return shown(named(peer.name));
      },

      revoke(input, call) {
        const peer = named(input.peer);
        if (peer.state === "revoked")
          throw new Refusal("conflict", `${peer.name} is revoked already.`, { path: "peer" });
        call.commit((event) => {
          rows.setState(peer.id, "revoked", null);
          for (const card of rows.cards(peer.id)) rows.setCardState(peer.id, card.serial, "revoked");
          event({ action: "peers.revoked", object: peer.name, details: { station: peer.station } });
        });
        kernel.changes.publish("peers", "transfer");
        return shown(named(peer.name));
      },

      acceptLineage(input, call) {
        const peer = named(input.peer);
        call.commit((event) => {
          deps.acceptLineage(peer.id, input.lineage);
          event({
            action: "peers.lineage-accepted",
            object: peer.name,
            details: { before: peer.lineage, accepted: input.lineage },
          });
        });
        kernel.changes.publish("peers", "transfer");
        return shown(named(peer.name));
      },
    },
  };
}

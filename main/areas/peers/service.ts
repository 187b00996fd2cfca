import type { contract } from "../../../shared/contract/contract.ts";
import { Refusal } from "../../../shared/errors.ts";
import { equalBytes } from "../../station/crypto/compare.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { AppendEvent, Kernel } from "../../station/kernel.ts";
import { parseCard } from "../transfer/format/card.ts";
import { cardPhrase } from "../transfer/format/phrase.ts";
import { peerStore, type CardRow, type PeerRow } from "./store.ts";
import { takeCard } from "./take-card.ts";

/** What the peers area needs of the transfer area. */
type PeerLogs = Awaited<ReturnType<AreaHandlers<typeof contract.peers>["logs"]>>["logs"];

export interface PeersDeps {
  /** The number expected next from this peer. */
  readonly nextIn: (peer: number) => number;
  /** Takes back what was staged of its old lineage, before the transaction. */
  readonly clearOldLineage: (peer: number, lineage: string) => void;
  /** Takes the lineage that the peer offered; throws when it offered another one. */
  readonly acceptLineage: (peer: number, lineage: string) => void;
  /** What each side has witnessed of the other's log. */
  readonly logs: () => PeerLogs;
  /** Takes what its log claims now; returns how many alarms that settles. */
  readonly acceptLog: (peer: number, lineage: string | null) => number;
  /** Gives up what was sealed for it and never copied, inside the transaction. */
  readonly giveUpUnsent: (peer: string, note: string, event: AppendEvent) => number;
}

export function createPeersService(
  kernel: Kernel,
  deps: PeersDeps,
): { handlers: AreaHandlers<typeof contract.peers>; revoke(name: string, event: AppendEvent): void } {
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
      ...facts(peer, card),
      ageRecipient: card.age_recipient,
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
    return { ...facts(peer, card), phrase: phraseOf(card) };
  }

  function revoke(peer: PeerRow, event: AppendEvent): void {
    rows.setState(peer.id, "revoked", null);
    for (const card of rows.cards(peer.id)) rows.setCardState(peer.id, card.serial, "revoked");
    event({ action: "peers.revoked", object: peer.name, details: { station: peer.station } });
  }

  return {
    /** Inside a transaction: takes a peer's trust back. */
    revoke(name, event) {
      const peer = named(name);
      if (peer.state !== "revoked") revoke(peer, event);
    },
    handlers: {
      add(input, call) {
        const name = takeCard(kernel, rows, input.card, call);
        kernel.changes.publish("peers");
        return answer(named(name));
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
          throw new Refusal("conflict", `${peer.name} was revoked here; the card held is not taken back.`, {
            path: "peer",
            remedy: "Add a card of it under a new key, and compare its words again.",
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
        const cards = rows.cards(peer.id);
        const comesBack = peer.state === "pending" && cards.some(({ state }) => state === "revoked");
        call.commit((event) => {
          for (const card of cards) {
            if (card.state === "current") rows.setCardState(peer.id, card.serial, "replaced");
          }
          rows.setCardState(peer.id, offered.serial, "current");
          rows.setState(peer.id, "trusted", at);
          // Of a rotation the peer keeps the old key; of a revoked one nobody should read what was sealed for it.
          if (comesBack) deps.giveUpUnsent(peer.name, "sealed for a revoked key", event);
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
        call.commit((event) => revoke(peer, event));
        kernel.changes.publish("peers", "transfer");
        return shown(named(peer.name));
      },

      acceptLineage(input, call) {
        const peer = named(input.peer);
        deps.clearOldLineage(peer.id, input.lineage);
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

      logs: () => ({ logs: deps.logs() }),

      acceptLog(input, call) {
        const peer = named(input.peer);
        const settled = call.commit((event) => {
          const count = deps.acceptLog(peer.id, peer.lineage);
          if (count === 0) {
            throw new Refusal(
              "conflict",
              `No alarm about the log of ${peer.name} is open. Nothing was changed.`,
            );
          }
          if (count !== input.alarms) {
            throw new Refusal(
              "conflict",
              `${count} alarms about the log of ${peer.name} are open, and you looked at ${input.alarms}. Nothing was settled.`,
              { remedy: "Look at all of them, then decide again." },
            );
          }
          event({ action: "peers.log-accepted", object: peer.name, details: { alarms: count } });
          return count;
        });
        kernel.changes.publish("peers", "transfer");
        return { peer: peer.name, settled };
      },
    },
  };
}

function facts({ name, station, side, state }: PeerRow, { fingerprint, serial }: CardRow) {
  return { name, station, side, state, fingerprint, serial };
}

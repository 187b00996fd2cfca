import {
  cosign,
  logOrigin,
  openNote,
  parseCheckpointText,
  type Checkpoint,
} from "../../station/audit/checkpoint.ts";
import { createCheckpoints } from "../../station/audit/checkpoints.ts";
import { checkConsistency, checkWitnessed } from "../../station/audit/witness.ts";
import { parseNote } from "../../station/crypto/note.ts";
import { formatVerifierKey, parseVerifierKey, type VerifierKey } from "../../station/crypto/vkey.ts";
import type { Kernel } from "../../station/kernel.ts";
import { parseCard } from "./format/card.ts";
import type { Envelope } from "./format/envelope.ts";
import { witnessStore, type LogFault } from "./store-witness.ts";

// Each station is the witness of its peer's log (C2SP tlog-witness, with a medium as the wire): a batch carries a signed
// head of the sender's log with proof that it continues what the reader saw before, and the reader's own head back,
// cosigned. A log that was cut, put back or rewritten contradicts what the other side keeps.

/** What a batch says of logs. */
export type CarriedLogs = Pick<Envelope, "checkpoint" | "witnessed"> & {
  /** Size of our log in `checkpoint`. */
  readonly size: number;
};

/** Facts about logs for the event of an import. */
export type Witnessed = Readonly<Record<"peerLog" | "ownLog", string>>;

export interface Witness {
  /** What the next batch to a peer carries. Signs a head of our log as it is committed now, so not in a transaction. */
  forBatch(peer: number): CarriedLogs;
  /** Inside the transaction that seals: what was sent. */
  sealed(peer: number, logs: CarriedLogs): void;
  /**
   * Inside the transaction that imports: checks what the batch says of the peer's log and of ours. Never refuses a batch;
   * what contradicts is an alarm, with the note as evidence.
   */
  take(peer: number, batch: number, envelope: Envelope): Witnessed;
  /**
   * Inside a transaction, after people have looked: what the peer claims now is taken as its log, and its alarms are
   * settled. Returns how many there were.
   */
  accept(peer: number, lineage: string | null): number;
}

export function createWitness(kernel: Kernel): Witness {
  const rows = witnessStore(kernel.store);
  const checkpoints = createCheckpoints(kernel);

  function raise(peer: number, batch: number, verdict: LogFault, note: string): LogFault {
    const claimed = checkpointOf(note);
    rows.raise({
      batch,
      peer,
      verdict,
      size: claimed?.size ?? null,
      root: claimed?.root ?? null,
      note,
      raised_at: kernel.clock().toISOString(),
    });
    return verdict;
  }

  function takePeerLog(peer: number, batch: number, { checkpoint, from }: Envelope): string {
    if (checkpoint === null) return "none";
    const origin = logOrigin(from.station, from.lineage);
    const known = rows.of(peer);
    const seen =
      known.lineage === from.lineage && known.root !== null ? { size: known.size, root: known.root } : null;
    const found = checkConsistency({
      origin,
      keys: logKeys(rows.cards(peer), origin),
      seen,
      note: checkpoint.note,
      proofs: checkpoint.proofs.map(({ since, hashes }) => ({
        since,
        hashes: hashes.map((hash) => Buffer.from(hash, "base64")),
      })),
    });
    if (found.verdict === "not-yet-verifiable") return found.verdict;
    if (found.verdict !== "consistent") return raise(peer, batch, found.verdict, checkpoint.note);
    const at = kernel.clock().toISOString();
    rows.saw(peer, { ...found.head, lineage: from.lineage, note: checkpoint.note, at });
    return found.verdict;
  }

  /** What the peer had seen of the log that a restore gave up. Only with our own signature: a peer can't invent it. */
  function takeAbandoned(note: string): string {
    const abandoned = rows.abandoned();
    const claimed = checkpointOf(note);
    if (abandoned === undefined || claimed === null) return "another-lineage";
    const isOurs = claimed.origin === logOrigin(kernel.identity().id, abandoned.lineage);
    if (!isOurs || claimed.size <= abandoned.known) return "another-lineage";
    if (!openNote(note, checkpoints.everyKey()).ok) return "another-lineage";
    rows.abandonedReached(abandoned.id, claimed.size);
    return `abandoned at ${abandoned.events}, had reached ${claimed.size}`;
  }

  function takeOwnLog(peer: number, batch: number, note: string | null): string {
    if (note === null) return "none";
    const { id, lineage } = kernel.identity();
    for (const witnessKey of witnessKeys(rows.cards(peer))) {
      const found = checkWitnessed({
        origin: logOrigin(id, lineage),
        witnessKey,
        note,
        size: kernel.audit.head().events,
        rootAt: (size) => kernel.audit.tree.rootAt(size),
      });
      if (found.verdict === "bad-signature") continue;
      // A head of an earlier lineage of ours is history, and shows how much of it a restore has lost.
      if (found.verdict === "wrong-origin") return takeAbandoned(note);
      if (found.verdict === "not-ours") {
        // Without our own signature a peer could cosign a head that we never had, and accuse us of losing it.
        const isOurs = openNote(note, checkpoints.everyKey()).ok;
        return raise(peer, batch, isOurs ? "own-log" : "bad-signature", note);
      }
      if (found.verdict !== "ours") return raise(peer, batch, found.verdict, note);
      if (found.head.size > rows.of(peer).witnessed_size || rows.of(peer).own_lineage !== lineage) {
        rows.witnessed(peer, { lineage, size: found.head.size, note, at: kernel.clock().toISOString() });
      }
      return "ours";
    }
    return raise(peer, batch, "bad-signature", note);
  }

  return {
    forBatch(peer) {
      const { lineage } = kernel.identity();
      const known = rows.of(peer);
      const since = known.own_lineage === lineage ? [known.sent_size, known.witnessed_size] : [];
      checkpoints.make();
      const carried = checkpoints.checkpointFor(since);
      const pair = kernel.keyring.witness();
      const { name } = parseVerifierKey(kernel.keyring.witnessVerifierKey());
      const seconds = Math.floor(kernel.clock().getTime() / 1000);
      return {
        checkpoint: carried === null ? null : { note: carried.note, proofs: carried.proofs },
        size: carried?.size ?? 0,
        witnessed: canCosign(known.note) ? cosign(known.note, { name, pair }, seconds) : null,
      };
    },
    sealed(peer, { checkpoint, size }) {
      if (checkpoint !== null) rows.sent(peer, { lineage: kernel.identity().lineage, size });
    },
    take(peer, batch, envelope) {
      return {
        peerLog: takePeerLog(peer, batch, envelope),
        ownLog: takeOwnLog(peer, batch, envelope.witnessed),
      };
    },
    accept(peer, lineage) {
      const at = kernel.clock().toISOString();
      const claimed = rows
        .open(peer)
        .findLast(({ verdict }) => verdict === "fork" || verdict === "rolled-back");
      if (claimed !== undefined && claimed.size !== null && claimed.root !== null && lineage !== null) {
        const { size, root, note } = claimed;
        rows.saw(peer, { lineage, size, root, note, at });
      }
      return rows.settle(peer, at);
    },
  };
}

/** A note may have 64 KiB (docs/format.md); one that others filled up would grow beyond it with our line. */
const longestCosigned = 32 * 1024;

function canCosign(note: string | null): note is string {
  return note !== null && Buffer.byteLength(note) <= longestCosigned;
}

/** What a note claims, whether or not it is signed. */
function checkpointOf(note: string): Checkpoint | null {
  const parsed = parseNote(note);
  return parsed === null ? null : parseCheckpointText(parsed.text);
}

/** The log keys of a peer's cards, each under the card's name and under the log's origin. */
function logKeys(cards: readonly string[], origin: string): VerifierKey[] {
  return keysOf(cards, "logKey").flatMap((key) => [
    key,
    parseVerifierKey(formatVerifierKey(origin, 1, key.publicKey)),
  ]);
}

const witnessKeys = (cards: readonly string[]): VerifierKey[] => keysOf(cards, "witnessKey");

function keysOf(cards: readonly string[], which: "logKey" | "witnessKey"): VerifierKey[] {
  return cards.map((text) => parseVerifierKey(parseCard(Buffer.from(text)).card[which]));
}

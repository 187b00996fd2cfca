import { Refusal } from "../../../shared/errors.ts";
import type { BatchReason } from "../../../shared/contract/reasons.ts";
import type { contract } from "../../../shared/contract/contract.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Kernel } from "../../station/kernel.ts";
import { parseEnvelope, type Envelope } from "./format/envelope.ts";
import { ledgerView, standingOf } from "./standing.ts";
import { alarmStore, type AlarmStore, type KeptEnvelope } from "./store-alarms.ts";
import { storeIn, type IncomingRow, type PeerRow, type StoreIn } from "./store-in.ts";

type Alarms = AreaHandlers<typeof contract.transfer>["alarms"];
type SettleFork = AreaHandlers<typeof contract.transfer>["settleFork"];
type Alarm = Awaited<ReturnType<Alarms>>["alarms"][number];
type Evidence = Alarm["envelopes"][number];

/** What no honest station signs: each of these is somebody's doing, not a worn stick's. */
const alarmingReasons = ["from-is-not-signer", "manifest-of-another-batch"] as const satisfies BatchReason[];

/** The alarms of every peer that is not revoked, newest first, with the evidence that was kept; and settling a fork. */
export function createAlarms(kernel: Kernel): { alarms: Alarms; settleFork: SettleFork } {
  const ledger = storeIn(kernel.store);
  const rows = alarmStore(kernel.store);
  return {
    settleFork({ peer: name, sha256, note }, call) {
      const fork = forks(ledger, rows).find(
        (one) => one.peer === name && one.envelopes.at(-1)?.sha256 === sha256,
      );
      const peer = ledger.peerByName(name);
      if (fork === undefined || peer === undefined) {
        throw new Refusal("not-found", `No open fork of ${name} has the batch.json ${sha256}.`, {
          path: "sha256",
          remedy: "Look at transfer alarms: it names each envelope by its SHA-256.",
        });
      }
      call.commit((event) => {
        const at = kernel.clock().toISOString();
        rows.settleFork(peer.id, sha256, at, call.operator, note);
        if (!forks(ledger, rows).some((one) => one.peer === name)) {
          rows.settleRest(peer.id, at, call.operator, note);
        }
        const details = { sequence: fork.sequence, sha256, ours: fork.envelopes[0]?.sha256 ?? null, note };
        event({ action: "transfer.fork-settled", object: name, details });
      });
      kernel.changes.publish("transfer");
      return {};
    },
    alarms: () => ({
      alarms: [
        ...forks(ledger, rows),
        ...lineages(ledger, rows),
        ...refusals(rows),
        ...unsigned(kernel, rows),
      ].toSorted((one, other) => other.since.localeCompare(one.since)),
    }),
  };
}

/** A kept envelope is a fork as long as the ledger, asked again, says so; its counterpart is in the ledger. */
function forks(ledger: StoreIn, rows: AlarmStore): Alarm[] {
  return rows.kept("fork").flatMap((kept) => {
    const peer = livePeer(ledger, kept.peer);
    if (peer === undefined) return [];
    const envelope = parseEnvelope(Buffer.from(kept.envelope));
    const standing = standingOf(ledgerView(ledger), ledger, peer, envelope, kept.sha256);
    if (standing.kind !== "fork") return [];
    const ours = standing.other === null ? [] : [inLedger(ledger, rows, standing.other)];
    return [
      {
        kind: "fork" as const,
        peer: peer.name,
        since: kept.seenAt,
        sequence: envelope.sequence,
        reason: null,
        detail: standing.detail,
        envelopes: [...ours.filter((each) => each !== null), keptEvidence(kept, envelope)],
      },
    ];
  });
}

function lineages(ledger: StoreIn, rows: AlarmStore): Alarm[] {
  return rows.kept("held").flatMap((kept) => {
    const peer = livePeer(ledger, kept.peer);
    const envelope = parseEnvelope(Buffer.from(kept.envelope));
    if (peer === undefined || peer.offered_lineage !== envelope.from.lineage) return [];
    return [
      {
        kind: "lineage" as const,
        peer: peer.name,
        since: kept.seenAt,
        sequence: envelope.sequence,
        reason: null,
        detail: envelope.from.lineage,
        envelopes: [keptEvidence(kept, envelope)],
      },
    ];
  });
}

function refusals(rows: AlarmStore): Alarm[] {
  return rows.refused(alarmingReasons).map(({ peer, sequence, reason, note, settledAt, ...kept }) => ({
    kind: "refused" as const,
    peer,
    since: settledAt,
    sequence,
    reason,
    detail: note,
    envelopes: kept.envelope === null ? [] : [ledgerEvidence({ ...kept, settledAt, state: "refused" })],
  }));
}

/** What the peer says it is done with, without the receipt that it owes for it. */
function unsigned(kernel: Kernel, rows: AlarmStore): Alarm[] {
  return rows.unsigned(kernel.identity().lineage).map((row) => {
    const { sha256, envelope, state } = row;
    const teller = { sha256: row.tellerSha256, envelope: row.tellerEnvelope, settledAt: row.toldAt };
    const ours = ledgerEvidence({ sha256, envelope, settledAt: null, state });
    return {
      kind: "missing-receipt" as const,
      peer: row.peer,
      since: row.toldAt,
      sequence: row.sequence,
      reason: null,
      detail: ours.batch,
      envelopes: [ours, ledgerEvidence({ ...teller, state: "imported" })],
    };
  });
}

function livePeer(ledger: StoreIn, id: number | null): PeerRow | undefined {
  const peer = id === null ? undefined : ledger.peer(id);
  return peer?.state === "revoked" ? undefined : peer;
}

function inLedger(ledger: StoreIn, rows: AlarmStore, { id, sha256, state }: IncomingRow): Evidence | null {
  const envelope = ledger.envelopeOf(id);
  if (envelope === null || sha256 === null) return null;
  return ledgerEvidence({ settledAt: rows.settledAt(id), sha256, envelope, state });
}

interface Held {
  readonly sha256: string;
  readonly envelope: Uint8Array | null;
  readonly settledAt: string | null;
  readonly state: Evidence["state"];
}

function ledgerEvidence({ sha256, envelope, settledAt, state }: Held): Evidence {
  const bytes = Buffer.from(envelope ?? []);
  const facts = factsOf(parseEnvelope(bytes), sha256, bytes);
  return { ...facts, bag: null, state, at: settledAt, tagmanifest: null, signature: null };
}

function keptEvidence(kept: KeptEnvelope, envelope: Envelope): Evidence {
  return {
    ...factsOf(envelope, kept.sha256, Buffer.from(kept.envelope)),
    bag: kept.bag,
    state: "kept",
    at: kept.seenAt,
    tagmanifest: textOf(kept.tagmanifest),
    signature: textOf(kept.signature),
  };
}

function factsOf(envelope: Envelope, sha256: string, bytes: Buffer) {
  return {
    batch: envelope.id,
    sha256,
    sequence: envelope.sequence,
    lineage: envelope.from.lineage,
    key: envelope.from.key,
    previous: envelope.previous,
    createdAt: envelope.createdAt,
    parts: envelope.parts.length,
    bytes: envelope.parts.reduce((sum, part) => sum + part.bytes, 0),
    text: bytes.toString("utf8"),
  };
}

function textOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString("utf8");
}

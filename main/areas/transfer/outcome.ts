import type { BatchReason } from "../../../shared/contract/reasons.ts";
import { Refusal } from "../../../shared/errors.ts";
import type { AppendEvent, Call, Kernel } from "../../station/kernel.ts";
import type { Envelope } from "./format/envelope.ts";
import type { Manifest } from "./format/manifest.ts";
import { takeHave } from "./have.ts";
import { settleByReceipts } from "./receipts-in.ts";
import { queueReceipt } from "./receipts-out.ts";
import { obeyRevoked } from "./revoked-keys.ts";
import type { IncomingRow, PeerRow, StoreIn } from "./store-in.ts";
import type { StoreStage } from "./store-stage.ts";
import type { Witness } from "./witness.ts";

export interface OutcomeDeps {
  readonly kernel: Kernel;
  readonly call: Call;
  readonly ledger: StoreIn;
  readonly rows: StoreStage;
  readonly witness: Witness;
}

/** A batch whose number the ledger knows, with its sender. */
export interface ClaimedBatch {
  readonly peer: PeerRow;
  readonly row: number;
  readonly envelope: Envelope;
  readonly sha256: string;
}

/**
 * The one short transaction that makes a staged batch count: ledger row, settled receipts, event and
 * our receipt together. Returns the row as it stands then.
 */
export function flipBatch(deps: OutcomeDeps, claimed: ClaimedBatch, manifest: Manifest): IncomingRow {
  const { kernel, call, ledger, rows, witness } = deps;
  const { peer, envelope, sha256 } = claimed;
  const staged = expectRow(ledger, claimed.row);
  const { imported, duplicate, quarantined } = staged;
  const counts = { imported, duplicate, quarantined };
  const records = imported + duplicate + quarantined;
  const receiptsOnly = holdsReceiptsOnly(rows, claimed.row, records, quarantined);
  const signing = kernel.keyring.signing();
  kernel.step("transfer.flip");
  call.commit((event) => {
    const at = kernel.clock().toISOString();
    expectTrusted(ledger, peer);
    ledger.flip(claimed.row, receiptsOnly, records, at);
    if (envelope.checkpoint !== null || envelope.witnessed !== null) {
      ledger.keepCheckpoint(claimed.row, peer.id, JSON.stringify(envelope.checkpoint), envelope.witnessed);
    }
    const logs = witness.take(peer.id, claimed.row, envelope);
    const settled = settleByReceipts(ledger, rows, peer.id, claimed.row, at);
    const ignoredHave = takeHave(ledger, peer.id, manifest.have, kernel.identity().lineage, at);
    obeyRevoked(ledger, peer, envelope.from.key, manifest.revoked, event);
    const isDue = !receiptsOnly || quarantined > 0;
    if (isDue) receipt(deps, claimed, { state: "imported", reason: null, counts, at, signing });
    event({
      action: "transfer.batch-imported",
      object: envelope.id,
      details: {
        peer: peer.name,
        sequence: envelope.sequence,
        sha256,
        ...counts,
        receipt: isDue,
        settledImported: settled.imported,
        settledRefused: settled.refused,
        contradictingReceipts: settled.contradicting,
        haveIgnored: ignoredHave,
        ...logs,
        people: kernel.identity().people,
      },
    });
  });
  kernel.step("transfer.flipped");
  kernel.changes.publish(
    "transfer",
    "requests",
    "quarantine",
    ...(manifest.revoked.length > 0 ? (["peers"] as const) : []),
  );
  return expectRow(ledger, claimed.row);
}

/** A fault in what was signed: nothing of the batch stays, its number is used up, its sender is told. */
export function refuseBatch(
  deps: OutcomeDeps,
  claimed: ClaimedBatch,
  reason: BatchReason,
  detail: string,
): void {
  const { kernel, call, ledger } = deps;
  removeStaged(deps, claimed.row);
  const signing = kernel.keyring.signing();
  kernel.step("transfer.refuse");
  call.commit((event) => {
    const at = kernel.clock().toISOString();
    ledger.refuse(claimed.row, reason, detail, at);
    receipt(deps, claimed, { state: "refused", reason, counts: noLines, at, signing });
    refusedEvent(event, claimed, reason, detail);
  });
  kernel.step("transfer.refused");
  kernel.changes.publish("transfer");
}

/** Every part is here and its hash is right, but earlier numbers are missing: it waits, unopened. */
export function holdVerified(deps: OutcomeDeps, claimed: ClaimedBatch): void {
  const { kernel, call, ledger } = deps;
  const { envelope, sha256, peer } = claimed;
  const signing = kernel.keyring.signing();
  kernel.step("transfer.hold");
  call.commit((event) => {
    const at = kernel.clock().toISOString();
    expectTrusted(ledger, peer);
    ledger.setState(claimed.row, "verified", "", null);
    receipt(deps, claimed, { state: "verified", reason: null, counts: noLines, at, signing });
    event({
      action: "transfer.batch-verified",
      object: envelope.id,
      details: { peer: peer.name, sequence: envelope.sequence, sha256 },
    });
  });
  kernel.changes.publish("transfer");
}

/** Trust may be taken back at any moment, from another window too; then nothing of what runs may count. */
function expectTrusted(ledger: StoreIn, { id, name }: PeerRow): void {
  if (ledger.peer(id)?.state === "trusted") return;
  throw new Refusal("conflict", `The trust in ${name} was taken back while its batch was imported.`, {
    safe: "Nothing of this batch counts.",
    remedy: "Import again for what others sent.",
  });
}

/** Takes back the rows of a batch that never flipped, some at a time; nobody could see them. */
export function removeStaged({ kernel, rows }: Pick<OutcomeDeps, "kernel" | "rows">, row: number): void {
  kernel.step("transfer.remove-staged");
  kernel.store.write(() => rows.beginRemoval(row));
  do kernel.step("transfer.remove-staged");
  while (kernel.store.write(() => rows.removeSome(row)));
}

/** Whether anything was staged for a batch, or its removal was cut short. */
export function hasStaged({ next_part, imported, duplicate, quarantined }: IncomingRow): boolean {
  return next_part < 0 || imported + duplicate + quarantined > 0;
}

const noLines = { imported: 0, duplicate: 0, quarantined: 0 } as const;

type ReceiptFacts = {
  state: "verified" | "imported" | "refused";
  reason: BatchReason | null;
  counts: { imported: number; duplicate: number; quarantined: number };
  at: string;
  signing: ReturnType<Kernel["keyring"]["signing"]>;
};

function receipt({ kernel, rows }: OutcomeDeps, claimed: ClaimedBatch, facts: ReceiptFacts): void {
  queueReceipt(rows, facts.signing, {
    batchRow: claimed.row,
    peer: claimed.peer.id,
    batch: claimed.envelope.id,
    batchSha256: claimed.sha256,
    sequence: claimed.envelope.sequence,
    state: facts.state,
    reason: facts.reason,
    counts: facts.counts,
    people: kernel.identity().people,
    createdAt: facts.at,
    revision: rows.firstRevision(),
  });
}

/** Events hold 8 KiB; a detail may quote what a stranger wrote. */
const longestDetail = 500;

function refusedEvent(
  event: AppendEvent,
  { peer, envelope, sha256 }: ClaimedBatch,
  reason: string,
  detail: string,
): void {
  event({
    action: "transfer.batch-refused",
    object: envelope.id,
    outcome: "refused",
    details: {
      peer: peer.name,
      sequence: envelope.sequence,
      sha256,
      reason,
      detail: detail.slice(0, longestDetail).replaceAll("\0", ""),
    },
  });
}

/** A batch of receipts alone gets none of its own; one without any line is answered like others. */
function holdsReceiptsOnly(rows: StoreStage, batch: number, records: number, quarantined: number): boolean {
  if (records === 0 || quarantined > 0) return false;
  const types = rows.typesOf(batch);
  const duplicates = rows.duplicateTypesOf(batch);
  return (types.receipt ?? 0) + (duplicates.receipt ?? 0) === records;
}

function expectRow(ledger: StoreIn, row: number): IncomingRow {
  const found = ledger.row(row);
  if (found === undefined) throw new Error(`batch row ${row} is gone`);
  return found;
}

import type { AppendEvent } from "../../station/kernel.ts";
import type { VolumeSource } from "./bytes.ts";
import { parseEnvelope, type Envelope } from "./format/envelope.ts";
import { keepFork, keepHeld } from "./evidence.ts";
import { standingVerdict } from "./foresee.ts";
import { importedVerdict, keepForLater, landBatch, spoolOf, type LandDeps } from "./land.ts";
import { hasStaged, holdVerified, removeStaged, type ClaimedBatch } from "./outcome.ts";
import { ledgerView, standingOf, type Standing } from "./standing.ts";
import type { IncomingRow, PeerRow } from "./store-in.ts";
import type { SurveyedBatch } from "./survey.ts";
import { takenBackVerdict, type TakenBack } from "./taken-back.ts";
import type { Verdict } from "./verdict.ts";

type Next = Extract<Standing, { kind: "next" }>;

/** Takes one batch of a medium as far as the ledger allows, and judges its bags. */
export async function takeBatch(deps: LandDeps, batch: SurveyedBatch, takenBack: TakenBack): Promise<void> {
  const envelopeBytes = batch.envelope();
  const envelope = parseEnvelope(envelopeBytes);
  const peer = expectPeer(deps, batch.peer);
  const standing = standingOf(ledgerView(deps.ledger), deps.ledger, peer, envelope, batch.sha256);
  describeJob(deps, peer, envelope);
  const judge = (verdict: Verdict): void => {
    for (const bag of batch.bags) bag.verdict = verdict;
  };
  const gone = takenBackVerdict(takenBack, batch, standing);
  if (gone !== null) return judge(gone);
  switch (standing.kind) {
    case "next": {
      showParts(deps, envelope);
      const claimed = claimNext(deps, peer, envelope, envelopeBytes, batch.sha256, standing);
      const { verdict, byBag } = await landBatch(deps, claimed, batch.volumes);
      for (const bag of batch.bags) bag.verdict = byBag.get(bag.name) ?? verdict;
      return;
    }
    case "missing-before":
      showParts(deps, envelope);
      obeyVoids(deps, peer, envelope, standing.voids);
      return judge(
        withNote(
          standingVerdict(standing),
          await keepBeyond(deps, peer, envelope, envelopeBytes, batch, standing.row),
        ),
      );
    case "fork":
      keepFork(deps, peer, batch, envelopeBytes, standing);
      break;
    case "held":
      keepHeld(deps, peer, batch, envelopeBytes, envelope);
      break;
    case "already-imported":
    case "already-refused":
    case "older-than-expected":
      break;
  }
  judge(standingVerdict(standing));
}

/**
 * Lands what waited in the spool and whose turn has come: verified earlier, or cut short by a kill after
 * its last part was copied. The medium isn't needed for these.
 */
export async function landWaiting(deps: LandDeps): Promise<void> {
  const { ledger } = deps;
  for (const { id } of ledger.trustedPeers()) {
    for (;;) {
      const peer = expectPeer(deps, id);
      const waiting = waitingNext(deps, peer);
      if (waiting === null) break;
      const envelopeBytes = ledger.envelopeOf(waiting.id);
      if (envelopeBytes === null || waiting.sha256 === null) break;
      const envelope = parseEnvelope(envelopeBytes);
      const standing = standingOf(ledgerView(ledger), ledger, peer, envelope, waiting.sha256);
      if (standing.kind !== "next" || !isWhole(deps, waiting.sha256, envelope)) break;
      describeJob(deps, peer, envelope);
      showParts(deps, envelope);
      const claimed = claimNext(deps, peer, envelope, envelopeBytes, waiting.sha256, standing);
      const { verdict } = await landBatch(deps, claimed, noVolumes);
      if (!verdict.used) break;
    }
  }
}

const noVolumes: readonly VolumeSource[] = [];

function waitingNext({ ledger }: LandDeps, peer: PeerRow): IncomingRow | null {
  // Where the very first number was skipped, what waits brings the lineage.
  const lineage = peer.lineage ?? ledger.openRows(peer.id)[0]?.lineage;
  if (lineage === undefined) return null;
  // A void in the waiting envelope may close numbers before it, so the first seen is asked, not the next.
  const [first] = ledger
    .beyond(peer.id, lineage, ledger.through(peer.id, lineage))
    .filter(({ state }) => state === "importing" || state === "verified");
  return first ?? null;
}

function isWhole(deps: LandDeps, sha256: string, envelope: Envelope): boolean {
  const spool = spoolOf(deps, { sha256 });
  return envelope.parts.every((part, position) => spool.has(spool.path(position), part.bytes));
}

function expectPeer({ ledger }: LandDeps, id: number): PeerRow {
  const peer = ledger.peer(id);
  if (peer === undefined) throw new Error(`peer ${id} is gone`);
  return peer;
}

/** Beyond this many parts the gate shows counts alone. */
const mostShownParts = 500;

function describeJob({ job }: LandDeps, peer: PeerRow, envelope: Envelope): void {
  job.describe({ peer: peer.name, batch: envelope.id, sequence: envelope.sequence });
}

/** Only of a batch whose bytes are looked at: the parts of one that was imported before wait for nothing. */
function showParts({ job }: LandDeps, envelope: Envelope): void {
  job.startOver(
    envelope.parts
      .slice(0, mostShownParts)
      .map(({ name, bytes, sha256 }) => ({ name, bytes, sha256, state: "waiting" as const })),
  );
}

/** Enters a batch that is next into the ledger, with the lineage and the voids that it brings. */
function claimNext(
  deps: LandDeps,
  peer: PeerRow,
  envelope: Envelope,
  envelopeBytes: Buffer,
  sha256: string,
  { row, voids, note }: Next,
): ClaimedBatch {
  const { kernel, call, ledger } = deps;
  const { lineage } = envelope.from;
  const takesLineage = peer.lineage === null;
  let id = row?.id ?? 0;
  removeVoided(deps, peer, envelope, voids);
  kernel.step("transfer.claim");
  const enter = (): void => {
    id = row?.id ?? insert(deps, peer, envelope, envelopeBytes, sha256);
    if (note !== "") ledger.setState(id, row?.state ?? "importing", note, null);
  };
  if (!takesLineage && voids.length === 0) {
    if (row === null || note !== "") kernel.store.write(enter);
    return { peer, row: id, envelope, sha256 };
  }
  call.commit((event) => {
    enter();
    if (takesLineage) {
      ledger.takeLineage(peer.id, lineage);
      event({
        action: "transfer.lineage-taken",
        object: peer.name,
        details: { lineage, batch: envelope.id },
      });
    }
    closeVoided(deps, peer, envelope, voids, event);
  });
  for (const voided of voids) spoolOf(deps, voided).remove();
  return { peer, row: id, envelope, sha256 };
}

/**
 * Voids count before the numbers are compared, so also those of a batch whose own turn has not come: what waits
 * between the two may depend on them. Of a peer whose lineage is not known yet nothing is obeyed.
 */
function obeyVoids(deps: LandDeps, peer: PeerRow, envelope: Envelope, voids: Next["voids"]): void {
  if (voids.length === 0 || peer.lineage === null) return;
  removeVoided(deps, peer, envelope, voids);
  deps.kernel.step("transfer.void");
  deps.call.commit((event) => closeVoided(deps, peer, envelope, voids, event));
  for (const voided of voids) spoolOf(deps, voided).remove();
}

/** Takes back what was staged of numbers that will be closed. */
function removeVoided(deps: LandDeps, peer: PeerRow, { from }: Envelope, voids: Next["voids"]): void {
  for (const { sequence } of voids) {
    const open = deps.ledger.at(peer.id, from.lineage, sequence);
    if (open !== undefined && hasStaged(open)) removeStaged(deps, open.id);
  }
}

/** Inside a transaction: the numbers are done with. */
function closeVoided(
  { kernel, ledger }: LandDeps,
  peer: PeerRow,
  { id, from: { lineage } }: Envelope,
  voids: Next["voids"],
  event: AppendEvent,
): void {
  if (voids.length === 0) return;
  const at = kernel.clock().toISOString();
  for (const voided of voids) {
    const open = ledger.at(peer.id, lineage, voided.sequence);
    if (open !== undefined) ledger.setState(open.id, "voided", `by ${id}`, at);
    else ledger.closeUnseen({ peer: peer.id, lineage, ...voided, note: `by ${id}` }, "voided", at);
  }
  const numbers = voids.slice(0, 100).map(({ sequence }) => sequence);
  const details = { batch: id, count: voids.length, numbers: numbers.join(" ") };
  event({ action: "transfer.numbers-voided", object: peer.name, details });
}

function insert(
  { ledger }: LandDeps,
  peer: PeerRow,
  envelope: Envelope,
  envelopeBytes: Buffer,
  sha256: string,
): number {
  return ledger.claim({
    peer: peer.id,
    lineage: envelope.from.lineage,
    sequence: envelope.sequence,
    batch: envelope.id,
    sha256,
    previous: envelope.previous,
    envelope: envelopeBytes,
    bytes: envelope.parts.reduce((sum, part) => sum + part.bytes, 0),
    createdAt: envelope.createdAt,
  });
}

function withNote(verdict: Verdict, note: string): Verdict {
  return note === "" ? verdict : { ...verdict, detail: `${verdict.detail}; ${note}` };
}

/**
 * A batch above the next number may be verified and wait; nothing of it lands.
 *
 * @returns why it is not kept here, or nothing
 */
async function keepBeyond(
  deps: LandDeps,
  peer: PeerRow,
  envelope: Envelope,
  envelopeBytes: Buffer,
  batch: SurveyedBatch,
  row: IncomingRow | null,
): Promise<string> {
  const { kernel } = deps;
  if (row?.state === "verified" || row?.state === "held") return "";
  if (row === null && !mayWait(deps, peer, envelope)) {
    return "too much waits for earlier numbers already, so it is not kept here: bring it again after them";
  }
  kernel.step("transfer.claim-beyond");
  const id = row?.id ?? kernel.store.write(() => insert(deps, peer, envelope, envelopeBytes, batch.sha256));
  const claimed = { peer, row: id, envelope, sha256: batch.sha256 };
  if (await keepForLater(deps, claimed, batch.volumes)) holdVerified(deps, claimed);
  return "";
}

/**
 * Batches of one peer that may wait for earlier ones; more would only fill the disk. Together they take half of the
 * room that there is, so that a peer whose first batch never comes leaves the other half to the others.
 */
const mostWaiting = 1000;

function mayWait({ ledger, freeBytes, kernel }: LandDeps, peer: PeerRow, { from, parts }: Envelope): boolean {
  const { count, bytes } = ledger.openBytes(peer.id, from.lineage);
  const more = parts.reduce((sum, part) => sum + part.bytes, 0);
  return count < mostWaiting && bytes + more <= (freeBytes(kernel.paths.spool) + bytes) / 2;
}

/** What waited may have landed behind a batch of the same medium; then its bags were imported after all. */
export function judgeLanded(deps: Pick<LandDeps, "ledger">, batches: readonly SurveyedBatch[]): void {
  for (const { peer, sha256, bags } of batches) {
    if (!bags.some(({ verdict }) => verdict?.state === "missing-before")) continue;
    const row = deps.ledger.bySha256(peer, sha256);
    if (row?.state === "imported") for (const bag of bags) bag.verdict = importedVerdict(row);
  }
}

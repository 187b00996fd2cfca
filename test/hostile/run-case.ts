import { expect } from "vitest";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BagRow } from "../support/answers.ts";
import type { Exported } from "../support/answers.ts";
import { allowedReasons } from "./case.ts";
import type { Expectation, HostileCase } from "./case.ts";
import { makeBag, writeBag } from "./forge/bag.ts";
import type { Sealed } from "./forge/batch.ts";
import { openBag, verifiesWithSshKeygen } from "./forge/reader.ts";
import type { ReceiptPayload } from "./forge/records.ts";
import { harmlessPart, lay, moveOn, photograph, read, rowOf, sealNext } from "./scene.ts";
import type { Lane, Scene } from "./scene.ts";

/** Batches that used a number up, and what their receipts must say. */
export interface Owed {
  lane: Lane;
  sealed: Sealed;
  expect: Expectation;
}

/** States after which the same batch, whole, must still be taken from another copy. */
const openStates = new Set(["damaged", "incomplete", "interrupted"]);

/** Compares a row with what the page says. */
export function expectRow(row: BagRow, expected: Expectation): void {
  const { state, used, imported = 0, duplicate = 0, quarantined = 0 } = expected;
  const allowed = allowedReasons(expected);
  const reason = allowed.includes(row.reason) ? row.reason : allowed.join(" or ");
  expect(row).toMatchObject({ state, reason, used, imported, duplicate, quarantined });
}

/** Lays an honest bag behind the hostile one: the peer must not be blocked by what it did. */
function follow(scene: Scene, lane: Lane, medium: string): { bag: string; sealed: Sealed } {
  const sealed = sealNext(scene, lane, [harmlessPart()]);
  return { bag: lay(medium, sealed), sealed };
}

/**
 * Runs one case against the scene's current lane and checks everything that must hold afterwards.
 * Returns the bag's row, null for what must have none.
 */
export async function runCase(scene: Scene, hostile: HostileCase, owed: Owed[] = []): Promise<BagRow | null> {
  const lane = await scene.lane();
  try {
    return await attempt(scene, lane, hostile, owed);
  } catch (error) {
    scene.abandonLane();
    throw error;
  }
}

async function attempt(scene: Scene, lane: Lane, hostile: HostileCase, owed: Owed[]): Promise<BagRow | null> {
  const prepared = { ...hostile, ...hostile.prepare?.(scene) };
  const { expect: expected } = hostile;
  const sealed = sealNext(scene, lane, prepared.parts ?? [harmlessPart()], prepared.seal);
  const medium = scene.newMedium();
  const bag = makeBag(sealed, prepared.bag);
  const root = writeBag(medium, bag);
  hostile.disk?.({ medium, root, sealed });

  const staysOpen = openStates.has(expected.state);
  if (expected.used) {
    moveOn(lane, sealed);
    owed.push({ lane, sealed, expect: expected });
  }
  const next = staysOpen ? null : follow(scene, lane, medium);
  const before = photograph(medium);
  const rows = await read(scene, "import", medium);
  expect(photograph(medium)).toEqual(before);

  const row = expected.bag === null ? null : rowOf(rows, expected.bag ?? bag.directory);
  if (row !== null) expectRow(row, expected);
  if (next !== null) {
    expectRow(rowOf(rows, next.bag), { state: "imported", used: true, imported: 1 });
    moveOn(lane, next.sealed);
  }
  expect(rows).toHaveLength((row === null ? 0 : 1) + (next === null ? 0 : 1));
  if (staysOpen) await takeWholeCopy(scene, lane, sealed);
  return row;
}

async function takeWholeCopy(scene: Scene, lane: Lane, sealed: Sealed): Promise<void> {
  const medium = scene.newMedium();
  const bag = lay(medium, sealed, { volume: 2, volumeCount: 2 });
  const rows = await read(scene, "import", medium);
  expectRow(rowOf(rows, bag), { state: "imported", used: true, imported: 1 });
  moveOn(lane, sealed);
}

/** Exports to a lane and opens what came as that peer; receipts by the batch that they answer. */
export async function collectReceipts(scene: Scene, lane: Lane): Promise<Map<string, ReceiptPayload>> {
  const medium = scene.newMedium();
  const { volumes } = await scene.call<Exported>("transfer", "export", { to: lane.identity.name, medium });
  const card = JSON.parse(readFileSync(scene.station.cardFile, "utf8").split("\n")[0] ?? "") as {
    signingKey: string;
  };
  const receipts = new Map<string, ReceiptPayload>();
  for (const volume of volumes) {
    const bag = join(medium, "sallyport", volume);
    for (const text of openBag(bag, lane.identity.age.identity).lines) {
      const record = JSON.parse(text) as { type: string; payload: string; signature: string };
      if (record.type !== "receipt") continue;
      const payload = Buffer.from(record.payload);
      const namespace = "sallyport-receipt@v1";
      expect(verifiesWithSshKeygen(payload, record.signature, card.signingKey, namespace)).toBe(true);
      const said = JSON.parse(record.payload) as ReceiptPayload;
      receipts.set(said.batch, said);
    }
  }
  return receipts;
}

/** What is wrong with the receipts for batches that used their numbers up; empty when all is well. */
export async function receiptFaults(scene: Scene, owed: readonly Owed[]): Promise<string[]> {
  const faults: string[] = [];
  for (const lane of new Set(owed.map((debt) => debt.lane))) {
    const receipts = await collectReceipts(scene, lane);
    for (const { sealed, expect: expected } of owed.filter((debt) => debt.lane === lane)) {
      const { state, imported = 0, duplicate = 0, quarantined = 0 } = expected;
      const receipt = receipts.get(sealed.id);
      const isTrue =
        receipt?.batchSha256 === sealed.sha256 &&
        receipt.sequence === sealed.sequence &&
        receipt.state === state &&
        allowedReasons(expected).includes(receipt.reason) &&
        receipt.counts.imported === imported &&
        receipt.counts.duplicate === duplicate &&
        receipt.counts.quarantined === quarantined;
      if (!isTrue) faults.push(`${sealed.id} ${state}: ${JSON.stringify(receipt ?? null)}`);
    }
  }
  return faults;
}

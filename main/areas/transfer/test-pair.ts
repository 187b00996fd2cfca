import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransferService } from "./service.ts";
import { makeTestStation, type TestStation } from "./test-kernel.ts";
import type { TransferService } from "./transfer-service.ts";

/** A station with both halves of the transfer area, as they run in the product. */
export interface TestSide {
  readonly station: TestStation;
  readonly transfer: TransferService;
}

/** Two stations that trust each other: `low` asks, `high` answers. */
export interface TestPair {
  readonly low: TestSide;
  readonly high: TestSide;
  /** A new empty folder that stands in for a medium. */
  readonly newStick: () => string;
  close(): Promise<void>;
}

export async function makeTestPair(): Promise<TestPair> {
  const low = await makeTestStation("low", "request");
  const high = await makeTestStation("high", "response");
  low.trust(high);
  high.trust(low);
  const sides = [await withTransfer(low), await withTransfer(high)] as const;
  const sticks: string[] = [];
  return {
    low: sides[0],
    high: sides[1],
    newStick() {
      const stick = mkdtempSync(join(tmpdir(), "stick-"));
      sticks.push(stick);
      return stick;
    },
    async close() {
      for (const { transfer, station } of sides) {
        await transfer.close();
        station.close();
      }
      for (const stick of sticks) rmSync(stick, { recursive: true, force: true });
    },
  };
}

async function withTransfer(station: TestStation): Promise<TestSide> {
  return { station, transfer: await createTransferService(station.kernel) };
}

export const carry = ({ station, transfer }: TestSide, to: string, medium: string) =>
  transfer.handlers.export({ to, medium }, station.call);

export async function take({ station, transfer }: TestSide, medium: string) {
  return (await transfer.handlers.import({ medium }, station.call)).bags;
}

export async function ledgerOf({ station, transfer }: TestSide) {
  return (await transfer.handlers.ledger({}, station.call)).batches;
}

/** Puts an answer to an imported request among the records that wait, as the handlers would. */
export function answer({ station }: TestSide, request: string, body: string): void {
  station.kernel.store
    .prepare(
      `INSERT INTO record (origin, id, revision, type, created_at, peer, request, status, body)
       SELECT 0, 'a-' || id, 1, 'response', created_at, origin, id, 'ok', ? FROM record WHERE id = ? AND origin <> 0`,
    )
    .run(body, request);
}

import { expect } from "vitest";
import type { TestClient } from "../../main/station/testing/open-test-station.ts";

/** A recovery set made and put in force, for attacks on it. */
export interface PrintedSet {
  readonly id: string;
  readonly number: number;
  /** The text of each sheet, in order. */
  readonly shares: string[];
}

export const refusedFor = (reason: string) =>
  expect.objectContaining({ data: expect.objectContaining({ reason }) as unknown });

/** Makes a set, types one line of each sheet back, and hands the sheets over. */
export async function printSet(
  client: TestClient,
  passphrase: string,
  bounds: { threshold?: number; shares?: number } = {},
): Promise<PrintedSet> {
  const made = await client.recovery.create({ ...bounds, passphrase });
  const lines = made.shares.map(({ share, lines: all, ask }) => ({ share, line: all[ask - 1] ?? "" }));
  await client.recovery.confirm({ set: made.set.id, lines });
  return {
    id: made.set.id,
    number: made.set.number,
    shares: made.shares.map((one) => one.lines.join("\n")),
  };
}

/** Some of the sheets, by their numbers. */
export function sheets(set: PrintedSet, ...places: number[]): string[] {
  return places.map((place) => set.shares[place - 1] ?? "");
}

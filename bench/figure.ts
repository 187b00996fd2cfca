/** One line of the table: ours and the peer's, measured in turn on the same bytes. */
export interface Figure {
  readonly bench: string;
  /** What was done, with its size. */
  readonly work: string;
  readonly unit: string;
  readonly ours: readonly number[];
  readonly peer: string;
  /** Empty where the peer is not on this machine; `note` says so. */
  readonly theirs: readonly number[];
  readonly reference?: { readonly what: string; readonly value: number; readonly unit: string };
  readonly goal: string;
  readonly note: string;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** The median of the ratios of each pair, which a slow minute of the machine moves less than a ratio of medians. */
export function medianRatio(figure: Figure): number {
  return median(figure.ours.map((ours, index) => ours / (figure.theirs[index] ?? Number.NaN)));
}

/** Runs ours and theirs in turn; what runs first changes each time. */
export async function inTurn(
  times: number,
  ours: () => Promise<number>,
  theirs: (() => Promise<number>) | null,
): Promise<{ ours: number[]; theirs: number[] }> {
  const result: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  for (let round = 0; round < times; round += 1) {
    const runs = [
      async () => result.ours.push(await ours()),
      async () => (theirs === null ? 0 : result.theirs.push(await theirs())),
    ];
    for (const run of round % 2 === 0 ? runs : runs.toReversed()) await run();
  }
  return result;
}

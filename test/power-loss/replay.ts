import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Disk, type LeftOut, type Survival } from "./disk.ts";
import type { DiskStep } from "./recording.ts";
import { missing } from "./survivors.ts";
import type { Said } from "./workload.ts";

export interface Replay {
  /** How many times the power was cut. */
  readonly cuts: number;
  /** Each cut after which something was missing, with the first things that were. */
  readonly losses: readonly string[];
}

/** Cuts the power after every `every`th step, in each way, and looks at what is left. */
export async function replay(
  root: string,
  steps: readonly DiskStep[],
  every: number,
  ways: readonly Survival[],
  leftOut: LeftOut = {},
): Promise<Replay> {
  const losses: string[] = [];
  let cuts = 0;
  const disk = new Disk(root, leftOut);
  const said: Said[] = [];
  for (const [index, step] of steps.entries()) {
    disk.apply(step);
    if (step.what === "said") said.push(JSON.parse(step.text) as Said);
    if (index % every !== every - 1 && index !== steps.length - 1) continue;
    for (const way of ways) {
      const into = join(scratch(), "disk");
      mkdirSync(into);
      disk.cutPower(into, way, coin(index));
      cuts += 1;
      const lost = await missing(into, said).catch((error: unknown) => [`does not open: ${String(error)}`]);
      if (lost.length > 0) losses.push(`step ${index} (${way}): ${lost.slice(0, 3).join("; ")}`);
      rmSync(join(into, ".."), { recursive: true });
    }
  }
  return { cuts, losses };
}

function scratch(): string {
  return mkdtempSync(join(tmpdir(), "sallyport-power-"));
}

/** The same throws for the same step, so that a loss can be looked at again (Mulberry32). */
function coin(seed: number): () => boolean {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) & 1) === 1;
  };
}

import { setImmediate as nextTurn } from "node:timers/promises";
import type { OutStore, RecordRange, RecordType } from "./store-out.ts";

/** What a record writes around its body, on average: fixed text, id, kind, user and time. */
const aroundBodyBytes = 150;

/** Rows looked at in one go: about a quarter of a millisecond. */
const measuredAtOnce = 1000;

/** Which records go into one part, and about how large it becomes. */
export interface PartPlan {
  readonly ranges: readonly RecordRange[];
  readonly records: number;
  readonly counts: Readonly<Record<RecordType, number>>;
  readonly estimatedBytes: number;
}

/** Where parts are cut, and how many threads seal them at once. */
export interface PartLimits {
  /** Plaintext of a part, at most, unless one record is larger. */
  readonly bytes: number;
  readonly threads: number;
}

/**
 * Cuts what a batch claimed into parts of about the same size, without reading a body. Their number is a multiple of
 * the threads where it can be, so that none waits while another seals the last.
 */
export async function planParts(
  store: Pick<OutStore, "measure">,
  claimed: readonly RecordRange[],
  limits: PartLimits,
): Promise<PartPlan[]> {
  const slices = await measureSlices(store, claimed, limits.bytes / slicesOfPart);
  const evenBytes = evenPart(
    slices.reduce((sum, slice) => sum + slice.estimatedBytes, 0),
    limits,
  );
  const plans: PartPlan[] = [];
  let before = 0;
  for (const slice of slices) {
    const last = plans.at(-1);
    // A slice goes where its middle lies, so that what is too much here is not missing in the last part.
    const belongsToLast = before + slice.estimatedBytes / 2 <= plans.length * evenBytes;
    if (last !== undefined && belongsToLast && last.estimatedBytes + slice.estimatedBytes <= limits.bytes)
      plans[plans.length - 1] = joined(last, slice);
    else plans.push(slice);
    before += slice.estimatedBytes;
  }
  return plans;
}

/** Parts under this are not cut smaller for the sake of a thread: a part costs about as much as sealing one MiB. */
const leastPartBytes = 4 * 1024 * 1024;

function evenPart(totalBytes: number, { bytes, threads }: PartLimits): number {
  const parts = Math.ceil(Math.ceil(totalBytes / bytes) / threads) * threads;
  return Math.max(totalBytes / parts, Math.min(bytes, leastPartBytes));
}

/** Parts are made of slices so small that they come out about even. */
const slicesOfPart = 16;

/** Everything claimed, in order, in slices of at most so many bytes unless one record is larger. */
async function measureSlices(
  store: Pick<OutStore, "measure">,
  claimed: readonly RecordRange[],
  sliceBytes: number,
): Promise<PartPlan[]> {
  const slices: PartPlan[] = [];
  for (const range of claimed) {
    let { fromSeq } = range;
    let limit = measuredAtOnce;
    for (;;) {
      const rest = { ...range, fromSeq };
      const found = store.measure(rest, limit);
      if (found === null) break;
      const { request, response, receipt } = found;
      const records = request + response + receipt;
      const estimatedBytes = found.bodyBytes + records * aroundBodyBytes;
      if (estimatedBytes > sliceBytes && records > 1) {
        limit = Math.max(1, Math.floor((records * sliceBytes) / estimatedBytes / 2));
        continue;
      }
      slices.push({
        ranges: [{ ...rest, toSeq: found.toSeq }],
        records,
        counts: { request, response, receipt },
        estimatedBytes,
      });
      fromSeq = found.toSeq;
      if (estimatedBytes < sliceBytes / 2) limit = Math.min(measuredAtOnce, limit * 2);
      await nextTurn();
    }
  }
  return slices;
}

/** Ranges that touch become one, so that a worker reads a part in a few statements. */
function joined(part: PartPlan, slice: PartPlan): PartPlan {
  const last = part.ranges.at(-1);
  const [next, ...others] = slice.ranges;
  const touches = last?.destination === next?.destination && last?.toSeq === next?.fromSeq;
  return {
    ranges:
      last !== undefined && next !== undefined && touches
        ? [...part.ranges.slice(0, -1), { ...last, toSeq: next.toSeq }, ...others]
        : [...part.ranges, ...slice.ranges],
    records: part.records + slice.records,
    counts: {
      request: part.counts.request + slice.counts.request,
      response: part.counts.response + slice.counts.response,
      receipt: part.counts.receipt + slice.counts.receipt,
    },
    estimatedBytes: part.estimatedBytes + slice.estimatedBytes,
  };
}

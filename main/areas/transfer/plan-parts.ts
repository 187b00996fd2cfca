import { setImmediate as nextTurn } from "node:timers/promises";
import type { OutStore, RecordRange, RecordType } from "./store-out.ts";

/** Plaintext of a records part where no setting says otherwise; why this much: `partMiB` in configuration.ts. */
const partPlainBytes = 16 * 1024 * 1024;

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

/** Cuts what a batch claimed into parts of about `partBytes`, without reading a body. */
export async function planParts(
  store: Pick<OutStore, "measure">,
  claimed: readonly RecordRange[],
  partBytes = partPlainBytes,
): Promise<PartPlan[]> {
  const plans: PartPlan[] = [];
  let part = emptyPart();
  const close = (): void => {
    if (part.records > 0) plans.push(part);
    part = emptyPart();
  };
  for (const range of claimed) {
    let { fromSeq } = range;
    let limit = measuredAtOnce;
    for (;;) {
      const rest = { ...range, fromSeq };
      const found = store.measure(rest, limit);
      if (found === null) break;
      const records = found.request + found.response + found.receipt;
      const bytes = found.bodyBytes + records * aroundBodyBytes;
      const isFull = part.estimatedBytes + bytes > partBytes;
      if (isFull && records > 1) {
        limit = Math.floor(records / 2);
      } else {
        if (isFull) close();
        part = grown(part, { ...rest, toSeq: found.toSeq }, found, bytes);
        fromSeq = found.toSeq;
        limit = isFull ? measuredAtOnce : limit;
        await nextTurn();
      }
    }
  }
  close();
  return plans;
}

function emptyPart(): PartPlan {
  return { ranges: [], records: 0, counts: { request: 0, response: 0, receipt: 0 }, estimatedBytes: 0 };
}

/** Ranges that touch become one, so that a worker reads a part in a few statements. */
function grown(part: PartPlan, range: RecordRange, counts: PartPlan["counts"], bytes: number): PartPlan {
  const last = part.ranges.at(-1);
  const joins = last?.destination === range.destination && last.toSeq === range.fromSeq;
  const { request, response, receipt } = counts;
  return {
    ranges: joins ? [...part.ranges.slice(0, -1), { ...last, toSeq: range.toSeq }] : [...part.ranges, range],
    records: part.records + request + response + receipt,
    counts: {
      request: part.counts.request + request,
      response: part.counts.response + response,
      receipt: part.counts.receipt + receipt,
    },
    estimatedBytes: part.estimatedBytes + bytes,
  };
}

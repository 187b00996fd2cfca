import { setImmediate as nextTurn } from "node:timers/promises";
import { lineCapBytes } from "./format/caps.ts";
import { writeReceiptLine, writeRequestLine, writeResponseLine } from "./format/lines.ts";
import type { OutgoingRecord } from "./store-out.ts";

/** A good size of a records part on two cores (docs/format.md, A part). */
export const partPlainBytes = 32 * 1024 * 1024;

/** How much is assembled before the station's thread looks after others: about 10 ms of work. */
const turnBytes = 4 * 1024 * 1024;

/** Lines of one part, ready to be sealed. */
export interface PackedPart {
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly records: number;
}

export type TypeCounts = Partial<Record<OutgoingRecord["type"], number>>;

/** Puts the records of a batch into parts of whole lines, in order. */
export class Packer {
  readonly #read: (afterSeq: number) => IterableIterator<OutgoingRecord>;
  readonly #partBytes: number;
  #afterSeq = 0;
  readonly counts: TypeCounts = {};

  /** @param read records after a number, in order; it may be stopped at any record and asked again */
  constructor(read: (afterSeq: number) => IterableIterator<OutgoingRecord>, partBytes = partPlainBytes) {
    this.#read = read;
    this.#partBytes = partBytes;
  }

  /** The next part, in `memory` where it is large enough; null when no record is left. */
  async next(memory: ArrayBuffer | undefined): Promise<PackedPart | null> {
    const needed = Math.max(this.#partBytes, lineCapBytes + 1);
    const target = Buffer.from(
      memory !== undefined && memory.byteLength >= needed ? memory : new ArrayBuffer(needed),
    );
    let used = 0;
    let records = 0;
    for (;;) {
      const turn = this.#fill(target, used, used + turnBytes);
      used = turn.used;
      records += turn.records;
      if (turn.ended) break;
      await nextTurn();
    }
    if (records === 0) return null;
    return { plain: new Uint8Array(target.buffer, target.byteOffset, used), records };
  }

  /** Writes lines until `pauseAt` is passed (not ended), the next line doesn't fit or none is left (ended). */
  #fill(
    target: Buffer<ArrayBuffer>,
    from: number,
    pauseAt: number,
  ): { used: number; records: number; ended: boolean } {
    let used = from;
    let records = 0;
    for (const record of this.#read(this.#afterSeq)) {
      const line = lineOf(record);
      if (used > 0 && used + line.byteLength > this.#partBytes) return { used, records, ended: true };
      used += line.copy(target, used);
      records += 1;
      this.#afterSeq = record.seq;
      this.counts[record.type] = (this.counts[record.type] ?? 0) + 1;
      if (used >= pauseAt) return { used, records, ended: false };
    }
    return { used, records, ended: true };
  }
}

/** The exact bytes of a record's line, with its LF. */
export function lineOf(record: OutgoingRecord): Buffer {
  const { id, revision, createdAt } = record;
  const common = { id, revision, createdAt };
  switch (record.type) {
    case "request":
      return writeRequestLine({ ...common, kind: record.kind ?? "", user: record.user ?? "" }, record.body);
    case "response":
      return writeResponseLine(
        { ...common, request: record.request ?? "", status: record.status === "ok" ? "ok" : "error" },
        record.body,
      );
    case "receipt":
      return writeReceiptLine({ ...common, payload: record.body, signature: record.signature ?? "" });
  }
}

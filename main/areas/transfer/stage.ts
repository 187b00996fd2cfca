import type { LineReason } from "../../../shared/contract/reasons.ts";
import type { Side } from "../../station/identity.ts";
import type { Store } from "../../station/store/store.ts";
import { badLinesCap } from "./format/caps.ts";
import { badLine, GoodRows, type BadLine, type GoodLines, type GoodRow } from "./checked-lines.ts";
import { receiptFault } from "./receipts-in.ts";
import type { IncomingRow, PeerRow, StoreIn } from "./store-in.ts";
import type { StoreStage } from "./store-stage.ts";

/** A part whose bytes are proven and whose lines were checked one by one. */
export interface StagedPart {
  /** Position in the manifest's `parts`, from 0. */
  readonly position: number;
  readonly name: string;
  /** The plaintext, for the bytes of lines that the ledger refuses. */
  readonly plain: Buffer;
  readonly lines: number;
  readonly good: GoodLines;
  readonly bad: readonly BadLine[];
}

export interface StageDeps {
  readonly store: Store;
  readonly ledger: StoreIn;
  readonly rows: StoreStage;
  readonly side: Side;
  /** Called before each transaction and after it: crash tests, cancelling, progress. */
  readonly before: () => void;
  readonly after: (lines: number) => void | Promise<void>;
}

/** Lines a transaction (batch-format, Import). */
const linesAtOnce = 1000;
/** Text a transaction, so that lines of a mebibyte do not make one of a gibibyte. */
const bytesAtOnce = 8 * 1024 * 1024;

/**
 * Writes the lines of a part from the batch's cursor on, about 1,000 a transaction, each with the cursor
 * moved past it: a kill at any instant resumes behind the last commit.
 *
 * @returns false as soon as more than 10,000 lines of the batch are bad
 */
export async function stagePart(
  deps: StageDeps,
  peer: PeerRow,
  batch: IncomingRow,
  part: StagedPart,
  fromLine: number,
): Promise<boolean> {
  const walk = new Walk(deps, peer, batch, part, fromLine);
  let quarantined = batch.quarantined;
  while (!walk.ended) {
    deps.before();
    const from = walk.line;
    quarantined += deps.store.write(() => walk.step());
    await deps.after(walk.line - from);
    if (quarantined > badLinesCap) return false;
  }
  return true;
}

/** Goes through good and bad lines of a part together, in line order. */
class Walk {
  readonly #deps: StageDeps;
  readonly #peer: PeerRow;
  readonly #batch: IncomingRow;
  readonly #part: StagedPart;
  readonly #rows: GoodRows;
  readonly #lineStart: (line: number) => Buffer;
  #good: number;
  #bad: number;
  line: number;

  constructor(deps: StageDeps, peer: PeerRow, batch: IncomingRow, part: StagedPart, fromLine: number) {
    this.#deps = deps;
    this.#peer = peer;
    this.#batch = batch;
    this.#part = part;
    this.#rows = new GoodRows(part.good, part.plain);
    this.#lineStart = lineFinder(part.plain);
    this.line = fromLine;
    this.#good = 0;
    while (this.#rows.line(this.#good) < fromLine) this.#good += 1;
    this.#bad = 0;
    while ((part.bad[this.#bad]?.line ?? fromLine) < fromLine) this.#bad += 1;
  }

  get ended(): boolean {
    return this.line > this.#part.lines;
  }

  /** One transaction's worth; returns how many lines it quarantined. */
  step(): number {
    const { rows } = this.#deps;
    const { bad, lines, position, name } = this.#part;
    const counts = { imported: 0, duplicate: 0, quarantined: 0 };
    const last = Math.min(lines + 1, this.line + linesAtOnce);
    let end = last;
    let bytes = 0;
    for (; this.#rows.line(this.#good) < last; this.#good += 1) {
      if (bytes > bytesAtOnce) {
        end = this.#rows.line(this.#good);
        break;
      }
      bytes += this.#rows.textBytes(this.#good);
      const row = this.#rows.row(this.#good);
      const verdict = this.#stage(row);
      if (verdict === "imported" || verdict === "duplicate") counts[verdict] += 1;
      else {
        this.#quarantineGood(row, verdict);
        counts.quarantined += 1;
      }
    }
    for (let next = bad[this.#bad]; next !== undefined && next.line < end; next = bad[this.#bad]) {
      rows.quarantine(this.#batch.id, name, next);
      counts.quarantined += 1;
      this.#bad += 1;
    }
    this.line = end;
    const isLast = end > lines;
    rows.advance(this.#batch.id, isLast ? position + 1 : position, isLast ? 1 : end, counts);
    return counts.quarantined;
  }

  #stage(row: GoodRow): "imported" | "duplicate" | LineReason {
    const { rows } = this.#deps;
    const { name, position } = this.#part;
    const fault = this.#policy(row);
    if (fault !== null) return fault;
    if (rows.add({ ...row, peer: this.#peer.id, batch: this.#batch.id, part: position + 1 }))
      return "imported";
    const { line, type, id } = row;
    const held = rows.hashOf(this.#peer.id, id, row.revision);
    if (held?.equals(row.sha256) === true) {
      rows.duplicate(this.#batch.id, name, line, type, id);
      return "duplicate";
    }
    // A response is refused for its request or for its key; the closed list names the request first.
    return type === "response" && (held === undefined || rows.isAnswered(this.#peer.id, row.first))
      ? "already-answered"
      : "conflict";
  }

  #policy(row: GoodRow): LineReason | null {
    const { side, rows, ledger } = this.#deps;
    const { type } = row;
    if (type === "receipt")
      return receiptFault(ledger, this.#peer.id, Buffer.from(row.text).toString("utf8"));
    if ((type === "request") !== (side === "response")) return "wrong-direction";
    if (type === "request") return null;
    const asked = rows.asked(row.first);
    const wasSealed = asked?.peer === this.#peer.id && sealedStates.has(asked.state);
    return wasSealed || rows.wasGivenUp(this.#peer.id, row.first) ? null : "unknown-request";
  }

  #quarantineGood({ line, type, id }: GoodRow, reason: LineReason): void {
    this.#deps.rows.quarantine(
      this.#batch.id,
      this.#part.name,
      badLine(line, this.#lineStart(line), reason, type, id),
    );
  }
}

/** A request of ours was given away when its batch was sealed, whatever became of the copy. */
const sealedStates = new Set(["sealed", "copied", "verified", "imported"]);

/** Bytes of a line by its number; asked in ascending order, it walks the part once. */
function lineFinder(plain: Buffer): (line: number) => Buffer {
  let number = 1;
  let from = 0;
  return (line) => {
    for (; number < line; number += 1) from = plain.indexOf(0x0a, from) + 1;
    return plain.subarray(from, plain.indexOf(0x0a, from));
  };
}

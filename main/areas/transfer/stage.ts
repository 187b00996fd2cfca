import type { LineReason } from "../../../shared/contract/reasons.ts";
import type { Side } from "../../station/identity.ts";
import type { Store } from "../../station/store/store.ts";
import { badLinesCap } from "./format/caps.ts";
import { badLine, rowTypes, type BadLine, type GoodLines } from "./checked-lines.ts";
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
  readonly #lineStart: (line: number) => Buffer;
  #good: number;
  #bad: number;
  line: number;

  constructor(deps: StageDeps, peer: PeerRow, batch: IncomingRow, part: StagedPart, fromLine: number) {
    this.#deps = deps;
    this.#peer = peer;
    this.#batch = batch;
    this.#part = part;
    this.#lineStart = lineFinder(part.plain);
    this.line = fromLine;
    const firstFrom = (found: number, length: number): number => (found < 0 ? length : found);
    const { good, bad } = part;
    this.#good = firstFrom(
      good.line.findIndex((line) => line >= fromLine),
      good.line.length,
    );
    this.#bad = firstFrom(
      bad.findIndex(({ line }) => line >= fromLine),
      bad.length,
    );
  }

  get ended(): boolean {
    return this.line > this.#part.lines;
  }

  /** One transaction's worth; returns how many lines it quarantined. */
  step(): number {
    const { rows } = this.#deps;
    const { good, bad, lines, position, name } = this.#part;
    const counts = { imported: 0, duplicate: 0, quarantined: 0 };
    const end = Math.min(lines + 1, this.line + linesAtOnce);
    for (;;) {
      const badHere = bad[this.#bad];
      if (badHere === undefined || badHere.line >= end) break;
      rows.quarantine(this.#batch.id, name, badHere);
      counts.quarantined += 1;
      this.#bad += 1;
    }
    for (; (good.line[this.#good] ?? end) < end; this.#good += 1) {
      const verdict = this.#stage(this.#good);
      if (verdict === "imported" || verdict === "duplicate") counts[verdict] += 1;
      else {
        this.#quarantineGood(this.#good, verdict);
        counts.quarantined += 1;
      }
    }
    this.line = end;
    const isLast = end > lines;
    rows.advance(this.#batch.id, isLast ? position + 1 : position, isLast ? 1 : end, counts);
    return counts.quarantined;
  }

  #stage(index: number): "imported" | "duplicate" | LineReason {
    const { rows } = this.#deps;
    const { good, name, position } = this.#part;
    const type = rowTypes[good.type[index] ?? 0] ?? "request";
    const fault = this.#policy(type, index);
    if (fault !== null) return fault;
    const id = good.id[index] ?? "";
    const revision = good.revision[index] ?? 0;
    const sha256 = good.sha256.subarray(index * 32, index * 32 + 32);
    const line = good.line[index] ?? 0;
    const isNew = rows.add({
      peer: this.#peer.id,
      batch: this.#batch.id,
      part: position + 1,
      line,
      sha256,
      type,
      id,
      revision,
      createdAt: good.createdAt[index] ?? "",
      first: good.first[index] ?? "",
      second: good.second[index] ?? "",
      text: good.text[index] ?? "",
      signature: good.signature[index] ?? "",
    });
    if (isNew) return "imported";
    const held = rows.hashOf(this.#peer.id, id, revision);
    if (held?.equals(sha256) === true) {
      rows.duplicate(this.#batch.id, name, line, type, id);
      return "duplicate";
    }
    // A response is refused for its request or for its key; the closed list names the request first.
    return type === "response" && (held === undefined || this.#isAnswered(good.first[index] ?? ""))
      ? "already-answered"
      : "conflict";
  }

  #policy(type: (typeof rowTypes)[number], index: number): LineReason | null {
    const { side, rows, ledger } = this.#deps;
    if (type === "receipt") return receiptFault(ledger, this.#peer.id, this.#part.good.text[index] ?? "");
    if ((type === "request") !== (side === "response")) return "wrong-direction";
    if (type === "request") return null;
    const asked = rows.asked(this.#part.good.first[index] ?? "");
    const wasSealed = asked?.peer === this.#peer.id && sealedStates.has(asked.state);
    return wasSealed ? null : "unknown-request";
  }

  #isAnswered(request: string): boolean {
    return this.#deps.rows.isAnswered(this.#peer.id, request);
  }

  #quarantineGood(index: number, reason: LineReason): void {
    const { good, name } = this.#part;
    const line = good.line[index] ?? 0;
    const type = rowTypes[good.type[index] ?? 0] ?? null;
    const row = badLine(line, this.#lineStart(line), reason, type, good.id[index] ?? null);
    this.#deps.rows.quarantine(this.#batch.id, name, row);
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

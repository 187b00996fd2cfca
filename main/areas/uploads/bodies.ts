import { Refusal } from "../../../shared/errors.ts";
import { lineReasonTexts } from "../../../shared/strings/reasons.ts";
import { createSha256 } from "../../station/crypto/hash.ts";
import { checkBody } from "../transfer/format/lines.ts";

/** The bodies of a file of JSON lines that were all checked; read again from their place each time. */
export interface Bodies {
  readonly count: number;
  /** Of the whole file, 64 hex digits. */
  readonly sha256: string;
  /** Each body byte for byte but for the white space around it, in order. Throws when the file has changed since. */
  readonly each: () => Iterable<string>;
}

/** One transaction holds them all; more belong into several submissions. */
const mostLines = 2_000_000;

/**
 * Checks a file of JSON lines: one JSON value a line; the last line may lack its LF. The first line that breaks a rule
 * refuses the whole file, because submission enforces what a reader will enforce (batch-format.md, step 5). Nothing of
 * it stays in memory: a file of 234 MiB held as text took the station to 1.2 GiB.
 *
 * @param pieces the file from its start, each time it is called
 */
export function readBodies(pieces: () => Iterable<Buffer>): Bodies {
  const hash = createSha256();
  let count = 0;
  for (const line of linesOf(pieces(), (piece) => hash.update(piece))) {
    count += 1;
    if (count > mostLines) throw refusal(count, "bad-input", `over ${mostLines} lines. Split the file.`);
    const checked = checkBody(line);
    if (!checked.ok) {
      const told = lineReasonTexts[checked.reason];
      throw refusal(count, checked.reason, `${told.sentence} ${told.remedy}`);
    }
  }
  if (count === 0) throw new Refusal("bad-input", "The file has no lines.", { path: "source" });
  const sha256 = hash.digestHex();
  return { count, sha256, each: () => trimmedLines(pieces(), sha256) };
}

function* trimmedLines(pieces: Iterable<Buffer>, sha256: string): Generator<string, void, undefined> {
  const hash = createSha256();
  // JSON knows fewer kinds of white space than trim() takes away, but the check let only those stand there.
  for (const line of linesOf(pieces, (piece) => hash.update(piece))) yield line.toString("utf8").trim();
  if (hash.digestHex() !== sha256) throw new Error("an upload changed while it was read");
}

function refusal(line: number, reason: string, text: string): Refusal {
  return new Refusal("bad-input", `At line ${line}: ${text} Nothing was taken from this file.`, {
    path: `line ${line}`,
    reason,
  });
}

/** Lines without their LF; unlike in a sealed part, the last one may lack it. */
function* linesOf(
  pieces: Iterable<Buffer>,
  seen: (piece: Buffer) => void,
): Generator<Buffer, void, undefined> {
  /** The start of a line whose end is in a later piece. */
  let begun: Buffer[] = [];
  for (const piece of pieces) {
    seen(piece);
    let from = 0;
    for (let to = piece.indexOf(0x0a); to >= 0; to = piece.indexOf(0x0a, from)) {
      const end = piece.subarray(from, to);
      yield begun.length === 0 ? end : Buffer.concat([...begun, end]);
      begun = [];
      from = to + 1;
    }
    // Copied, because the next piece may come in the same memory.
    if (from < piece.byteLength) begun.push(Buffer.from(piece.subarray(from)));
  }
  if (begun.length > 0) yield Buffer.concat(begun);
}

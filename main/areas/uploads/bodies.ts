import { Refusal } from "../../../shared/errors.ts";
import { checkBody } from "../transfer/format/lines.ts";
import { lineReasonTexts } from "../../../shared/strings/reasons.ts";

/** One transaction holds them all; more belong into several submissions. */
const mostLines = 2_000_000;

/**
 * The bodies of a file of JSON lines: one JSON value a line, kept byte for byte but for the white space
 * around it. The last line may lack its LF. The first line that breaks a rule refuses the whole file,
 * because submission enforces what a reader will enforce (batch-format.md, step 5).
 */
export function readBodies(text: Buffer): string[] {
  const bodies: string[] = [];
  let number = 0;
  for (const line of linesOf(text)) {
    number += 1;
    if (number > mostLines) throw refusal(number, "bad-input", `over ${mostLines} lines. Split the file.`);
    const checked = checkBody(line);
    if (!checked.ok) {
      const told = lineReasonTexts[checked.reason];
      throw refusal(number, checked.reason, `${told.sentence} ${told.remedy}`);
    }
    bodies.push(checked.text);
  }
  if (bodies.length === 0) throw new Refusal("bad-input", "The file has no lines.", { path: "source" });
  return bodies;
}

function refusal(line: number, reason: string, text: string): Refusal {
  return new Refusal("bad-input", `At line ${line}: ${text} Nothing was taken from this file.`, {
    path: `line ${line}`,
    reason,
  });
}

/** Lines without their LF; unlike in a sealed part, the last one may lack it. */
function* linesOf(text: Buffer): Generator<Buffer, void, undefined> {
  for (let from = 0; from < text.length;) {
    const found = text.indexOf(0x0a, from);
    const to = found < 0 ? text.length : found;
    yield text.subarray(from, to);
    from = to + 1;
  }
}

import { isUtf8 } from "node:buffer";

import type { LineReason } from "../../../../shared/contract/reasons.ts";
import { depthCap, lineCapBytes, membersCap } from "./caps.ts";
import type { JsonScan } from "./json-scan.ts";
import { scanJson } from "./json-scan.ts";

/** How much of a line a text may take; a body leaves room for the record around it. */
export type JsonLimits = {
  readonly bytes: number;
  readonly depth: number;
  readonly members: number;
};

export const lineLimits: JsonLimits = {
  bytes: lineCapBytes,
  depth: depthCap,
  members: membersCap,
};

/**
 * The rules for the JSON of a line, before its type is looked at, in the order of docs/format.md.
 *
 * @returns the scan, or the first broken rule
 */
export function checkJson(bytes: Buffer, limits: JsonLimits): JsonScan | LineReason {
  if (bytes.byteLength > limits.bytes) return "line-too-long";
  if (!isUtf8(bytes)) return "bad-utf8";
  if (bytes.includes(0)) return "nul";
  const found = scanJson(bytes);
  if (!found.isJson) return hasEscapedNul(bytes) ? "nul" : "bad-json";
  if (found.hasEscapedNul) return "nul";
  if (found.hasDuplicateKey) return "duplicate-key";
  if (found.hasProtoKey) return "forbidden-key";
  if (found.hasLoneSurrogate) return "lone-surrogate";
  if (found.depth > limits.depth) return "too-deep";
  if (found.members > limits.members) return "too-many-keys";
  if (found.hasHugeNumber) return "bad-number";
  return found;
}

/** Looks for `\u0000` in a text that is no JSON, where the scan may have stopped before it. */
function hasEscapedNul(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(escapedNul); at >= 0; at = bytes.indexOf(escapedNul, at + 1)) {
    // An even number of backslashes before makes this one the start of an escape. Runs of
    // backslashes don't overlap, so all runs together are no longer than the text.
    let before = at;
    while (before > 0 && bytes[before - 1] === 0x5c) before -= 1;
    if ((at - before) % 2 === 0) return true;
  }
  return false;
}
const escapedNul = Buffer.from("\\u0000");

import { canonicalBase64 } from "../crypto/ssh-wire.ts";
import { CompactRange, hashBytes } from "./tree.ts";

// The text of a sealed segment, and of the stub that stays when its events are purged: signed by the log key as a C2SP
// signed-note. Its first line keeps it from being taken for a checkpoint, whose second line is a number.

export interface SegmentFacts {
  readonly origin: string;
  /** Numbers of events, both included; blocks of 256. */
  readonly from: number;
  readonly to: number;
  readonly fromAt: string;
  readonly toAt: string;
  /** SHA-256 of the events as JSON lines, each ended by LF; 64 hex digits. */
  readonly sha256: string;
  /** Size of these lines. */
  readonly sizeBytes: number;
  /** The tree of the events before `from`, and of those up to `to`. */
  readonly before: CompactRange;
  readonly after: CompactRange;
  readonly sealedAt: string;
  /** Of a stub: when it was purged and by whom. */
  readonly purged: { readonly at: string; readonly by: readonly string[] } | null;
}

const segmentFormat = "sallyport-segment@v1";
const stubFormat = "sallyport-stub@v1";

export function segmentText(facts: SegmentFacts): string {
  const { purged } = facts;
  const lines = [
    purged === null ? segmentFormat : stubFormat,
    facts.origin,
    `events ${facts.from} ${facts.to}`,
    `times ${facts.fromAt} ${facts.toAt}`,
    `sha256 ${facts.sha256} ${facts.sizeBytes}`,
    `before${hashesOf(facts.before)}`,
    `after${hashesOf(facts.after)}`,
    `sealed ${facts.sealedAt}`,
    ...(purged === null ? [] : [`purged ${purged.at} by ${purged.by.join(" and ")}`]),
  ];
  return `${lines.join("\n")}\n`;
}

const shape =
  /^(sallyport-segment@v1|sallyport-stub@v1)\n(\S+)\nevents (\d{1,15}) (\d{1,15})\ntimes (\S+) (\S+)\nsha256 ([0-9a-f]{64}) (\d{1,15})\nbefore((?: \S{44}){0,53})\nafter((?: \S{44}){1,53})\nsealed (\S+)\n(?:purged (\S+) by (\S+(?: and \S+)?)\n)?$/;

/** Reads a text back. Null when it is none, or its trees don't have the sizes that it says. */
export function parseSegmentText(text: string): SegmentFacts | null {
  const [, format, origin, from, to, fromAt, toAt, sha256, sizeBytes, before, after, sealedAt, purgedAt, by] =
    shape.exec(text) ?? [];
  if (origin === undefined || (format === stubFormat) !== (purgedAt !== undefined)) return null;
  const first = Number(from);
  const last = Number(to);
  const trees = [rangeOf(first - 1, before ?? ""), rangeOf(last, after ?? "")];
  if (first < 1 || last < first || trees[0] === null || trees[1] === null) return null;
  return {
    origin,
    from: first,
    to: last,
    fromAt: fromAt ?? "",
    toAt: toAt ?? "",
    sha256: sha256 ?? "",
    sizeBytes: Number(sizeBytes),
    before: trees[0] as CompactRange,
    after: trees[1] as CompactRange,
    sealedAt: sealedAt ?? "",
    purged: purgedAt === undefined ? null : { at: purgedAt, by: (by ?? "").split(" and ") },
  };
}

function hashesOf(range: CompactRange): string {
  const bytes = range.subtrees();
  let text = "";
  for (let at = 0; at < bytes.length; at += hashBytes) {
    text += ` ${bytes.subarray(at, at + hashBytes).toString("base64")}`;
  }
  return text;
}

function rangeOf(size: number, text: string): CompactRange | null {
  const hashes = text.split(" ").slice(1).map(canonicalBase64);
  if (hashes.some((hash) => hash?.length !== hashBytes)) return null;
  try {
    return new CompactRange(size, Buffer.concat(hashes.flatMap((hash) => hash ?? [])));
  } catch {
    return null;
  }
}

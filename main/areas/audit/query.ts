import { wordsOf } from "./words.ts";

/** Words that follow each other; with `prefix` the last one may go on. */
export interface Phrase {
  readonly words: readonly string[];
  readonly prefix: boolean;
}

/** One condition: any of the phrases, in a field or anywhere; or its opposite. */
export interface Term {
  /** `actor`, `action`, `object`, `outcome`, or the name of a detail; null is anywhere. */
  readonly field: string | null;
  readonly phrases: readonly Phrase[];
  readonly not: boolean;
}

/** What somebody looks for. All of it must hold. */
export interface Query {
  readonly terms: readonly Term[];
  /** Numbers of events, both included. */
  readonly from: number;
  readonly to: number;
  /** Times: from `since` on, before `until`. */
  readonly since: string | null;
  readonly until: string | null;
  /** Pieces that meant nothing, as they were typed: the answer says so instead of failing. */
  readonly ignored: readonly string[];
}

/** A condition as typed: sign, field, then quoted and plain pieces up to the next space. */
const piece = /(-?)(?:([a-z][a-z0-9]*):)?((?:"[^"]*(?:"|$)|[^\s"])+)/giu;

/** Fields that are ranges, not words. */
const ranges = new Set(["seq", "since", "until"]);

/**
 * Reads a search line: words, "phrases", `field:value`, `field:one,other`, a leading `-` to leave out, a trailing `*` to end
 * a word, `seq:100..200`, `since:` and `until:` with a day, a time (UTC) or `15m`, `2h`, `3d`, `1w`, `today`, `yesterday`.
 * No input fails.
 */
export function parseQuery(text: string, now: Date): Query {
  const terms: Term[] = [];
  const ignored: string[] = [];
  let from = 1;
  let to = Number.MAX_SAFE_INTEGER;
  const sinces: string[] = [];
  const untils: string[] = [];
  for (const [typed, sign = "", name, value = ""] of text.toWellFormed().matchAll(piece)) {
    const field = name?.toLowerCase() ?? null;
    if (field === null || !ranges.has(field)) {
      const phrases = phrasesOf(value);
      if (phrases.length === 0) ignored.push(typed);
      else terms.push({ field: name === undefined ? null : knownField(name), phrases, not: sign === "-" });
      continue;
    }
    const range = field === "seq" ? sequenceRange(value) : null;
    const instant = field === "seq" ? null : instantOf(value, now, field === "until");
    if (sign === "-" || (range === null && instant === null)) {
      ignored.push(typed);
    } else if (range !== null) {
      from = Math.max(from, range.from);
      to = Math.min(to, range.to);
    } else if (field === "since") {
      sinces.push(instant ?? "");
    } else {
      untils.push(instant ?? "");
    }
  }
  // All of it must hold, so the narrowest counts.
  return {
    terms,
    from,
    to,
    since: sinces.toSorted().at(-1) ?? null,
    until: untils.toSorted()[0] ?? null,
    ignored,
  };
}

/** The four columns are named in any case; a detail has the name that it has. */
function knownField(name: string): string {
  const small = name.toLowerCase();
  return ["actor", "action", "object", "outcome"].includes(small) ? small : name;
}

/** Alternatives between commas outside quotes. */
function phrasesOf(value: string): Phrase[] {
  const phrases: Phrase[] = [];
  for (const [alternative] of value.matchAll(/(?:"[^"]*(?:"|$)|[^,"])+/gu)) {
    const words = wordsOf(alternative);
    if (words.length > 0) phrases.push({ words, prefix: alternative.endsWith("*") });
  }
  return phrases;
}

/** `7`, `7..9`, `7..`, `..9`. */
function sequenceRange(value: string): { from: number; to: number } | null {
  const [, first = "", dots, last = ""] = /^(\d{0,15})(?:(\.\.)(\d{0,15}))?$/.exec(value) ?? [];
  if (first === "" && last === "") return null;
  const from = first === "" ? 1 : Number(first);
  if (dots === undefined) return { from, to: from };
  return { from, to: last === "" ? Number.MAX_SAFE_INTEGER : Number(last) };
}

const units = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const dayMs = units.d;

/** A place in time. A day taken as an end is its last moment, so that `until:2026-11-21` holds the whole of it. */
function instantOf(value: string, now: Date, isEnd: boolean): string | null {
  const today = Math.floor(now.getTime() / dayMs) * dayMs;
  const day = (start: number): string | null => isoOf(isEnd ? start + dayMs : start);
  if (value === "today") return day(today);
  if (value === "yesterday") return day(today - dayMs);
  const [, count, unit] = /^(\d{1,5})([mhdw])$/.exec(value) ?? [];
  if (count !== undefined) return isoOf(now.getTime() - Number(count) * units[unit as keyof typeof units]);
  const [, date, time, minuteOnly] =
    /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(:\d\d(?:\.\d{1,3})?)?Z?)?$/.exec(value) ?? [];
  if (date === undefined) return null;
  if (time === undefined) return day(Date.parse(`${date}T00:00:00Z`));
  return isoOf(Date.parse(`${date}T${time}${minuteOnly ?? ":00"}Z`));
}

/** Null for what is no time, or lies outside the years whose texts order as the times do. */
function isoOf(ms: number): string | null {
  if (!Number.isFinite(ms) || ms < 0 || ms >= Date.UTC(9999, 0, 1)) return null;
  return new Date(ms).toISOString();
}

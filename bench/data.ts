import { closeSync, openSync, writeSync } from "node:fs";

/**
 * Request lines as they stand in a part, made from a seed so that every run has the same bytes. Words and
 * numbers vary so that `zstd -1` shrinks it about as it shrinks real product rows: 5 to 6 to 1.
 */
export function writeRequestLines(path: string, bytes: number): { lines: number; bytes: number } {
  const file = openSync(path, "w");
  let written = 0;
  let lines = 0;
  let chunk: string[] = [];
  for (const body of bodies()) {
    lines += 1;
    chunk.push(
      `{"type":"request","id":"r-${lines.toString(36).padStart(12, "0")}","revision":1,` +
        `"createdAt":"2026-11-21T08:00:00.000Z","kind":"echo","user":"alice","body":${body}}\n`,
    );
    if (chunk.length < 5000) continue;
    written += writeSync(file, chunk.join(""));
    chunk = [];
    if (written >= bytes) break;
  }
  closeSync(file);
  return { lines, bytes: written };
}

/** Bodies alone, one a line, for submission. */
export function writeBodies(path: string, count: number): number {
  const file = openSync(path, "w");
  let written = 0;
  let chunk: string[] = [];
  let left = count;
  for (const body of bodies()) {
    chunk.push(`${body}\n`);
    left -= 1;
    if (chunk.length === 5000 || left === 0) {
      written += writeSync(file, chunk.join(""));
      chunk = [];
    }
    if (left === 0) break;
  }
  closeSync(file);
  return written;
}

/** A vocabulary like that of product titles: few words often, many seldom. */
const words = makeWords(4000);

function makeWords(count: number): string[] {
  const next = random(7);
  const syllables = [
    "ka",
    "lo",
    "min",
    "ter",
    "so",
    "na",
    "vi",
    "rex",
    "pol",
    "du",
    "an",
    "ster",
    "qui",
    "bel",
    "tro",
    "ge",
  ];
  return Array.from({ length: count }, () =>
    Array.from({ length: 2 + next(3) }, () => syllables[next(syllables.length)] ?? "").join(""),
  );
}

function* bodies(): Generator<string, never, undefined> {
  const next = random(20_261_121);
  const word = () => words[Math.floor((next(words.length) * next(words.length)) / words.length)] ?? "";
  for (let number = 1; ; number += 1) {
    const title = Array.from({ length: 6 + next(8) }, word).join(" ");
    const key = (next(2 ** 31) * 4096 + next(4096)).toString(36).toUpperCase();
    yield (
      `{"asin": "${key}", "brand": "${word()}", "title": "${title}", "url": "https://shop.example/dp/${key}", ` +
        `"rating": ${(next(50) / 10).toFixed(1)}, "totalReviews": ${next(3000)}, "price": "$${next(900)}.${next(90) + 10}", ` +
        `"seen": "${new Date(1_760_000_000_000 + number * 977).toISOString()}"}`
    );
  }
}

/** Mulberry32: small, fast and the same everywhere; nothing here needs secrecy. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return Math.floor((((value ^ (value >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

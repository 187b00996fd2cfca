/** A query of more words is a mistake or an attack; FTS5 takes 300 nested operands before it gives up. */
const mostWords = 64;

/**
 * FTS5's own query language is an injection surface (`a-b`, `C:\x` and an empty string are errors there).
 * So each run of letters, marks and digits becomes one quoted word, and all of them must occur.
 * Null when the text has no word.
 */
export function ftsQuery(text: string): string | null {
  const words = text.normalize("NFC").match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  if (words.length === 0) return null;
  return words
    .slice(0, mostWords)
    .map((word) => `"${word}"`)
    .join(" ");
}

/** What counts as part of a word, as FTS5's unicode61 has it: letters, numbers, private use, and marks that go with them. */
const word = /[\p{L}\p{N}\p{Co}\p{M}]+/gu;
const marks = /\p{M}/gu;

/** The words of a text, small and without marks: `Transfer.Batch-Sealed` is transfer, batch, sealed. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const [found] of text.matchAll(word)) {
    const plain = found.normalize("NFD").replaceAll(marks, "").toLowerCase();
    if (plain !== "") words.push(plain);
  }
  return words;
}

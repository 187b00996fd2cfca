/** A run of text from outside: either plain, or one mark that must be seen and never obeyed. */
export type VisibleRun =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "mark"; readonly name: string };

/**
 * What is boxed, as first and last code point: C0 and C1 controls and DEL (tab and line feed are kept where the
 * caller asks), soft hyphen and other invisible format characters, bidirectional marks and overrides, line and
 * paragraph separators, variation selectors, surrogates, interlinear marks, tags (Unicode TR 9 and TR 36).
 */
const hiddenRanges: readonly (readonly [number, number])[] = [
  [0x0000, 0x001f],
  [0x007f, 0x009f],
  [0x00ad, 0x00ad],
  [0x034f, 0x034f],
  [0x061c, 0x061c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xd800, 0xdfff],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffd],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
];

function isHidden(character: string): boolean {
  const point = character.codePointAt(0) ?? 0;
  // Nearly every letter is below the first range that matters after ASCII.
  if (point >= 0x20 && point < 0x7f) return false;
  return hiddenRanges.some(([first, last]) => point >= first && point <= last);
}

/** Splits text from outside into runs. `keep` names characters that stay as they are, such as a tab. */
export function visibleRuns(text: string, keep = ""): VisibleRun[] {
  const runs: VisibleRun[] = [];
  let plain = "";
  for (const character of text) {
    if (isHidden(character) && !keep.includes(character)) {
      if (plain !== "") runs.push({ kind: "text", text: plain });
      plain = "";
      runs.push({ kind: "mark", name: markName(character) });
    } else {
      plain += character;
    }
  }
  if (plain !== "") runs.push({ kind: "text", text: plain });
  return runs;
}

/** `U+202E`, as Unicode's own tables name a character. */
export function markName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** How many marks a text holds. */
export function countMarks(text: string, keep = ""): number {
  let count = 0;
  for (const character of text) if (isHidden(character) && !keep.includes(character)) count += 1;
  return count;
}

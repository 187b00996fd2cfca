/**
 * Controls (C0, DEL, C1), marks that turn or hide text (bidi, zero width, line and paragraph separators, the byte order
 * mark) and halves of surrogate pairs: what could make a terminal or a reader see something else than what is there.
 */
const unseen =
  // eslint-disable-next-line no-control-regex -- controls are what this is about
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu;

/** Text from outside for a terminal: one line, nothing in it acts, and what was there can be told. */
export function visible(text: string): string {
  return text.replaceAll(unseen, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The same for text of several lines, whose line feeds and tabs stay. */
export function visibleLines(text: string): string[] {
  return text.split("\n").map((line) => line.split("\t").map(visible).join("\t"));
}

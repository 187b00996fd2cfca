import * as z from "zod";

/**
 * A page to be read, printed and kept, as blocks of plain text: the console draws them, and the station writes them as one
 * HTML file. Every text in it may come from outside, so none is markup.
 */
const block = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("text"), text: z.string() }),
  z.strictObject({
    kind: z.literal("facts"),
    rows: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  }),
  z.strictObject({
    kind: z.literal("table"),
    title: z.string(),
    /** What the rows are and are not, in a sentence. */
    about: z.string(),
    columns: z.array(z.string()),
    rows: z.array(z.array(z.string())),
    /** Shown in place of no rows. */
    empty: z.string(),
  }),
  /** Text whose every character counts: a signed note. */
  z.strictObject({ kind: z.literal("exact"), title: z.string(), text: z.string() }),
  /** A few characters, large, to be read aloud. */
  z.strictObject({ kind: z.literal("code"), title: z.string(), text: z.string() }),
  z.strictObject({ kind: z.literal("qr"), title: z.string(), text: z.string() }),
  /** Lines to be filled in by hand, each with its caption. */
  z.strictObject({ kind: z.literal("lines"), title: z.string(), captions: z.array(z.string()) }),
]);

export const printed = z.strictObject({
  title: z.string(),
  /** Station and the checkpoint that it was made from. */
  subtitle: z.string(),
  blocks: z.array(block),
});

export type Printed = z.infer<typeof printed>;
export type PrintedBlock = Printed["blocks"][number];

/** Hashes and what people typed without a blank; the names of our actions are shorter. */
export function hasLongWord(text: string): boolean {
  return /[^\s-]{30,}/u.test(text);
}

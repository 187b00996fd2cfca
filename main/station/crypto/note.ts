import { canonicalBase64 } from "./ssh-wire.ts";

// C2SP signed-note. Only the shape is read here; what a note proves is checked with the log's keys.

/** A note in a batch is 64 KiB at most (docs/format.md). */
export const noteCapBytes = 64 * 1024;

export type NoteSignature = {
  readonly name: string;
  readonly keyId: number;
  /** What follows the key id; its length depends on the key's type. */
  readonly signature: Buffer;
};
/** `text` ends in LF and is what the signatures are over. */
export type SignedNote = { readonly text: string; readonly signatures: readonly NoteSignature[] };

/** A signature line: em dash, name, base64 of key id and signature. */
const signatureLine = /^\u2014 ([^+\s]+) ([A-Za-z0-9+/=]+)$/u;

/**
 * Splits a signed note into text and signatures.
 *
 * @returns null when it isn't one: too long, control characters, no empty line, no signature
 */
export function parseNote(note: string): SignedNote | null {
  if (Buffer.byteLength(note) > noteCapBytes || !note.isWellFormed()) return null;
  // eslint-disable-next-line no-control-regex -- C2SP signed-note forbids exactly these but LF
  if (/[\u0000-\u0009\u000b-\u001f]/.test(note)) return null;
  const split = note.lastIndexOf("\n\n");
  if (split <= 0 || !note.endsWith("\n")) return null;
  const signatures: NoteSignature[] = [];
  for (const line of note.slice(split + 2, -1).split("\n")) {
    const [, name, encoded] = signatureLine.exec(line) ?? [];
    const bytes = encoded === undefined ? null : canonicalBase64(encoded);
    if (name === undefined || bytes === null || bytes.byteLength < 5) return null;
    signatures.push({ name, keyId: bytes.readUInt32BE(), signature: bytes.subarray(4) });
  }
  return { text: note.slice(0, split + 1), signatures };
}

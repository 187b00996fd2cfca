import { uploadPieceCharacters } from "../../../shared/contract/uploads.ts";
import { client } from "../../rpc.ts";

/** What the contract takes for lines: the text itself, or the id of an upload that holds it. */
export type LinesSource = { readonly text: string } | { readonly upload: string };

/** Cuts a text into pieces of at most `size` UTF-16 units, never inside a surrogate pair. */
export function cutText(text: string, size: number): string[] {
  const pieces: string[] = [];
  let from = 0;
  while (from < text.length) {
    let to = Math.min(from + size, text.length);
    const last = text.charCodeAt(to - 1);
    if (to < text.length && last >= 0xd800 && last <= 0xdbff) to -= 1;
    pieces.push(text.slice(from, to));
    from = to;
  }
  return pieces;
}

/**
 * The text of a file as it is, a byte order mark included; null when it is not UTF-8. `File.text()` would put
 * replacement characters where bytes are broken, and so change what somebody submits.
 */
export function decodeUtf8(bytes: ArrayBuffer | Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Hands a text over: whole where one frame holds it, otherwise in pieces. */
export async function handOver(text: string): Promise<LinesSource> {
  if (text.length <= uploadPieceCharacters) return { text };
  const { upload } = await client.uploads.begin({});
  for (const piece of cutText(text, uploadPieceCharacters))
    await client.uploads.append({ upload, text: piece });
  return { upload };
}

/** The number of the first line that is not JSON, counted from 1; null when all are. Blank lines are passed over. */
export function firstBadLine(text: string): number | null {
  const lines = text.split("\n");
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    try {
      JSON.parse(line);
    } catch {
      return index + 1;
    }
  }
  return null;
}

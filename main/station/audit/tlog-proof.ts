import { parseNote } from "../crypto/note.ts";
import { canonicalBase64 } from "../crypto/ssh-wire.ts";
import { parseCheckpointText } from "./checkpoint.ts";
import { mostProofHashes, rootFromInclusion } from "./proof.ts";
import { hashBytes, leafHash } from "./tree.ts";

/** A C2SP tlog-proof: that one event is in the log, to be checked without the log. */
export interface TlogProof {
  /** From 0: an event's number is one more. */
  readonly index: number;
  /** The leaf: the event's stored bytes. Not authenticated by itself; the proof is what binds it. */
  readonly extra: Buffer;
  readonly hashes: readonly Buffer[];
  readonly checkpoint: string;
}

const firstLine = "c2sp.org/tlog-proof@v1";

export function formatTlogProof({ index, extra, hashes, checkpoint }: TlogProof): string {
  const lines = [
    firstLine,
    `extra ${extra.toString("base64")}`,
    `index ${index}`,
    ...hashes.map((hash) => hash.toString("base64")),
  ];
  return `${lines.join("\n")}\n\n${checkpoint}`;
}

/** Null when the text is no tlog-proof with its leaf as extra data. */
export function parseTlogProof(text: string): TlogProof | null {
  const end = text.indexOf("\n\n");
  if (end === -1) return null;
  const [first, extraLine = "", indexLine = "", ...hashLines] = text.slice(0, end).split("\n");
  const extra = extraLine.startsWith("extra ") ? canonicalBase64(extraLine.slice(6)) : null;
  const index = /^index (0|[1-9]\d{0,15})$/.exec(indexLine)?.[1];
  const hashes = hashLines.map((line) => canonicalBase64(line));
  if (first !== firstLine || extra === null || index === undefined || hashes.length > mostProofHashes)
    return null;
  if (!hashes.every((hash): hash is Buffer => hash?.length === hashBytes)) return null;
  return { index: Number(index), extra, hashes, checkpoint: text.slice(end + 2) };
}

/** Whether the leaf in the proof is in the tree of the proof's checkpoint. Signatures are `openNote`'s. */
export function provesLeaf({ index, extra, hashes, checkpoint }: TlogProof): boolean {
  const note = parseNote(checkpoint);
  const head = note === null ? null : parseCheckpointText(note.text);
  if (head === null) return false;
  return rootFromInclusion(leafHash(extra), index, head.size, hashes)?.equals(head.root) ?? false;
}

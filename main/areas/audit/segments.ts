import { existsSync } from "node:fs";
import { open, readFile, writeFile } from "node:fs/promises";
import { basename, isAbsolute, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { Refusal } from "../../../shared/errors.ts";
import { logOrigin, openNote, signNote } from "../../station/audit/checkpoint.ts";
import type { Checkpoints } from "../../station/audit/checkpoints.ts";
import { blockEvents } from "../../station/audit/nodes.ts";
import { parseSegmentText, segmentText, type SegmentFacts } from "../../station/audit/segment-note.ts";
import { CompactRange, leafHash } from "../../station/audit/tree.ts";
import { createSha256 } from "../../station/crypto/hash.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import { openPart, sealPart } from "../transfer/format/part.ts";
import type { SegmentRow } from "./retention-store.ts";

/** A segment is opened in memory, so it has an end: 65,536 events or 32 MiB of lines, whichever is reached first. */
const mostEvents = 65_536;
const mostBytes = 32 * 1024 * 1024;
const feed = Buffer.from("\n");

/** Recomputes the next segment from the stored bytes; null when fewer than a block is left. Throws when they are damaged. */
export async function nextSegment(
  kernel: Kernel,
  checkpoints: Checkpoints,
  after: number,
  through: number,
): Promise<{ facts: SegmentFacts; note: string } | null> {
  const { audit, store } = kernel;
  const page = store.prepare("SELECT seq, leaf, at FROM audit_event WHERE seq > ? AND seq <= ? ORDER BY seq");
  const before = audit.tree.rangeAt(after);
  const tree = audit.tree.rangeAt(after);
  const hash = createSha256();
  let sizeBytes = 0;
  let fromAt = "~";
  let toAt = "";
  while (tree.size + blockEvents <= through && tree.size - after < mostEvents) {
    if (kernel.stopping.aborted)
      throw new Refusal("cancelled", "The station was closed. Nothing was sealed.");
    const rows = page.all(tree.size, tree.size + blockEvents) as { seq: number; leaf: Buffer; at: string }[];
    const bytes = rows.reduce((sum, row) => sum + row.leaf.length + 1, 0);
    if (tree.size > after && sizeBytes + bytes > mostBytes) break;
    for (const row of rows) {
      if (row.seq !== tree.size + 1) throw damaged(tree.size + 1);
      tree.append(leafHash(row.leaf));
      hash.update(row.leaf);
      hash.update(feed);
      if (row.at < fromAt) fromAt = row.at;
      if (row.at > toAt) toAt = row.at;
    }
    if (rows.length < blockEvents) throw damaged(tree.size + 1);
    sizeBytes += bytes;
    await setImmediate();
  }
  if (tree.size === after) return null;
  if (!tree.root().equals(audit.tree.rootAt(tree.size))) throw damaged(after + 1);
  const { id, lineage } = kernel.identity();
  const facts: SegmentFacts = {
    origin: logOrigin(id, lineage),
    from: after + 1,
    to: tree.size,
    fromAt,
    toAt,
    sha256: hash.digestHex(),
    sizeBytes,
    before,
    after: tree,
    sealedAt: kernel.clock().toISOString(),
    purged: null,
  };
  return { facts, note: signSegment(kernel, checkpoints, facts) };
}

/** Signs the text of a segment or a stub with the log's key, under the names of a checkpoint. */
export function signSegment(kernel: Kernel, checkpoints: Checkpoints, facts: SegmentFacts): string {
  const pair = kernel.keyring.log();
  return signNote(
    segmentText(facts),
    checkpoints.keys().map(({ name }) => ({ name, pair })),
  );
}

/** What this station signed, read back from its own row. Throws when the row was changed. */
export function ownSegment(checkpoints: Checkpoints, note: string): SegmentFacts {
  const opened = openNote(note, checkpoints.everyKey());
  const facts = opened.ok ? parseSegmentText(opened.text) : null;
  if (facts === null) {
    throw new Refusal(
      "refused",
      "The note of this segment is not what this station signed. Nothing was changed.",
      {
        remedy: "Keep the whole directory as it is: somebody changed it by other means.",
      },
    );
  }
  return facts;
}

export interface ExportedSegment {
  readonly files: string[];
  readonly path: string;
}

/** Writes a segment, encrypted to this station, with its note beside it; syncs both and reads the events back whole. */
export async function writeSegment(
  kernel: Kernel,
  checkpoints: Checkpoints,
  row: SegmentRow,
  folder: string,
  call: Call,
): Promise<ExportedSegment> {
  if (!isAbsolute(folder) || !existsSync(folder)) {
    throw new Refusal("bad-input", `At folder: ${folder} is no folder here. Nothing was written.`, {
      path: "folder",
    });
  }
  const facts = ownSegment(checkpoints, row.note);
  const name = `audit-${kernel.identity().name}-${row.from_seq}-${row.to_seq}`;
  const path = join(folder, `${name}.jsonl.zst.age`);
  const notePath = join(folder, `${name}.note`);
  const about = { from: row.from_seq, to: row.to_seq, sha256: row.sha256 };
  call.commit((event) => event({ action: "audit.segment-export-begun", object: name, details: about }));
  try {
    const { cipher } = sealPart(readLines(kernel, facts), kernel.keyring.ageRecipient());
    await writeFile(path, cipher, { flag: "wx" });
    await writeFile(notePath, row.note, { flag: "wx" });
    for (const each of [path, notePath, folder]) await sync(each);
    await readSegment(kernel, checkpoints, path);
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    const code = (cause as NodeJS.ErrnoException).code;
    const sentence =
      code === "EEXIST"
        ? `The segment is in ${folder} already. Nothing was written over.`
        : `Writing the segment into ${folder} failed: ${(cause as Error).message}.`;
    throw new Refusal(
      code === "EEXIST" ? "conflict" : "medium-failed",
      sentence,
      { path: folder, safe: "The log is as it was, and nothing was purged." },
      { cause },
    );
  }
  return { files: [basename(path), basename(notePath)], path };
}

export interface ReadSegment {
  readonly facts: SegmentFacts;
  readonly leaves: readonly Buffer[];
}

/**
 * Opens an exported segment and recomputes it: the note by our key, the lines by its hash, and the tree before it with these
 * events is the tree after it.
 *
 * @throws Refusal `refused` when any of it does not hold, `not-found` when the file or its note is not there
 */
export async function readSegment(
  kernel: Kernel,
  checkpoints: Checkpoints,
  path: string,
): Promise<ReadSegment> {
  const notePath = path.replace(/\.jsonl\.zst\.age$/, ".note");
  if (notePath === path || !isAbsolute(path) || !existsSync(path) || !existsSync(notePath)) {
    throw new Refusal(
      "not-found",
      `At file: ${path} is no exported segment with its note beside it (….jsonl.zst.age and ….note).`,
      { path: "file" },
    );
  }
  const opened = openNote(await readFile(notePath, "utf8"), checkpoints.everyKey());
  if (!opened.ok) throw notVerified(`its note is not signed by this station's log key (${opened.fault})`);
  const facts = parseSegmentText(opened.text);
  if (facts === null) throw notVerified("its note is not that of a segment");
  const identities = kernel.keyring.ageIdentities().map(({ identity }) => identity);
  let plain: Buffer;
  try {
    plain = await openPart(await readFile(path), identities, {
      bytes: facts.sizeBytes,
      sha256: facts.sha256,
    });
  } catch (cause) {
    throw notVerified(`its file is not what was exported (${(cause as Error).message})`, cause);
  }
  const leaves = linesOf(plain);
  const tree = new CompactRange(facts.before.size, facts.before.subtrees());
  for (const leaf of leaves) tree.append(leafHash(leaf));
  if (tree.size !== facts.to || !tree.root().equals(facts.after.root())) {
    throw notVerified("its events do not lead from the tree before it to the tree after it");
  }
  return { facts, leaves };
}

/** The events of a segment as JSON lines, at most 32 MiB. */
function readLines(kernel: Kernel, { from, to }: SegmentFacts): Buffer {
  const page = kernel.store
    .prepare("SELECT leaf FROM audit_event WHERE seq >= ? AND seq <= ? ORDER BY seq")
    .pluck();
  return Buffer.concat((page.all(from, to) as Buffer[]).flatMap((leaf) => [leaf, feed]));
}

function linesOf(plain: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < plain.length;) {
    const found = plain.indexOf(10, at);
    const end = found === -1 ? plain.length : found;
    lines.push(plain.subarray(at, end));
    at = end + 1;
  }
  return lines;
}

async function sync(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function notVerified(why: string, cause?: unknown): Refusal {
  return new Refusal(
    "refused",
    `This segment does not verify: ${why}.`,
    { safe: "Nothing was changed." },
    { cause },
  );
}

function damaged(event: number): Refusal {
  return new Refusal("refused", `Event ${event} is missing or not what was logged. Nothing was sealed.`, {
    remedy: "Run audit verify: it names the first bad event.",
  });
}

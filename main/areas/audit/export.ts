import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { Refusal } from "../../../shared/errors.ts";
import type { Checkpoints, StoredCheckpoint } from "../../station/audit/checkpoints.ts";
import { inclusionHashes, rootFromInclusion } from "../../station/audit/proof.ts";
import { leafHash } from "../../station/audit/tree.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import { csvHead, csvRow } from "./csv.ts";
import { keyText } from "./proofs.ts";
import type { Query } from "./query.ts";
import { search } from "./search.ts";
import type { Retention } from "./retention.ts";
import type { TextIndex } from "./text-index.ts";

export interface Exported {
  /** The folder that was made. */
  readonly folder: string;
  readonly files: string[];
  readonly events: number;
  readonly checkpointEvents: number;
  /** Whether it is the whole log up to the checkpoint, or a selection with a proof for each event. */
  readonly whole: boolean;
}

/** Events read before they are written. */
const pageEvents = 500;

/**
 * Writes what a query finds, oldest last, into a new folder: `events.jsonl` (the stored bytes, a line each), `events.csv` for
 * a spreadsheet, `checkpoint.txt`, and how to check them. A selection gets `proofs.jsonl`, a proof for each line; the whole
 * log, oldest first, needs none, because it is recomputed. Everything is synced before the answer.
 *
 * @throws Refusal `medium-failed` when the folder can't be written, `conflict` when it is there already
 */
export async function exportEvents(
  kernel: Kernel,
  parts: {
    readonly checkpoints: Checkpoints;
    readonly index: TextIndex;
    readonly retention: Pick<Retention, "purgedThrough" | "newestStub">;
  },
  asked: { readonly parent: string; readonly text: string; readonly query: Query },
  call: Call,
): Promise<Exported> {
  const checkpoint = parts.checkpoints.make();
  const stamp = kernel.clock().toISOString().slice(0, 19).replaceAll(":", "");
  const name = `audit-${kernel.identity().name}-${checkpoint.size}-${stamp}`;
  const folder = join(asked.parent, name);
  const whole = isWhole(asked.query);
  // What acts outside says so before and after (trust.md, Events).
  call.commit((event) =>
    event({
      action: "audit.export-begun",
      object: name,
      details: { query: asked.text, events: checkpoint.size, root: checkpoint.root.toString("hex") },
    }),
  );
  try {
    await mkdir(folder);
    const out = await openFiles(folder, whole);
    const events = whole
      ? await writeWhole(kernel, checkpoint, parts.retention.purgedThrough(), out)
      : await writeSelection(kernel, parts.index, asked.query, checkpoint, out);
    for (const file of out.streams) await close(file);
    await writeFile(join(folder, "checkpoint.txt"), checkpoint.note, { flag: "wx" });
    const keys = parts.checkpoints.keys().map(keyText);
    await writeFile(
      join(folder, "README.txt"),
      readme(asked.text, checkpoint, { whole, purgedThrough: parts.retention.purgedThrough() }, keys),
      { flag: "wx" },
    );
    const stub = whole ? parts.retention.newestStub() : null;
    if (stub !== null) await writeFile(join(folder, "stub.txt"), stub, { flag: "wx" });
    const files = [...out.names, "checkpoint.txt", ...(stub === null ? [] : ["stub.txt"]), "README.txt"];
    for (const file of [...files, "."]) await sync(join(folder, file));
    call.commit((event) =>
      event({ action: "audit.exported", object: name, details: { events, whole, query: asked.text } }),
    );
    return { folder, files, events, checkpointEvents: checkpoint.size, whole };
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === "EEXIST") {
      throw new Refusal(
        "conflict",
        `${folder} is there already. Nothing was written.`,
        { path: folder },
        { cause },
      );
    }
    if (code === undefined) throw cause;
    throw new Refusal(
      "medium-failed",
      `The export into ${folder} failed: ${(cause as Error).message}.`,
      { path: folder, safe: "The log is as it was. What lies in that folder is not complete." },
      { cause },
    );
  }
}

function isWhole({ terms, from, to, since, until }: Query): boolean {
  return (
    terms.length === 0 && from === 1 && to === Number.MAX_SAFE_INTEGER && since === null && until === null
  );
}

interface Output {
  readonly lines: WriteStream;
  readonly table: WriteStream;
  readonly proofs: WriteStream | null;
  readonly streams: WriteStream[];
  readonly names: string[];
}

async function openFiles(folder: string, whole: boolean): Promise<Output> {
  const names = ["events.jsonl", "events.csv", ...(whole ? [] : ["proofs.jsonl"])];
  const streams = names.map((name) => createWriteStream(join(folder, name), { flags: "wx" }));
  await Promise.all(streams.map((stream) => once(stream, "open")));
  const [lines, table, proofs] = streams as [WriteStream, WriteStream, WriteStream | undefined];
  await write(table, csvHead);
  return { lines, table, proofs: proofs ?? null, streams, names };
}

async function writeWhole(
  kernel: Kernel,
  { size }: StoredCheckpoint,
  purgedThrough: number,
  out: Output,
): Promise<number> {
  const page = kernel.store.prepare(
    "SELECT seq, leaf FROM audit_event WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?",
  );
  let at = purgedThrough;
  while (at < size) {
    kernel.stopping.throwIfAborted();
    const rows = page.all(at, size, pageEvents) as { seq: number; leaf: Buffer }[];
    if (rows.length === 0) throw damaged(at + 1);
    await writePage(
      out,
      rows.map((row) => row.leaf),
    );
    at = rows.at(-1)?.seq ?? size;
    await setImmediate();
  }
  return at - purgedThrough;
}

async function writeSelection(
  kernel: Kernel,
  index: TextIndex,
  query: Query,
  checkpoint: StoredCheckpoint,
  out: Output,
): Promise<number> {
  let events = 0;
  let below: number | null = checkpoint.size + 1;
  while (below !== null) {
    kernel.stopping.throwIfAborted();
    const found = await search(kernel, index, query, { limit: pageEvents, below });
    const leaves = found.events.map((one) => one.leaf);
    await writePage(out, leaves);
    if (out.proofs !== null) {
      const numbers = found.events.map((one) => one.event.sequence);
      await write(out.proofs, proofLines(kernel, checkpoint, numbers, leaves));
    }
    events += leaves.length;
    below = found.next;
    await setImmediate();
  }
  return events;
}

function proofLines(
  kernel: Kernel,
  { size, root }: StoredCheckpoint,
  numbers: readonly number[],
  leaves: readonly Buffer[],
): string {
  const reader = kernel.audit.tree.reader();
  return numbers
    .map((number, at) => {
      const index = number - 1;
      const hashes = inclusionHashes(reader, index, size);
      const reached = rootFromInclusion(leafHash(leaves[at] ?? Buffer.alloc(0)), index, size, hashes);
      if (reached?.equals(root) !== true) throw damaged(number);
      return `${JSON.stringify({ index, hashes: hashes.map((hash) => hash.toString("base64")) })}\n`;
    })
    .join("");
}

async function writePage(out: Output, leaves: readonly Buffer[]): Promise<void> {
  const feed = Buffer.from("\n");
  await write(out.lines, Buffer.concat(leaves.flatMap((leaf) => [leaf, feed])));
  await write(out.table, leaves.map(csvRow).join(""));
}

async function write(stream: WriteStream, bytes: Buffer | string): Promise<void> {
  if (bytes.length > 0 && !stream.write(bytes)) await once(stream, "drain");
}

async function close(stream: WriteStream): Promise<void> {
  stream.end();
  await once(stream, "close");
}

async function sync(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function damaged(event: number): Refusal {
  return new Refusal(
    "refused",
    `Event ${event} is missing or not what was signed. The export was broken off.`,
    {
      safe: "The log is as it was. What lies in the folder is not complete.",
      remedy: "Run audit verify: it names the first bad event.",
    },
  );
}

function readme(
  query: string,
  { origin, size, signedAt }: StoredCheckpoint,
  { whole, purgedThrough }: { readonly whole: boolean; readonly purgedThrough: number },
  keys: readonly string[],
): string {
  const key = keys[0] ?? "";
  const isCut = whole && purgedThrough > 0;
  const proofs = whole ? (isCut ? " --stub stub.txt" : "") : " --proofs proofs.jsonl";
  return `Events of the audit log ${origin},
${whole ? `the whole of it${isCut ? ` after event ${purgedThrough}, where a purge ended,` : ""} up to event ${size}, oldest first.` : `found by the query: ${query}\nnewest first, among the first ${size} events.`}
Checkpoint signed ${signedAt}. All times are UTC.

events.jsonl     the stored bytes of each event, one a line: what the hashes are over
events.csv       the same for a spreadsheet; a cell that could be a formula begins with '
checkpoint.txt   size and root of the log, signed (C2SP tlog-checkpoint)
${isCut ? "stub.txt         what stays signed of the purged events: the tree at their end\n" : ""}${whole ? "" : "proofs.jsonl     for each line of events.jsonl: its index in the log, and its inclusion proof (RFC 6962)\n"}
Check it on any machine with Node 20 or later; verify-audit.mjs is one file:

  node verify-audit.mjs log events.jsonl --checkpoint checkpoint.txt${proofs} --key '${key}'

Take that key from the station's card, or from a checkpoint that was printed earlier; not from here.
`;
}

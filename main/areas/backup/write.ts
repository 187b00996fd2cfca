import {
  closeSync,
  createReadStream,
  fdatasyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { createSha256, sha256Hex } from "../../station/crypto/hash.ts";
import { signSshsig } from "../../station/crypto/sshsig.ts";
import type { SigningKeyPair } from "../../station/crypto/ed25519.ts";
import type { Pool } from "../../station/pool/pool.ts";
import { syncFolderNow } from "../../station/sync-folder.ts";
import {
  backupFormat,
  backupNamespace,
  contentsName,
  manifestName,
  partBytes,
  partName,
  signatureName,
  writeJson,
  type Contents,
  type FileEntry,
  type Manifest,
  type PartEntry,
} from "./format.ts";
import { unfinishedMark } from "./folder.ts";
import { backupReadme } from "./readme.ts";
import type { SourceFile } from "./snapshot.ts";
import type { BackupTasks, Piece } from "./tasks.ts";

export interface WritePlan {
  /** The backup's own folder; it doesn't exist yet. */
  readonly folder: string;
  /** In the order in which they are written; the database first. */
  readonly files: readonly SourceFile[];
  readonly tables: Contents["tables"];
  /** All of the manifest that is known before. */
  readonly manifest: Omit<Manifest, "parts">;
  readonly signing: SigningKeyPair;
  readonly pool: Pool<BackupTasks>;
  readonly step: (name: string) => void;
  /** Between parts, with the plaintext bytes that are on the medium since the last call. May throw. */
  readonly safePoint: (bytes: number) => void;
}

export interface WrittenBackup {
  readonly manifest: Manifest;
  readonly sha256: string;
  readonly bytes: number;
}

/** Writes a backup, synced, its name last. What is there when it is cut short has no name that anybody takes for one. */
export async function writeBackup(plan: WritePlan): Promise<WrittenBackup> {
  const draft = `${plan.folder}${unfinishedMark}`;
  plan.step("backup.folder");
  mkdirSync(join(draft, "data"), { recursive: true, mode: 0o700 });
  const entries: FileEntry[] = [];
  for (const file of plan.files) {
    entries.push({ path: file.path, bytes: file.bytes, sha256: await hashFile(file) });
    plan.safePoint(0);
  }
  const { parts, plains } = await sealParts(plan, draft);
  const contents: Contents = {
    format: backupFormat,
    backup: plan.manifest.id,
    parts: plains,
    files: entries,
    tables: plan.tables,
  };
  const contentsPart = await sealContents(plan, draft, writeJson(contents));
  const manifest: Manifest = { ...plan.manifest, parts: [contentsPart, ...parts] };
  const bytes = writeJson(manifest);
  plan.step("backup.manifest");
  write(join(draft, manifestName), bytes);
  write(join(draft, "README.txt"), Buffer.from(backupReadme(manifest)));
  syncFolderNow(join(draft, "data"));
  syncFolderNow(draft);
  plan.step("backup.signature");
  write(join(draft, signatureName), Buffer.from(signSshsig(bytes, backupNamespace, plan.signing)));
  syncFolderNow(draft);
  plan.step("backup.name");
  renameSync(draft, plan.folder);
  syncFolderNow(dirname(plan.folder));
  const total = manifest.parts.reduce((sum, part) => sum + part.bytes, 0);
  return { manifest, sha256: sha256Hex(bytes), bytes: total };
}

async function sealParts(plan: WritePlan, draft: string) {
  const { pool, manifest } = plan;
  const parts: PartEntry[] = [];
  const plains: Contents["parts"] = [];
  const running: Promise<void>[] = [];
  const failures: Error[] = [];
  for (const [index, pieces] of slices(plan.files).entries()) {
    if (failures.length > 0) break;
    const name = partName(index + 1);
    plan.step("backup.part");
    const sealing = pool
      .run("seal", { pieces, recipient: manifest.recipient, target: join(draft, name) })
      .then((sealed) => {
        parts[index] = { name, bytes: sealed.cipherBytes, sha256: sealed.cipherSha256 };
        plains[index] = { name, bytes: sealed.plainBytes, sha256: sealed.plainSha256 };
        plan.safePoint(sealed.plainBytes);
      })
      .catch((error: unknown) => {
        failures.push(error instanceof Error ? error : new Error(String(error)));
      });
    running.push(sealing);
    // One more than the threads, so that none of them waits; memory stays flat whatever the size.
    if (running.length > pool.threads) await running.shift();
  }
  await Promise.all(running);
  const [failure] = failures;
  if (failure !== undefined) throw failure;
  return { parts, plains };
}

async function sealContents(plan: WritePlan, draft: string, plain: Buffer): Promise<PartEntry> {
  // The pool reads files: the contents pass through one, in the clear folder of the database copy.
  const passing = `${plan.files[0]?.from ?? draft}.contents`;
  writeFileSync(passing, plain, { mode: 0o600 });
  plan.step("backup.contents");
  try {
    const sealed = await plan.pool.run("seal", {
      pieces: [{ path: passing, from: 0, bytes: plain.byteLength }],
      recipient: plan.manifest.recipient,
      target: join(draft, contentsName),
    });
    return { name: contentsName, bytes: sealed.cipherBytes, sha256: sealed.cipherSha256 };
  } finally {
    rmSync(passing, { force: true });
  }
}

/** The files one after the other, cut every {@link partBytes}. */
export function slices(files: readonly Pick<SourceFile, "from" | "bytes">[], size = partBytes): Piece[][] {
  const all: Piece[][] = [];
  let present: Piece[] = [];
  let room = size;
  for (const file of files) {
    for (let from = 0; from < file.bytes;) {
      const bytes = Math.min(room, file.bytes - from);
      present.push({ path: file.from, from, bytes });
      from += bytes;
      room -= bytes;
      if (room > 0) continue;
      all.push(present);
      present = [];
      room = size;
    }
  }
  if (present.length > 0) all.push(present);
  return all;
}

async function hashFile({ from, bytes }: SourceFile): Promise<string> {
  const hash = createSha256();
  if (bytes > 0) {
    // To the size that was listed: a file that grows meanwhile is taken as it was.
    for await (const chunk of createReadStream(from, { end: bytes - 1, highWaterMark: 1024 * 1024 })) {
      hash.update(chunk as Buffer);
    }
  }
  return hash.digestHex();
}

function write(path: string, bytes: Buffer): void {
  const file = openSync(path, "wx", 0o600);
  try {
    for (let at = 0; at < bytes.byteLength;) at += writeSync(file, bytes, at);
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
}

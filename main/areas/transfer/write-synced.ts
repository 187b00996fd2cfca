import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { createSha256 } from "../../station/crypto/hash.ts";
import type { Landing } from "./landing.ts";
import { Uncarriable } from "./uncarriable.ts";
import type { BagFile } from "./volume.ts";

/** Bytes are told when they are synced; this many at a time keeps a slow stick's bar moving. */
const syncEveryBytes = 8 * 1024 * 1024;
const chunkBytes = 1024 * 1024;

/**
 * Writes one file of a bag and syncs it, or only syncs what is there.
 *
 * @param onSynced hears bytes as they are safe on the device, the whole file in the end
 */
export async function writeSynced(
  landing: Landing,
  file: BagFile,
  isMissing: boolean,
  onSynced: (bytes: number) => void,
): Promise<void> {
  const how = isMissing ? constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC : constants.O_RDWR;
  const target = await open(landing.path(file.name), how | constants.O_NOFOLLOW, 0o644);
  try {
    landing.checkDevice((await target.stat()).dev);
    if (!isMissing) {
      await target.datasync();
      onSynced(file.bytes);
    } else if (typeof file.from === "string") {
      await copyFromSpool(file.from, file, target, onSynced);
    } else {
      await target.writeFile(file.from);
      await target.datasync();
      onSynced(file.bytes);
    }
  } finally {
    await target.close();
  }
}

async function copyFromSpool(
  path: string,
  file: BagFile,
  target: FileHandle,
  onSynced: (bytes: number) => void,
): Promise<void> {
  const source = await openSpooled(path, file);
  try {
    const hash = createSha256();
    const chunk = Buffer.allocUnsafe(chunkBytes);
    let written = 0;
    let synced = 0;
    for (;;) {
      const bytesRead = await readSpooled(source, chunk, written, path, file);
      if (bytesRead === 0) break;
      const piece = chunk.subarray(0, bytesRead);
      hash.update(piece);
      for (let at = 0; at < bytesRead;) at += (await target.write(piece, at)).bytesWritten;
      written += bytesRead;
      if (written - synced >= syncEveryBytes) {
        await target.datasync();
        onSynced(written - synced);
        synced = written;
      }
    }
    if (written !== file.bytes || hash.digestHex() !== file.sha256) throw damagedInSpool(path, file);
    await target.datasync();
    onSynced(written - synced);
  } finally {
    await source.close();
  }
}

async function openSpooled(path: string, file: BagFile): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (error) {
    throw asSpoolFault(error, path, file);
  }
}

/** A spool that can't be read is the station's own fault, whatever medium is written to meanwhile. */
function asSpoolFault(error: unknown, path: string, file: BagFile): unknown {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "EIO" ? damagedInSpool(path, file) : error;
}

async function readSpooled(source: FileHandle, chunk: Buffer, at: number, path: string, file: BagFile) {
  try {
    return (await source.read(chunk, 0, chunk.byteLength, at)).bytesRead;
  } catch (error) {
    throw asSpoolFault(error, path, file);
  }
}

function damagedInSpool(path: string, file: BagFile): Uncarriable {
  return new Uncarriable("medium-failed", `${file.name} in the station's own spool is not what was sealed.`, {
    path,
    safe: "The bag on the medium stays unsigned, so nobody takes it for whole. Other batches were written.",
    remedy:
      "Have the station's disk checked. If a medium still carries this batch, take that one; else give the batch up, so that its records are sealed again.",
  });
}

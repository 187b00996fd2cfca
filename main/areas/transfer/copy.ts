import { mkdir, statfs, unlink } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../../../shared/errors.ts";
import type { Medium } from "../media/service.ts";
import { dataFolder, mediumFolder } from "./format/names.ts";
import type { JobRun } from "./job-run.ts";
import { Landing } from "./landing.ts";
import type { WriterDeps } from "./seal.ts";
import { syncFolder } from "./sync.ts";
import type { BagFile, Volume } from "./volume.ts";
import { writeSynced } from "./write-synced.ts";

/** Names, directories and the file system's own blocks, beside the files themselves. */
const spareBytes = 256 * 1024;

/**
 * Writes a volume onto a medium, or what is missing of it: parts, tag files, folders, each synced; the signature
 * last of all. What is there already with the right bytes is only synced. Reading back is another step.
 *
 * @throws Refusal `no-room`, `medium-failed`, `cancelled`; the next call goes on where this one stopped
 */
export async function copyVolume(
  deps: WriterDeps,
  volume: Volume,
  medium: Medium,
  run: JobRun,
): Promise<void> {
  const { step } = deps.kernel;
  const landing = new Landing(medium, volume, deps.pool);
  const files = [...volume.parts, ...volume.tagFiles];
  run.begin(
    "copy",
    files.reduce((sum, file) => sum + file.bytes, 0),
    `${volume.bag} to ${medium.path}.`,
  );
  await landing.check();
  step("copy.folders");
  for (const folder of [
    "",
    mediumFolder,
    join(mediumFolder, volume.bag),
    join(mediumFolder, volume.bag, dataFolder),
  ]) {
    if (folder !== "") await mkdir(join(medium.path, folder), { recursive: true });
    await landing.expectFolder(folder);
  }
  await landing.refuseForeignFiles();

  const missing = new Set<BagFile>();
  for (const file of files) {
    run.safePoint();
    if (!(await landing.holds(file))) missing.add(file);
  }
  const isSigned = await landing.holds(volume.signature);
  if (missing.size > 0 || !isSigned) await unsign(deps, landing, volume);
  await needRoom(medium, missing);

  for (const file of files) {
    run.safePoint();
    await landing.check();
    run.part(file.name, "copying");
    if (missing.has(file)) step(file.name.startsWith(dataFolder) ? "copy.part" : "copy.tag-file");
    const onSynced = (bytes: number): void => run.advance("copy", bytes);
    await writeSynced(landing, file, missing.has(file), onSynced);
    run.part(file.name, "synced");
  }
  run.finish("copy", "done", `${files.length} files written, each synced before the next.`);
  await flush(deps, landing, volume, run);
}

/** The directories, then the signature, then the directories that hold its name. */
async function flush({ kernel }: WriterDeps, landing: Landing, volume: Volume, run: JobRun): Promise<void> {
  run.begin("flush", volume.signature.bytes);
  run.safePoint();
  await landing.check();
  kernel.step("copy.sync-folders");
  for (const folder of [landing.path(dataFolder), landing.path(""), landing.outer, landing.root])
    await syncFolder(folder);
  const isSigned = await landing.holds(volume.signature);
  if (!isSigned) kernel.step("copy.signature");
  await writeSynced(landing, volume.signature, !isSigned, (bytes) => run.advance("flush", bytes));
  kernel.step("copy.sync-signature");
  for (const folder of [landing.path(""), landing.outer]) await syncFolder(folder);
  run.finish("flush", "done", "Folders synced, then the signature, last of all.");
}

/** A bag that is about to change must not look whole: its signature goes first. */
async function unsign({ kernel }: WriterDeps, landing: Landing, volume: Volume): Promise<void> {
  kernel.step("copy.unsign");
  await unlink(landing.path(volume.signature.name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  await syncFolder(landing.path(""));
}

async function needRoom(medium: Medium, missing: ReadonlySet<BagFile>): Promise<void> {
  if (missing.size === 0) return;
  const { bavail, bsize } = await statfs(medium.path);
  const needed = [...missing].reduce((sum, file) => sum + Math.ceil(file.bytes / bsize) * bsize, spareBytes);
  const free = bavail * bsize;
  if (free >= needed) return;
  throw new Refusal("no-room", `The batch needs ${needed} bytes on ${medium.path}, and ${free} are free.`, {
    path: medium.path,
    safe: "The sealed batch stays in the station; nothing is lost.",
    remedy: "Free space on the medium or take a larger one, then export again.",
  });
}

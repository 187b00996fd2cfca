import { readdir, unlink } from "node:fs/promises";
import { Refusal } from "../../../shared/errors.ts";
import type { Medium, MediaService, ReadBack } from "../media/service.ts";
import { dataFolder, isLitterName } from "./format/names.ts";
import type { JobRun } from "./job-run.ts";
import { Landing } from "./landing.ts";
import type { WriterDeps } from "./seal.ts";
import { syncFolder } from "./sync.ts";
import type { BagFile, Volume } from "./volume.ts";

/** How the bytes came back, and why not better. */
export interface ReadBackAnswer {
  readonly readBack: ReadBack;
  readonly why: string;
}

/**
 * Reads every byte of volumes that were just written, signature and tag files too, the best way the medium allows.
 *
 * @throws Refusal `medium-failed` when a file reads back differently: it and the signature are taken off the
 *   medium, so that the next export writes them again
 */
export async function readBackVolumes(
  deps: WriterDeps & { readonly media: MediaService },
  volumes: readonly Volume[],
  medium: Medium,
  run: JobRun,
): Promise<ReadBackAnswer> {
  const files = volumes.flatMap((volume) => [...volume.parts, ...volume.tagFiles, volume.signature]);
  run.begin(
    "read-back",
    files.reduce((sum, file) => sum + file.bytes, 0),
    "Every byte is read again.",
  );
  deps.kernel.step("read-back");
  let way: ReadBackAnswer = await prepare(deps.media, medium);
  const seen: string[] = [];
  for (const volume of volumes) {
    // Parts of several batches have the same names; those of the one that is being read are shown.
    if (volumes.length > 1) showVolume(run, volume);
    const landing = new Landing(medium, volume, deps.pool);
    await landing.check();
    await landing.refuseForeignFiles();
    await expectNames(landing, volume);
    for (const file of [...volume.parts, ...volume.tagFiles, volume.signature]) {
      run.safePoint();
      if (!(await readOne(deps, landing, file, way.readBack === "direct"))) {
        way = { readBack: "none", why: "The system served reads from its memory, not from the medium." };
      }
      run.advance("read-back", file.bytes);
      if (way.readBack === "none") for (const name of seen.splice(0)) run.part(name, "synced");
      else {
        seen.push(file.name);
        run.part(file.name, "read-back");
      }
    }
  }
  run.finish("read-back", way.readBack === "remounted" ? "proved" : "done", way.why);
  return way;
}

function showVolume(run: JobRun, { batch, parts }: Volume): void {
  run.describe({ batch: batch.batch, sequence: batch.sequence, records: batch.records, bytes: batch.bytes });
  run.showParts(parts.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256, state: "synced" })));
}

async function prepare(media: MediaService, medium: Medium): Promise<ReadBackAnswer> {
  if (medium.readBack === "remounted") {
    const outcome = await media.remount(medium);
    if (outcome.remounted)
      return { readBack: "remounted", why: "Unmounted, mounted again and read whole, names too." };
    if (!medium.readsDirect) return { readBack: "none", why: outcome.why };
    return { readBack: "direct", why: outcome.why };
  }
  return { readBack: medium.readBack, why: medium.sentence };
}

/** Reads one file. Returns whether its bytes came from where they were asked from. */
async function readOne(deps: WriterDeps, landing: Landing, file: BagFile, direct: boolean): Promise<boolean> {
  const path = landing.path(file.name);
  const task = { path, limitBytes: file.bytes };
  let fromDevice = true;
  let read;
  try {
    read = await deps.pool.run("read-file", { ...task, direct });
    if (direct) fromDevice = read.fetchedBytes !== null && read.fetchedBytes >= read.bytes;
  } catch (error) {
    if (!direct || (error as NodeJS.ErrnoException).code !== "EINVAL") throw error;
    read = await deps.pool.run("read-file", { ...task, direct: false });
    fromDevice = false;
  }
  if (read.bytes === file.bytes && read.sha256 === file.sha256) return fromDevice;
  await takeOff(deps, landing, file);
  throw new Refusal(
    "medium-failed",
    `${file.name} was written to ${landing.root} and reads back differently.`,
    {
      path,
      safe: "The bag was made incomplete on purpose, so that nobody takes it for whole. The station keeps the batch.",
      remedy: "Export again. If it happens twice, throw this medium away and take another.",
    },
  );
}

/** The cache may hold the right bytes over wrong ones on the medium: only a file that is gone is written anew. */
async function takeOff({ kernel }: WriterDeps, landing: Landing, file: BagFile): Promise<void> {
  try {
    await unlink(landing.path("tagmanifest-sha256.txt.sig"));
    if (file.name !== "tagmanifest-sha256.txt.sig") await unlink(landing.path(file.name));
    await syncFolder(landing.path(""));
  } catch (error) {
    kernel.log.warn(
      { path: landing.path(file.name), error: String(error) },
      "a damaged copy could not be taken off",
    );
  }
}

async function expectNames(landing: Landing, volume: Volume): Promise<void> {
  const found = new Set<string>();
  for (const folder of ["", dataFolder]) {
    for (const name of await readdir(landing.path(folder))) {
      if (!isLitterName(name)) found.add(folder === "" ? name : `${folder}/${name}`);
    }
  }
  const lost = [...volume.parts, ...volume.tagFiles, volume.signature].find((file) => !found.has(file.name));
  if (lost === undefined) return;
  throw new Refusal("medium-failed", `${lost.name} was written to ${landing.root} and its name is gone.`, {
    path: landing.path(lost.name),
    safe: "The station keeps the batch.",
    remedy: "Export again. If it happens twice, throw this medium away and take another.",
  });
}

import { lstat, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../../../shared/errors.ts";
import type { Pool } from "../../station/pool/pool.ts";
import type { Medium } from "../media/service.ts";
import { dataFolder, isLitterName, mediumFolder } from "./format/names.ts";
import type { TransferTasks } from "./tasks.ts";
import type { BagFile, Volume } from "./volume.ts";

const stays = "The sealed batch stays in the station; nothing is lost.";

/** The place on a medium where one bag goes, watched so that nothing is written anywhere else. */
export class Landing {
  readonly root: string;
  /** `sallyport/` on the medium. */
  readonly outer: string;
  readonly #bag: string;
  readonly #medium: Medium;
  readonly #volume: Volume;
  readonly #pool: Pool<TransferTasks>;

  constructor(medium: Medium, volume: Volume, pool: Pool<TransferTasks>) {
    this.root = medium.path;
    this.outer = join(medium.path, mediumFolder);
    this.#bag = join(this.outer, volume.bag);
    this.#medium = medium;
    this.#volume = volume;
    this.#pool = pool;
  }

  /** A path in the bag; the bag itself for "". */
  path(name: string): string {
    return name === "" ? this.#bag : join(this.#bag, name);
  }

  /**
   * A stick that was pulled leaves an empty folder of the system's disk behind: the device number tells.
   *
   * @throws Refusal `medium-failed`
   */
  async check(): Promise<void> {
    this.checkDevice((await stat(this.root)).dev);
  }

  checkDevice(deviceNumber: number): void {
    if (deviceNumber === this.#medium.deviceNumber) return;
    throw new Refusal(
      "medium-failed",
      `${this.root} is no longer the medium that it was: it was pulled or unmounted.`,
      {
        path: this.root,
        safe: stays,
        remedy: "Plug it in and mount it again, then export again; it goes on where it stopped.",
      },
    );
  }

  /** @throws Refusal `medium-failed` when it is a link or a file, or lies on another device */
  async expectFolder(relative: string): Promise<void> {
    const path = join(this.root, relative);
    const found = relative === "" ? await stat(path) : await lstat(path);
    if (!found.isDirectory()) throw this.#inTheWay(path, "is not a folder");
    this.checkDevice(found.dev);
  }

  /** @throws Refusal `medium-failed` naming the first file that no bag of this batch holds */
  async refuseForeignFiles(): Promise<void> {
    const { parts, tagFiles, signature } = this.#volume;
    const ours = new Set([dataFolder, signature.name, ...[...parts, ...tagFiles].map((file) => file.name)]);
    for (const folder of ["", dataFolder]) {
      for (const name of await readdir(this.path(folder))) {
        const inBag = folder === "" ? name : `${folder}/${name}`;
        if (!ours.has(inBag) && !isLitterName(name))
          throw this.#inTheWay(this.path(inBag), "is no file of this batch");
      }
    }
  }

  /** Whether a file is there with the right bytes, as the system's cache may tell it. */
  async holds(file: BagFile): Promise<boolean> {
    const path = this.path(file.name);
    try {
      const found = await lstat(path);
      if (!found.isFile()) throw this.#inTheWay(path, "is not a regular file");
      if (found.size !== file.bytes) return false;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
      throw error;
    }
    const read = await this.#pool.run("read-file", { path, direct: false, limitBytes: file.bytes });
    return read.bytes === file.bytes && read.sha256 === file.sha256;
  }

  #inTheWay(path: string, why: string): Refusal {
    return new Refusal("medium-failed", `${path} ${why}.`, {
      path,
      safe: stays,
      remedy: "Remove it from the medium, then export again.",
    });
  }
}

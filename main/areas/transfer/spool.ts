import { mkdir, open, readdir, rename, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../../../shared/errors.ts";
import { syncFolder } from "./sync.ts";

/** Where the sealed parts of our batches lie: `<row id>/<file>`, one folder a batch. */
export class Spool {
  readonly #root: string;

  /** @param root `spool/out` of the station */
  constructor(root: string) {
    this.#root = root;
  }

  folder(batch: number): string {
    return join(this.#root, String(batch));
  }

  /** Path of a part by its name in the batch, such as `data/part-00001.zst.age`. */
  path(batch: number, partName: string): string {
    return join(this.folder(batch), partName.slice(partName.indexOf("/") + 1));
  }

  async create(batch: number): Promise<void> {
    await mkdir(this.folder(batch), { recursive: true, mode: 0o700 });
    await syncFolder(this.#root);
  }

  /** Where a part is written before it is kept. */
  draft(batch: number, partName: string): string {
    return `${this.path(batch, partName)}.tmp`;
  }

  /** Makes the bytes of a draft durable and gives it its name; {@link sync} then makes the names durable. */
  async keep(batch: number, partName: string): Promise<void> {
    const draft = this.draft(batch, partName);
    const file = await open(draft, "r+");
    try {
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(draft, this.path(batch, partName));
  }

  /** Makes the names of a batch's parts durable. */
  async sync(batch: number): Promise<void> {
    await syncFolder(this.folder(batch));
  }

  async remove(batch: number): Promise<void> {
    await rm(this.folder(batch), { recursive: true, force: true });
  }

  /** Removes every folder that is not one of `kept`. Returns how many went. */
  async sweep(kept: ReadonlySet<number>): Promise<number> {
    await mkdir(this.#root, { recursive: true, mode: 0o700 });
    const gone = (await readdir(this.#root)).filter((name) => !kept.has(Number(name)));
    for (const name of gone) await rm(join(this.#root, name), { recursive: true, force: true });
    return gone.length;
  }

  /** @throws Refusal `no-room` when the station's disk has less than `bytes` left */
  async needRoom(bytes: number): Promise<void> {
    await mkdir(this.#root, { recursive: true, mode: 0o700 });
    const { bavail, bsize } = await statfs(this.#root);
    if (bavail * bsize >= bytes) return;
    throw new Refusal(
      "no-room",
      `Sealing needs about ${Math.ceil(bytes)} bytes free in ${this.#root}, and there are ${bavail * bsize}.`,
      {
        path: this.#root,
        safe: "Nothing was sealed and no number was used up.",
        remedy: "Free space on the station's disk, then export again.",
      },
    );
  }
}

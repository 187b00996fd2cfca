import { isAbsolute } from "node:path";
import type { media } from "../../../shared/contract/transfer.ts";
import { Refusal } from "../../../shared/errors.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Kernel } from "../../station/kernel.ts";
import { listPlugged, type Plugged } from "./list.ts";
import { lookAtMedium, type Medium } from "./medium.ts";
import { remount, type RemountOutcome } from "./remount.ts";

export type { Medium, ReadBack } from "./medium.ts";
export type { RemountOutcome } from "./remount.ts";

/** What folders and mounted devices are as media, and how well they can be read back. */
export interface MediaService {
  readonly handlers: AreaHandlers<typeof media>;
  /**
   * What a folder is as a medium, now.
   *
   * @throws Refusal `medium-failed` when it can't be looked at
   */
  look(path: string): Promise<Medium>;
  /** Takes the medium's file system down and up again; asks nobody. Only for one whose `readBack` is `remounted`. */
  remount(medium: Medium): Promise<RemountOutcome>;
}

export function createMediaService(kernel: Pick<Kernel, "paths" | "log">): MediaService {
  async function look(path: string): Promise<Medium> {
    if (!isAbsolute(path)) throw new Refusal("bad-input", `${path} is not an absolute path.`, { path });
    try {
      return await lookAtMedium(path, kernel.paths.root);
    } catch (error) {
      throw new Refusal(
        "medium-failed",
        `${path} cannot be looked at: ${(error as Error).message}.`,
        {
          path,
          remedy: "Check that the medium is plugged in and mounted.",
        },
        { cause: error },
      );
    }
  }

  async function plugged(): Promise<Plugged[]> {
    try {
      return await listPlugged();
    } catch (error) {
      kernel.log.warn({ error: String(error) }, "lsblk could not list media");
      return [];
    }
  }

  return {
    look,
    async remount(medium) {
      if (medium.mount === undefined) return { remounted: false, why: medium.sentence };
      return await remount(medium.mount);
    },
    handlers: {
      async list() {
        const media = [];
        for (const each of await plugged()) {
          try {
            const { fileSystem, freeBytes, readBack } = await look(each.path);
            media.push({ ...each, fileSystem, freeBytes, readBack });
          } catch (error) {
            // One broken stick must not hide the others.
            kernel.log.warn({ path: each.path, error: String(error) }, "a medium could not be looked at");
          }
        }
        return { media };
      },
      async look({ medium }) {
        const { path, exists, fileSystem, freeBytes, readBack, sentence } = await look(medium);
        return { path, exists, fileSystem, freeBytes, readBack, sentence };
      },
    },
  };
}

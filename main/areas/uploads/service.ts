import { appendFileSync, mkdirSync, rmSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import type * as z from "zod";
import type { contract } from "../../../shared/contract/contract.ts";
import type { linesSource } from "../../../shared/contract/fields.ts";
import { Refusal } from "../../../shared/errors.ts";
import { randomHex } from "../../station/crypto/random.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import { readBodies, type Bodies } from "./bodies.ts";
import { piecesOf } from "./pieces.ts";

/** Half of V8's longest string and far above any honest file of requests. */
const uploadCapBytes = 1024 * 1024 * 1024;

export interface UploadsService {
  readonly handlers: AreaHandlers<typeof contract.uploads>;
  /** The JSON lines of a source: its text, or what was uploaded on this very connection. */
  readBodies(source: z.infer<typeof linesSource>, call: Call): Bodies;
  /** Forgets an upload after its use. */
  drop(source: z.infer<typeof linesSource>, call: Call): void;
  /** Removes what a closed connection left. */
  ended(connection: string): void;
}

/** A page or a command hands over one file at a time. */
const mostUploads = 4;

/** Room that is left for the database and the log, as an import leaves it. */
const spareBytes = 64 * 1024 * 1024;

/** Half of a surrogate pair has no bytes in UTF-8; it would become another character without a word. */
function expectWhole(text: string): void {
  if (text.isWellFormed()) return;
  throw new Refusal("bad-input", "At text: half of a character (a lone surrogate). Nothing was taken.", {
    path: "text",
  });
}

/** Files handed over in pieces. They belong to one connection and end with it. */
export function createUploadsService(kernel: Kernel): UploadsService {
  const owners = new Map<string, string>();
  rmSync(kernel.paths.uploads, { recursive: true, force: true });

  function pathOf(upload: string, call: Call): string {
    if (owners.get(upload) !== call.connection.id) {
      throw new Refusal("not-found", "This upload does not exist, or belongs to another session.", {
        path: "upload",
      });
    }
    return join(kernel.paths.uploads, upload);
  }

  return {
    handlers: {
      begin(_input, call) {
        const held = [...owners.values()].filter((owner) => owner === call.connection.id).length;
        if (held >= mostUploads) {
          throw new Refusal("conflict", `This session holds ${held} uploads that nothing was done with.`, {
            remedy: "Submit or load one of them first.",
          });
        }
        const upload = randomHex(16);
        mkdirSync(kernel.paths.uploads, { recursive: true, mode: 0o700 });
        appendFileSync(join(kernel.paths.uploads, upload), "", { mode: 0o600 });
        owners.set(upload, call.connection.id);
        return { upload };
      },
      append(input, call) {
        const path = pathOf(input.upload, call);
        expectWhole(input.text);
        const piece = Buffer.from(input.text, "utf8");
        const bytes = statSync(path).size + piece.length;
        if (bytes > uploadCapBytes) {
          throw new Refusal("bad-input", `At upload: over ${uploadCapBytes} bytes. Split the file.`, {
            path: "upload",
          });
        }
        const { bavail, bsize } = statfsSync(kernel.paths.uploads);
        if (bavail * bsize < piece.length + spareBytes) {
          throw new Refusal("no-room", "The station's disk has no room for this file.", {
            safe: "Nothing was taken from it.",
            remedy: "Free space on the disk of the station directory, then try again.",
          });
        }
        appendFileSync(path, piece);
        return { bytes };
      },
    },
    readBodies(source, call) {
      if ("text" in source) {
        expectWhole(source.text);
        const text = Buffer.from(source.text, "utf8");
        return readBodies(() => [text]);
      }
      const path = pathOf(source.upload, call);
      try {
        return readBodies(() => piecesOf(path));
      } catch (error) {
        // Its bytes won't change any more: a corrected file is another upload.
        rmSync(path, { force: true });
        owners.delete(source.upload);
        throw error;
      }
    },
    drop(source, call) {
      if ("text" in source) return;
      rmSync(pathOf(source.upload, call), { force: true });
      owners.delete(source.upload);
    },
    ended(connection) {
      for (const [upload, owner] of owners) {
        if (owner !== connection) continue;
        rmSync(join(kernel.paths.uploads, upload), { force: true });
        owners.delete(upload);
      }
    },
  };
}

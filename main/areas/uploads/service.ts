import { appendFileSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type * as z from "zod";
import type { contract } from "../../../shared/contract/contract.ts";
import type { linesSource } from "../../../shared/contract/fields.ts";
import { Refusal } from "../../../shared/errors.ts";
import { sha256Hex } from "../../station/crypto/hash.ts";
import { randomHex } from "../../station/crypto/random.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import { readBodies } from "./bodies.ts";

/** Half of V8's longest string and far above any honest file of requests. */
const uploadCapBytes = 1024 * 1024 * 1024;

export interface UploadsService {
  readonly handlers: AreaHandlers<typeof contract.uploads>;
  /** The JSON lines of a source: its text, or what was uploaded on this very connection. */
  readBodies(source: z.infer<typeof linesSource>, call: Call): { bodies: string[]; sha256: string };
  /** Forgets an upload after its use. */
  drop(source: z.infer<typeof linesSource>, call: Call): void;
  /** Removes what a closed connection left. */
  ended(connection: string): void;
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
        const upload = randomHex(16);
        mkdirSync(kernel.paths.uploads, { recursive: true, mode: 0o700 });
        appendFileSync(join(kernel.paths.uploads, upload), "", { mode: 0o600 });
        owners.set(upload, call.connection.id);
        return { upload };
      },
      append(input, call) {
        const path = pathOf(input.upload, call);
        const piece = Buffer.from(input.text, "utf8");
        const bytes = statSync(path).size + piece.length;
        if (bytes > uploadCapBytes) {
          throw new Refusal("bad-input", `At upload: over ${uploadCapBytes} bytes. Split the file.`, {
            path: "upload",
          });
        }
        appendFileSync(path, piece);
        return { bytes };
      },
    },
    readBodies(source, call) {
      const text =
        "text" in source ? Buffer.from(source.text, "utf8") : readFileSync(pathOf(source.upload, call));
      return { bodies: readBodies(text), sha256: sha256Hex(text) };
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

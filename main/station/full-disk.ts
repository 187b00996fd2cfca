import { Refusal } from "../../shared/errors.ts";
import type { StationPaths } from "./paths.ts";
import { releaseReserve } from "./reserve.ts";

/** What the system and SQLite say when nothing more can be written. */
const fullCodes = new Set(["ENOSPC", "EDQUOT", "SQLITE_FULL"]);

/**
 * Opens a station whose disk may be full to the last byte: the reserve is given up and the opening tried once more,
 * so that its operator can see what it holds and carry it away. Throws `no-room` where even that is not enough.
 */
export async function openDespiteFullDisk<Opened>(
  open: () => Promise<Opened>,
  paths: Pick<StationPaths, "root" | "reserve">,
): Promise<Opened> {
  try {
    return await open();
  } catch (error) {
    if (!isFull(error)) throw error;
  }
  releaseReserve(paths.reserve);
  try {
    return await open();
  } catch (error) {
    if (!isFull(error)) throw error;
    throw new Refusal(
      "no-room",
      `The disk that holds the station (${paths.root}) is full: it can't be opened. Nothing in it was changed. Free some space on that disk and try again.`,
      { path: paths.root },
      { cause: error },
    );
  }
}

function isFull(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && fullCodes.has(code);
}

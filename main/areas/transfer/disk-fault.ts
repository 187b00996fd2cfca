import { Refusal } from "../../../shared/errors.ts";

/** Whose disk said no: where, what is safe and what to do. */
export interface DiskPlace {
  readonly what: string;
  readonly path: string;
  readonly safe: string;
  readonly remedy: string;
}

const noRoom = new Set(["ENOSPC", "EDQUOT", "EFBIG", "SQLITE_FULL"]);
const sayings: Readonly<Record<string, string>> = {
  EROFS: "it is read-only",
  READONLY: "it is read-only",
  EIO: "it answers with an input/output error",
  IOERR: "it answers with an input/output error",
  EACCES: "access is denied",
  EPERM: "access is denied",
  ENOENT: "it has gone away",
  ENODEV: "it has gone away",
  ENXIO: "it has gone away",
  ESTALE: "it has gone away",
  ENOTDIR: "something on it is not the folder that it should be",
  EISDIR: "something on it is not the file that it should be",
  ELOOP: "something on it is a link",
};

/**
 * Turns an error of the system into a refusal that says what is safe. Refusals pass as they are, and so does
 * every error that no disk makes: that is a fault of the program.
 */
export function diskFault(error: unknown, place: DiskPlace): unknown {
  if (error instanceof Refusal) return error;
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== "string" || !/^(E[A-Z0-9]+|SQLITE_(FULL|IOERR.*|READONLY.*))$/.test(code)) return error;
  const facts = { path: place.path, safe: place.safe, remedy: place.remedy };
  if (noRoom.has(code)) {
    return new Refusal("no-room", `There is no room left on ${place.what} (${place.path}).`, facts, {
      cause: error,
    });
  }
  return new Refusal(
    "medium-failed",
    `${place.what} failed at ${place.path}: ${sayings[code.replace(/^SQLITE_(IOERR|READONLY).*$/, "$1")] ?? code}.`,
    facts,
    {
      cause: error,
    },
  );
}

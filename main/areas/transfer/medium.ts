import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  opendirSync,
  openSync,
  readSync,
  realpathSync,
  type Dirent,
} from "node:fs";
import { join } from "node:path";

/** Why a name on a medium was not opened. */
export type OpenFault = "absent" | "not-a-regular-file" | "unreadable";

export class MediumFault extends Error {
  override readonly name = "MediumFault";
  readonly fault: OpenFault;

  constructor(fault: OpenFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

export type EntryKind = "file" | "folder" | "other";
/** A name as it stands on the medium; bytes that are no UTF-8 become U+FFFD, which no listed name holds. */
export interface Entry {
  readonly name: string;
  readonly kind: EntryKind;
}

const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0, O_DIRECTORY = 0 } = constants;
/** Linux alone has a path to an open folder; elsewhere paths are compared with what they really are. */
const hasFolderPaths = process.platform === "linux";

/**
 * An open folder of a medium. Names below it are opened one level at a time and never through a link,
 * a FIFO never blocks, and what was opened is looked at, not what the name says a moment later.
 */
export class MediumFolder {
  readonly #fd: number | null;
  readonly #path: string;

  private constructor(fd: number | null, path: string) {
    this.#fd = fd;
    this.#path = path;
  }

  /** Opens the medium itself. This one name is the operator's own choice, so links in it are followed. */
  static open(path: string): MediumFolder {
    try {
      const real = realpathSync(path);
      return MediumFolder.#openAt(real, real);
    } catch (error) {
      throw asMediumFault(error, path);
    }
  }

  static #openAt(path: string, real: string): MediumFolder {
    if (!hasFolderPaths) {
      if (!lstatSync(path).isDirectory()) throw new MediumFault("not-a-regular-file", `${path} is no folder`);
      return new MediumFolder(null, real);
    }
    const fd = openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK);
    return new MediumFolder(fd, `/proc/self/fd/${fd}`);
  }

  /** @throws MediumFault */
  folder(name: string): MediumFolder {
    try {
      return MediumFolder.#openAt(this.#inside(name), join(this.#path, name));
    } catch (error) {
      throw asMediumFault(error, name);
    }
  }

  /** Opens a plain file for reading. @throws MediumFault */
  file(name: string): MediumFile {
    let fd: number | undefined;
    try {
      fd = openSync(this.#inside(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      const state = fstatSync(fd);
      if (!state.isFile()) throw new MediumFault("not-a-regular-file", `${name} is no plain file`);
      return new MediumFile(fd, state.size);
    } catch (error) {
      if (fd !== undefined) closeSync(fd);
      throw asMediumFault(error, name);
    }
  }

  /** Every entry, one at a time: a folder of a million names costs no memory. @throws MediumFault */
  *entries(): Generator<Entry> {
    try {
      const folder = opendirSync(this.#path, { encoding: "buffer" as BufferEncoding, bufferSize: 512 });
      try {
        for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
          yield { name: Buffer.from(entry.name).toString("utf8"), kind: kindOf(entry) };
        }
      } finally {
        folder.closeSync();
      }
    } catch (error) {
      throw asMediumFault(error, "a folder of the medium");
    }
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
  }

  #inside(name: string): string {
    const path = join(this.#path, name);
    if (hasFolderPaths) return path;
    const isSame = realpathSync(path) === path && lstatSync(path).dev === lstatSync(this.#path).dev;
    if (!isSame) throw new MediumFault("not-a-regular-file", `${name} leads elsewhere`);
    return path;
  }
}

/** An open plain file of a medium. It is read once, from its start; nothing is asked of it twice. */
export class MediumFile {
  readonly fd: number;
  /** What the file system said when it was opened; the medium may lie. */
  readonly sizeBytes: number;

  constructor(fd: number, sizeBytes: number) {
    this.fd = fd;
    this.sizeBytes = sizeBytes;
  }

  /** The whole file, or null when it holds more than `capBytes`. @throws MediumFault `unreadable` */
  readWhole(capBytes: number): Buffer | null {
    if (this.sizeBytes > capBytes) return null;
    const bytes = Buffer.allocUnsafe(Math.min(this.sizeBytes + 1, capBytes + 1));
    let length = 0;
    try {
      while (length < bytes.byteLength) {
        const read = readSync(this.fd, bytes, length, bytes.byteLength - length, null);
        if (read === 0) break;
        length += read;
      }
    } catch (error) {
      throw new MediumFault("unreadable", "a file of the medium can't be read", { cause: error });
    }
    return length > this.sizeBytes ? null : bytes.subarray(0, length);
  }

  close(): void {
    closeSync(this.fd);
  }
}

function kindOf(entry: Dirent): EntryKind {
  if (entry.isFile()) return "file";
  return entry.isDirectory() ? "folder" : "other";
}

/** ENOTDIR and ELOOP are links and files where folders belong; ENXIO is a socket or a FIFO. */
const oddCodes = new Set(["ELOOP", "ENOTDIR", "ENXIO", "ENODEV", "EISDIR"]);

function asMediumFault(error: unknown, name: string): MediumFault {
  if (error instanceof MediumFault) return error;
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (code === "ENOENT") return new MediumFault("absent", `${name} is not there`, { cause: error });
  const fault = oddCodes.has(code) ? "not-a-regular-file" : "unreadable";
  return new MediumFault(fault, `${name} can't be opened (${code})`, { cause: error });
}

import { createReadStream } from "node:fs";
import { chmod, open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { isAbsolute, relative, resolve } from "node:path";
import type { ReadStream, WriteStream } from "node:tty";
import { Refusal } from "../../shared/errors.ts";
import type { StationClient } from "./client.ts";
import type { Here } from "./here.ts";
import { askSecret } from "./prompt.ts";

/** What a command can do at this desk: read and write the files that flags name, ask for a passphrase. */
export interface Desk {
  /** Absolute, from this working directory: the station may live in another process. */
  absolute(path: string): string;
  /** A small text file, or stdin for `-`. */
  readText(path: string, largestBytes: number): Promise<string>;
  /** JSON lines for an operation: whole when small, else handed over in pieces first. `-` is stdin. */
  lines(path: string): Promise<{ text: string } | { upload: string }>;
  /** Written beside its place and moved there, so nobody meets half of it. */
  write(path: string, text: string, mode: number): Promise<void>;
  /** Throws unless it is a folder that exists and does not lie in the station's directory. */
  folderOutside(path: string): Promise<void>;
  /** A sentence for whoever sits here, beside the result. */
  note(sentence: string): void;
  /** The station, for what a command must know before it asks. */
  readonly station: StationClient["typed"];
  /** The file that a common option names, where one does. */
  readonly passphraseFile: string | undefined;
  /** The signed-in operator's passphrase: asked for once. */
  passphrase(): Promise<string>;
  /** A passphrase that exists already, from a file. */
  existingPassphrase(file: string): Promise<string>;
  /** Something that is typed without echo. */
  secret(question: string): Promise<string>;
  /** A passphrase that is being chosen; typed twice where it is typed. */
  newPassphrase(file: string | undefined, what: string): Promise<string>;
}

export interface DeskDeps {
  readonly here: Here;
  /** The station's own. */
  readonly directory: string;
  readonly passphraseFile: string | undefined;
  readonly client: StationClient;
}

/** Up to here a file travels in one message; more goes through `uploads` in pieces of this size. */
const pieceBytes = 1024 * 1024;
const largestPassphraseBytes = 4096;

export function createDesk(deps: DeskDeps): Desk {
  const absolute = (path: string): string => resolve(deps.here.workingDirectory, path);
  const source = (path: string): AsyncIterable<Buffer> =>
    path === "-" ? deps.here.stdin : createReadStream(absolute(path), { highWaterMark: pieceBytes });
  let known: Promise<string> | undefined;

  return {
    absolute,
    passphraseFile: deps.passphraseFile,
    readText: (path, largestBytes) => readText(source(path), path, largestBytes),
    lines: (path) => readLines(source(path), path, deps.client),
    folderOutside: (path) => expectOutside(absolute(path), deps.directory),
    note: (sentence) => void deps.here.stderr.write(`${sentence}\n`),
    station: deps.client.typed,
    write: (path, text, mode) => writeWhole(absolute(path), text, mode),
    passphrase: () =>
      (known ??=
        deps.passphraseFile === undefined
          ? ask("Passphrase: ", deps)
          : readPassphrase(absolute(deps.passphraseFile))),
    existingPassphrase: (file) => readPassphrase(absolute(file)),
    secret: (question) => ask(question, deps),
    newPassphrase: async (file, what) => {
      if (file !== undefined) return readPassphrase(absolute(file));
      const first = await ask(`${what} (15 characters or more): `, deps);
      if (first !== (await ask("Once more: ", deps))) {
        throw new Refusal("bad-input", "The two passphrases differ. Nothing was done.");
      }
      return first;
    },
  };
}

/** The final line feed of a passphrase file is not part of it. */
async function readPassphrase(path: string): Promise<string> {
  const { size } = await opened(path, () => stat(path));
  if (size > largestPassphraseBytes)
    throw new Refusal("bad-input", `${path} is too large for a passphrase.`, { path });
  const text = decode(await opened(path, () => readFile(path)), path);
  const passphrase = text.endsWith("\n") ? text.slice(0, -1) : text;
  if (passphrase === "") throw new Refusal("bad-input", `${path} holds no passphrase.`, { path });
  return passphrase;
}

async function ask(question: string, { here }: DeskDeps): Promise<string> {
  const { stdin, stderr } = here;
  if (!stdin.isTTY || !stderr.isTTY) {
    throw new Refusal(
      "not-signed-in",
      "This needs a passphrase, and there is no terminal to ask on. Give --passphrase-file FILE or set SALLYPORT_PASSPHRASE_FILE.",
    );
  }
  const answer = await askSecret(question, { input: stdin as ReadStream, output: stderr as WriteStream });
  if (answer === undefined) throw new Refusal("cancelled", "Broken off. Nothing was done.");
  return answer;
}

async function readText(chunks: AsyncIterable<Buffer>, path: string, largestBytes: number): Promise<string> {
  return opened(path, async () => {
    const parts: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > largestBytes) {
        throw new Refusal("bad-input", `${path} is larger than the ${largestBytes} bytes that it may have.`, {
          path,
        });
      }
      parts.push(chunk);
    }
    return decode(Buffer.concat(parts), path);
  });
}

function decode(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw notUtf8(path);
  }
}

async function readLines(
  chunks: AsyncIterable<Buffer>,
  path: string,
  client: StationClient,
): Promise<{ text: string } | { upload: string }> {
  return opened(path, async () => {
    // Decoding as a stream never cuts a character, so neither do the pieces.
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    let first = "";
    let bytes = 0;
    let upload: string | undefined;
    const take = async (text: string): Promise<void> => {
      if (bytes <= pieceBytes) {
        first += text;
        return;
      }
      upload ??= (await client.typed.uploads.begin({})).upload;
      const piece = first + text;
      first = "";
      await client.typed.uploads.append({ upload, text: piece });
    };
    for await (const chunk of chunks) {
      bytes += chunk.length;
      await take(decodeNext(decoder, chunk, path));
    }
    const rest = decodeNext(decoder, undefined, path);
    if (upload === undefined) return { text: first + rest };
    if (rest !== "") await take(rest);
    return { upload };
  });
}

function decodeNext(
  decoder: InstanceType<typeof TextDecoder>,
  chunk: Buffer | undefined,
  path: string,
): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    throw notUtf8(path);
  }
}

const notUtf8 = (path: string): Refusal =>
  new Refusal("bad-input", `${path} is not UTF-8 text. Nothing was taken from it.`, { path });

/** What lies in the station's directory is copied with it: shares there would open the copy. */
async function expectOutside(folder: string, directory: string): Promise<void> {
  const real = await opened(folder, () => realpath(folder));
  if (!(await stat(real)).isDirectory())
    throw new Refusal("bad-input", `${folder} is no folder.`, { path: folder });
  const way = relative(await realpath(directory), real);
  if (way !== "" && (way.startsWith("..") || isAbsolute(way))) return;
  throw new Refusal(
    "bad-input",
    `${folder} lies in the station's directory: what is written there is copied with it. Choose a folder elsewhere.`,
    { path: folder },
  );
}

async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(beside, "wx", mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await chmod(beside, mode);
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true });
    throw new Refusal(
      "medium-failed",
      `${path} could not be written: ${(cause as Error).message}.`,
      { path },
      { cause },
    );
  }
}

/** Says in a sentence why a file couldn't be read; refusals pass. */
async function opened<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === "ENOENT") throw new Refusal("not-found", `There is no file ${path}.`, { path }, { cause });
    if (code === "EISDIR")
      throw new Refusal("bad-input", `${path} is a folder, not a file.`, { path }, { cause });
    if (code === "EACCES")
      throw new Refusal("bad-input", `${path} may not be read by this user.`, { path }, { cause });
    throw cause;
  }
}

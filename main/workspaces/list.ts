import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import * as z from "zod";
import { side, stationName } from "../../shared/contract/fields.ts";
import { Refusal } from "../../shared/errors.ts";

const workspace = z.strictObject({
  /** What the user calls it; the station's own name, as a rule. */
  name: stationName,
  /** Absolute. */
  directory: z.string().min(1).max(4096),
  /** Null until it is founded. */
  side: side.nullable(),
  /** UTC; null before it was opened from the list. */
  openedAt: z.string().nullable(),
});

const schema = z.strictObject({
  format: z.literal("sallyport-workspaces@v1"),
  /** The one that a command means that names none. */
  default: stationName.nullable(),
  workspaces: z.array(workspace).max(1000),
});

export type Workspace = z.infer<typeof workspace>;
export type Workspaces = Omit<z.infer<typeof schema>, "format">;

const none: Workspaces = { default: null, workspaces: [] };

/**
 * The stations that this user keeps by name: names, directories, sides, when last opened; never a secret. Throws
 * `not-ready` for a file that others could have written: whoever writes it chooses the door at which a passphrase is typed.
 */
export function readWorkspaces(path: string): Workspaces {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return none;
    throw faulty(path, `can't be read: ${(cause as Error).message}`, cause);
  }
  let text: string;
  try {
    refuseForeign(path, fstatSync(file));
    text = readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw faulty(path, "is not JSON", cause);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw faulty(path, `has a fault at ${parsed.error.issues[0]?.path.join(".") ?? "its root"}`);
  return parsed.data;
}

function refuseForeign(path: string, { mode, uid }: { mode: number; uid: number }): void {
  if (process.platform === "win32") return;
  if (process.getuid !== undefined && uid !== process.getuid()) {
    throw faulty(path, "belongs to another user, who could name any directory in it");
  }
  if ((mode & 0o077) !== 0) {
    const octal = (mode & 0o777).toString(8).padStart(4, "0");
    throw faulty(
      path,
      `has mode ${octal}, so others may read or write it. Set it right with: chmod 600 ${path}`,
    );
  }
}

function faulty(path: string, what: string, cause?: unknown): Refusal {
  return new Refusal(
    "not-ready",
    `The list of stations ${path} ${what}. Nothing was opened by name.`,
    { path, remedy: "Correct or remove that file, or give the station's directory: --station ./DIR" },
    { cause },
  );
}

/** Changes the list; of two processes that do so at once, one waits for the other. Mode 0600, synced, replaced whole. */
export function changeWorkspaces(path: string, change: (list: Workspaces) => Workspaces): Workspaces {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const release = takeLock(`${path}.lock`);
  try {
    const next = change(readWorkspaces(path));
    const document = schema.parse({ format: "sallyport-workspaces@v1", ...next });
    const beside = `${path}.${process.pid}.tmp`;
    const file = openSync(beside, "w", 0o600);
    try {
      writeSync(file, `${JSON.stringify(document, null, 2)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    chmodSync(beside, 0o600);
    renameSync(beside, path);
    return next;
  } finally {
    release();
  }
}

/** A change takes milliseconds: who finds a lock this old finds what a killed process left. */
const staleLockMs = 10_000;
const tries = 200;
const pauseMs = 10;

function takeLock(path: string): () => void {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    try {
      closeSync(openSync(path, "wx", 0o600));
      return () => rmSync(path, { force: true });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
    }
    const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (made !== undefined && Date.now() - made > staleLockMs) rmSync(path, { force: true });
    // Short and rare, in a process that does nothing else at this moment.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
  }
  throw new Refusal("conflict", `Another process keeps the list of stations busy: ${path} is there.`, {
    path,
  });
}

/** Adds a workspace, or says anew what one is. Throws `conflict` when the name is another directory's. */
export function withWorkspace(list: Workspaces, added: Workspace): Workspaces {
  const other = list.workspaces.find((one) => one.name === added.name && one.directory !== added.directory);
  if (other !== undefined) {
    throw new Refusal(
      "conflict",
      `${added.name} is the name of ${other.directory} already. Give another: --name NAME`,
    );
  }
  const rest = list.workspaces.filter((one) => one.name !== added.name && one.directory !== added.directory);
  const workspaces = [...rest, added].toSorted((one, next) => one.name.localeCompare(next.name));
  const kept = workspaces.some((one) => one.name === list.default);
  return { default: kept ? list.default : null, workspaces };
}

export function withoutWorkspace(list: Workspaces, name: string): Workspaces {
  expectWorkspace(list, name);
  return {
    default: list.default === name ? null : list.default,
    workspaces: list.workspaces.filter((one) => one.name !== name),
  };
}

/** Throws `not-found` with the names that there are. */
export function expectWorkspace(list: Workspaces, name: string): Workspace {
  const found = list.workspaces.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = list.workspaces.map((one) => one.name).join(", ");
  throw new Refusal(
    "not-found",
    `There is no station ${name} in your list${names === "" ? "" : `: ${names}`}.`,
  );
}

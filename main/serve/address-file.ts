import {
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Refusal } from "../../shared/errors.ts";
import { randomHex } from "../station/crypto/random.ts";

/** A file that leads the owner's browser to the one-time address. */
export interface AddressFile {
  /** `file:` address, for the browser's command line: every user of this machine may read that. */
  readonly url: string;
  remove(): void;
}

const named = /^open-[0-9a-f]{32}\.html$/;

/**
 * Writes the one-time address where the owner of the machine alone can read it: `run/open-*.html`, mode 0600, in a folder
 * of mode 0700. A command line would show it to every user of the machine (/proc). Throws `not-ready` when the folder is not
 * the owner's alone. What a killed process left is removed; its addresses opened nothing any more.
 */
export function writeAddressFile(run: string, address: string): AddressFile {
  refuseOpenFolder(run);
  for (const name of readdirSync(run)) if (named.test(name)) rmSync(join(run, name), { force: true });
  const path = join(run, `open-${randomHex(16)}.html`);
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const file = openSync(path, flags, 0o600);
  try {
    // The address holds digits, dots, colons, and base64url alone: nothing in it needs to be escaped.
    writeSync(file, `<!doctype html><meta http-equiv="refresh" content="0;url=${address}">\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return { url: pathToFileURL(path).href, remove: () => rmSync(path, { force: true }) };
}

function refuseOpenFolder(run: string): void {
  if (process.platform === "win32") return;
  const found = lstatSync(run);
  const mode = (found.mode & 0o777).toString(8).padStart(4, "0");
  const why = !found.isDirectory()
    ? "is no directory"
    : process.getuid !== undefined && found.uid !== process.getuid()
      ? "belongs to another user"
      : (found.mode & 0o077) !== 0
        ? `has mode ${mode}, so others may look into it`
        : null;
  if (why === null) return;
  throw new Refusal("not-ready", `${run} ${why}. The one-time address was not written there.`, {
    path: run,
    remedy: `Make it your own again: chmod 700 ${run}. Or start with --no-browser and carry the printed address over.`,
  });
}

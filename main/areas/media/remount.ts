import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { promisify } from "node:util";
import { Refusal } from "../../../shared/errors.ts";
import { readMounts, type Mount } from "./mounts.ts";

const run = promisify(execFile);

/** A slow stick may still have to write its last blocks; two minutes is far beyond what was synced before. */
const commandTimeoutMs = 120_000;

/** `remounted`, or why it stayed mounted as it was. */
export type RemountOutcome =
  | { readonly remounted: true }
  | { readonly remounted: false; readonly why: string };

/**
 * Unmounts a file system and mounts it again with the same options, so that what is read next comes from the
 * medium, names too. Nothing of ours may be open on it.
 *
 * @throws Refusal `medium-failed` when it is unmounted and can't be mounted again
 */
export async function remount(mount: Mount): Promise<RemountOutcome> {
  try {
    await command("umount", [mount.mountPoint]);
  } catch (error) {
    return { remounted: false, why: `It could not be unmounted (${lastLine(error)}).` };
  }
  const released = await isReleased(mount.source);
  await mountAgain(mount);
  if (released) return { remounted: true };
  return { remounted: false, why: "Another process still holds its device, so its cache may have stayed." };
}

/** Opening a block device exclusively fails while any namespace has it mounted (open(2), O_EXCL without O_CREAT). */
async function isReleased(source: string): Promise<boolean> {
  try {
    await (await open(source, constants.O_RDONLY | constants.O_EXCL)).close();
    return true;
  } catch {
    return false;
  }
}

async function mountAgain(mount: Mount): Promise<void> {
  // udisks takes its mount points away once they are unused.
  await mkdir(mount.mountPoint, { recursive: true });
  const attempts = [
    [...mount.options, ...mount.superOptions],
    [...mount.options, ...mount.superOptions.filter(isOwnership)],
  ];
  let failure: unknown;
  for (const options of attempts) {
    try {
      await command("mount", [
        "-t",
        mount.fileSystem,
        "-o",
        [...new Set(options)].join(","),
        mount.source,
        mount.mountPoint,
      ]);
      if (
        (await readMounts()).some(
          (each) => each.mountPoint === mount.mountPoint && each.device === mount.device,
        )
      )
        return;
    } catch (error) {
      failure = error;
    }
  }
  throw new Refusal(
    "medium-failed",
    `${mount.mountPoint} was unmounted for reading it back and cannot be mounted again (${lastLine(failure)}).`,
    {
      path: mount.mountPoint,
      safe: "What was written is synced, but not read back. The station keeps all of it.",
      remedy: `Mount ${mount.source} at ${mount.mountPoint} by hand and run the export again; it goes on where it stopped.`,
    },
  );
}

/** What FAT and exFAT need to give the files to the same people as before; other options have good defaults. */
function isOwnership(option: string): boolean {
  return /^(uid|gid|umask|fmask|dmask|iocharset|codepage|utf8)(=|$)/.test(option);
}

async function command(file: string, values: readonly string[]): Promise<string> {
  const { stdout } = await run(file, [...values], {
    timeout: commandTimeoutMs,
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C" },
  });
  return stdout;
}

function lastLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  return (stderr?.trim() || message || "no reason given").split("\n").at(-1) ?? "";
}

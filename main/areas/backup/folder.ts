import { lstatSync, readdirSync, readFileSync, realpathSync, statfsSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { Refusal } from "../../../shared/errors.ts";
import { formatSshPublicKey, verifySshsig } from "../../station/crypto/sshsig.ts";
import { sha256Hex } from "../../station/crypto/hash.ts";
import {
  backupNamespace,
  badBackup,
  capBytes,
  manifestName,
  parseManifest,
  signatureName,
  type Manifest,
} from "./format.ts";

/** What a kill leaves: without its last name nobody takes it for a backup. */
export const unfinishedMark = ".unfinished";

const folderPattern = /^sallyport-backup-[a-z0-9-]{1,32}-\d{8}T\d{6}Z-[0-9a-f]{8}$/;

/** `sallyport-backup-low-20261121T080000Z-9f2c4e0d` */
export function backupFolderName(station: string, createdAt: string, id: string): string {
  const stamp = createdAt.replace(/\.\d{3}Z$/, "Z").replaceAll(/[-:]/g, "");
  return `sallyport-backup-${station}-${stamp}-${id.slice(0, 8)}`;
}

/** Unfinished backups of this station in a folder: of a run that was killed. */
export function unfinishedIn(folder: string, station: string): string[] {
  return readdirSync(folder).filter(
    (name) =>
      name.endsWith(unfinishedMark) &&
      folderPattern.test(name.slice(0, -unfinishedMark.length)) &&
      name.startsWith(`sallyport-backup-${station}-`),
  );
}

export interface SignedManifest {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly sha256: string;
}

/**
 * Reads the manifest of a backup and holds its signature against the key that it names. Whose key that is, the opened
 * database says. `from` is the backup's own folder, or one that holds exactly one backup.
 *
 * @throws Refusal `not-found` where there is none, `refused` where it isn't what was signed
 */
export function readManifest(from: string): SignedManifest {
  const folder = backupFolder(from);
  const bytes = readCapped(folder, manifestName, capBytes.manifest);
  const signature = readCapped(folder, signatureName, capBytes.signature);
  const verdict = verifySshsig(bytes, signature.toString("latin1"), backupNamespace);
  if (!verdict.ok) throw badBackup(`the signature of ${manifestName} does not hold: ${verdict.detail}`);
  const manifest = parseManifest(bytes);
  if (manifest.station.signingKey !== formatSshPublicKey(verdict.publicKey)) {
    throw badBackup("it is signed by another key than the one that it names");
  }
  return { folder, manifest, sha256: sha256Hex(bytes) };
}

function backupFolder(from: string): string {
  if (statSync(from, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new Refusal("not-found", `There is no folder ${from}.`, { path: from });
  }
  if (statSync(join(from, manifestName), { throwIfNoEntry: false }) !== undefined) return from;
  const names = readdirSync(from);
  const [found, second] = names.filter((name) => folderPattern.test(name));
  if (found !== undefined && second === undefined) return join(from, found);
  if (second !== undefined) {
    throw new Refusal(
      "bad-input",
      `${from} holds several backups: name one of them, such as ${join(from, second)}.`,
      {
        path: from,
      },
    );
  }
  const unfinished = names.some((name) => name.endsWith(unfinishedMark));
  throw new Refusal(
    "not-found",
    unfinished
      ? `The backup in ${from} was never finished: it was cut short while it was written.`
      : `There is no backup in ${from}.`,
    { path: from, remedy: "Name the folder that holds backup.json." },
  );
}

function readCapped(folder: string, name: string, cap: number): Buffer {
  const path = join(folder, name);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw badBackup(`${name} is missing`);
  if (!found.isFile()) throw badBackup(`${name} is no regular file`);
  if (found.size > cap) throw badBackup(`${name} is larger than any that was ever written`);
  return readFileSync(path);
}

/** The path of a part, proven to be a regular file in this folder. */
export function partPath(folder: string, name: string): string {
  const path = join(folder, name);
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) throw badBackup(`${name} is missing`);
  return path;
}

/** Whether a path lies in the station's own directory, links resolved. */
export function liesWithin(path: string, root: string): boolean {
  const [real, own] = [realpathSync(path), realpathSync(root)];
  return real === own || real.startsWith(own + sep);
}

/** @throws Refusal `no-room` */
export function needRoom(folder: string, bytes: number, what: string): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= bytes) return;
  throw new Refusal(
    "no-room",
    `${what} needs up to ${bytes} bytes in ${folder}, and ${bavail * bsize} are free.`,
    { path: folder, safe: "Nothing was written.", remedy: "Free space there, or choose another place." },
  );
}

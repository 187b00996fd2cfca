import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Sealed } from "./batch.ts";
import { sha256Hex } from "./records.ts";
import { signMessage } from "./sshsig.ts";
import type { SignatureChanges } from "./sshsig.ts";

/** A bag as a map from path to content, so that each rule of the shape can be broken before it is written. */

/** Something that is not a plain file. */
export type Oddity =
  | { kind: "symlink"; target: string }
  | { kind: "hardlink"; target: string }
  | { kind: "fifo" }
  | { kind: "directory" }
  | { kind: "sparse"; sizeBytes: number };

/** Names may be bytes that are no UTF-8; then the key is their latin1 spelling behind `raw:`. */
export type Files = Map<string, Uint8Array | Oddity>;

export interface Bag {
  directory: string;
  files: Files;
}

export interface BagChanges {
  /** Rewrites the files before the tagmanifest is made, so that the signature covers the change. */
  tags?: (files: Files) => void;
  /** Rewrites the tagmanifest before it is signed. */
  tagmanifest?: (text: string) => string | Uint8Array;
  signature?: SignatureChanges;
  /** Another way to sign: gives the content of the .sig file. */
  signer?: (tagmanifest: Uint8Array) => string | Uint8Array;
  /** Rewrites the files after everything was signed. */
  after?: (files: Files) => void;
}

export interface BagPlan {
  volume?: number;
  volumeCount?: number;
  /** Names of the parts in this volume beside the manifest; all when absent. */
  carries?: readonly string[];
  /** Parity files to carry, listed in the manifest. */
  parity?: ReadonlyMap<string, Buffer>;
  directory?: string;
  changes?: BagChanges;
}

export const tagNames = [
  "README.txt",
  "bag-info.txt",
  "bagit.txt",
  "batch.json",
  "manifest-sha256.txt",
] as const;
export const tagmanifestName = "tagmanifest-sha256.txt";
export const signatureName = `${tagmanifestName}.sig`;

/** The bytes of a plain file in a map; throws when it is absent or odd. */
export function contentOf(files: Files, name: string): Buffer {
  const content = files.get(name);
  if (!(content instanceof Uint8Array)) throw new Error(`${name} is no plain file of this bag`);
  return Buffer.from(content);
}

/** Rewrites a text file of a bag. */
export function rewrite(files: Files, name: string, change: (text: string) => string): void {
  files.set(name, Buffer.from(change(contentOf(files, name).toString())));
}

function checksums(files: Files, names: readonly string[]): string {
  return names
    .filter((name) => files.get(name) instanceof Uint8Array)
    .map((name) => `${sha256Hex(contentOf(files, name))}  ${name}\n`)
    .join("");
}

/** One volume of a sealed batch. */
export function makeBag(sealed: Sealed, plan: BagPlan = {}): Bag {
  const { volume = 1, volumeCount = 1, changes = {} } = plan;
  const payload = [...sealed.parts].filter(
    ([name], index) => index === 0 || plan.carries === undefined || plan.carries.includes(name),
  );
  const carried = [...payload, ...(plan.parity ?? new Map<string, Buffer>())];
  const files: Files = new Map(carried);
  const sum = carried.reduce((total, [, bytes]) => total + bytes.length, 0);
  files.set("bagit.txt", Buffer.from("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"));
  files.set(
    "bag-info.txt",
    Buffer.from(
      `Bagging-Date: 2026-11-21\nPayload-Oxum: ${sum}.${carried.length}\n` +
        `Bag-Group-Identifier: ${sealed.id}\nBag-Count: ${volume} of ${volumeCount}\n`,
    ),
  );
  files.set("batch.json", sealed.envelopeBytes);
  files.set("README.txt", Buffer.from("Open with sha256sum, ssh-keygen, age and zstd.\n"));
  files.set(
    "manifest-sha256.txt",
    Buffer.from(
      checksums(
        files,
        carried.map(([name]) => name),
      ),
    ),
  );
  changes.tags?.(files);
  const text = checksums(files, tagNames);
  const tagmanifest = Buffer.from((changes.tagmanifest?.(text) ?? text) as Uint8Array);
  files.set(tagmanifestName, tagmanifest);
  const signature =
    changes.signer?.(tagmanifest) ??
    signMessage(tagmanifest, sealed.from.signing, "sallyport-batch@v1", changes.signature);
  files.set(signatureName, Buffer.from(signature as Uint8Array));
  changes.after?.(files);
  return { directory: plan.directory ?? `${sealed.id}.v${volume}`, files };
}

function pathOf(root: string, name: string): string | Buffer {
  if (!name.startsWith("raw:")) return join(root, name);
  return Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name.slice(4), "latin1")]);
}

function writeOddity(path: string | Buffer, oddity: Oddity): void {
  switch (oddity.kind) {
    case "symlink":
      return symlinkSync(oddity.target, path);
    case "hardlink":
      return linkSync(oddity.target, path);
    case "fifo":
      execFileSync("mkfifo", [path.toString()]);
      return;
    case "directory":
      mkdirSync(path, { recursive: true });
      return;
    case "sparse":
      writeFileSync(path, "");
      return truncateSync(path, oddity.sizeBytes);
  }
}

/** Writes a bag below `sallyport/` of a medium and returns its path. */
export function writeBag(medium: string, bag: Bag): string {
  const root = join(medium, "sallyport", bag.directory);
  mkdirSync(root, { recursive: true });
  for (const [name, content] of bag.files) {
    const path = pathOf(root, name);
    if (typeof path === "string") mkdirSync(dirname(path), { recursive: true });
    if (content instanceof Uint8Array) writeFileSync(path, content);
    else writeOddity(path, content);
  }
  return root;
}

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Loose } from "./batch.ts";

/** Opens somebody's bag with stock tools alone, as the peer that it was sealed for. */

export interface OpenedBag {
  envelope: Loose;
  envelopeBytes: Buffer;
  manifest: Loose;
  /** The lines of all records parts in order, without their LF. */
  lines: string[];
}

/** Decrypts and decompresses one part with `age` and `zstd`. */
export function openPart(bag: string, name: string, identityFile: string): Buffer {
  const limits = { maxBuffer: 80 * 1024 * 1024 };
  const compressed = execFileSync("age", ["-d", "-i", identityFile, join(bag, name)], limits);
  return execFileSync("zstd", ["-d", "-q", "-c"], { ...limits, input: compressed });
}

/** Checks hashes with `sha256sum -c`, then opens the manifest and each part that it names. */
export function openBag(bag: string, identity: string): OpenedBag {
  for (const list of ["tagmanifest-sha256.txt", "manifest-sha256.txt"]) {
    execFileSync("sha256sum", ["-c", "--strict", "--quiet", list], { cwd: bag });
  }
  const scratch = mkdtempSync(join(tmpdir(), "forge-reader-"));
  try {
    const identityFile = join(scratch, "identity.txt");
    writeFileSync(identityFile, `${identity}\n`, { mode: 0o600 });
    const envelopeBytes = readFileSync(join(bag, "batch.json"));
    const envelope = JSON.parse(envelopeBytes.toString()) as Loose;
    const plain = openPart(bag, "data/manifest.zst.age", identityFile).toString();
    const manifest = JSON.parse(plain) as Loose;
    const parts = manifest["parts"] as { name: string }[];
    const texts = parts.map((part) => openPart(bag, part.name, identityFile).toString());
    const lines = texts.flatMap((text) => text.split("\n").slice(0, -1));
    return { envelope, envelopeBytes, manifest, lines };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Whether `ssh-keygen -Y verify` accepts a signature by this key in this namespace. */
export function verifiesWithSshKeygen(
  message: Uint8Array,
  signature: string,
  publicKey: string,
  namespace: string,
): boolean {
  const scratch = mkdtempSync(join(tmpdir(), "forge-verify-"));
  try {
    const allowed = join(scratch, "allowed_signers");
    writeFileSync(allowed, `peer namespaces="${namespace}" ${publicKey}\n`);
    writeFileSync(join(scratch, "sig"), signature);
    const args = ["-Y", "verify", "-f", allowed, "-I", "peer", "-n", namespace];
    execFileSync("ssh-keygen", [...args, "-s", join(scratch, "sig")], {
      input: message,
      stdio: ["pipe", "ignore", "ignore"],
    });
    return true;
  } catch (error) {
    if (error instanceof Error && "status" in error) return false;
    throw error;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The bag directories on a medium, by name. */
export function bagsOn(medium: string): string[] {
  return readdirSync(join(medium, "sallyport")).toSorted();
}

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.ts";
import { lockHash } from "../setup/dependencies.mjs";

/** 110 MB at a megabyte a second. Where the download is forbidden, the answer comes at once or never. */
const downloadTimeoutMs = 120_000;
const packageFolder = join(root, "node_modules/electron");

/** The binary where Electron is installed, else undefined. Never `require("electron")`: that starts a download. */
export function installedElectron(): string | undefined {
  const pathFile = join(packageFolder, "path.txt");
  if (!existsSync(join(packageFolder, "dist/version")) || !existsSync(pathFile)) return undefined;
  const program = join(packageFolder, "dist", readFileSync(pathFile, "utf8"));
  return existsSync(program) ? program : undefined;
}

/**
 * Installed or downloaded once. A refusal is remembered for the lockfile in force, so that a machine without that network
 * is asked only once.
 */
export async function ensureElectron(): Promise<{ program: string } | { refusal: string }> {
  const here = installedElectron();
  if (here !== undefined) return { program: here };

  const refusalFile = join(root, "node_modules", ".sallyport-electron-refused");
  const remembered = lockHash(root);
  const forget = `delete ${refusalFile} to try again`;
  if (existsSync(refusalFile) && readFileSync(refusalFile, "utf8") === remembered) {
    return { refusal: `Electron's download was refused before (${forget})` };
  }
  console.log(`Downloading Electron (about 110 MB, waiting ${downloadTimeoutMs / 1000} s at most) ...`);
  const done = spawnSync(process.execPath, [join(packageFolder, "install.js")], {
    timeout: downloadTimeoutMs,
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  const program = installedElectron();
  if (program !== undefined) return { program };
  remember(refusalFile, remembered);
  const reason =
    done.error === undefined ? firstLine(done.stderr) : `no end after ${downloadTimeoutMs / 1000} s`;
  return { refusal: `Electron could not be downloaded: ${reason} (${forget})` };
}

/** In a checkout of somebody else's nothing is remembered, and the next start asks again. */
function remember(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    if (!["EACCES", "EROFS", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

const firstLine = (text: string): string => {
  const line = text.split("\n").find((candidate) => candidate.trim() !== "") ?? "no reason given";
  return line.trim().replace(/^\w*Error: /, "");
};

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const programs = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** A browser that can show the page here; undefined without a display or as root, whom Chromium refuses. */
export function findBrowser(): string | undefined {
  const display = process.platform !== "linux" || process.env["DISPLAY"] || process.env["WAYLAND_DISPLAY"];
  if (!display || process.getuid?.() === 0) return undefined;
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return programs
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}

/** Opens a page in a window of its own, with a profile of its own and nothing that calls out. */
export function openBrowser(program: string, address: string, directory: string, failed: () => void): void {
  const flags = [
    `--app=${address}`,
    `--user-data-dir=${join(directory, "run", "browser")}`,
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
  ];
  const child = spawn(program, flags, { stdio: "ignore", detached: true });
  child.once("error", failed);
  child.unref();
}

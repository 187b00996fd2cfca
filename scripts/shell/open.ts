import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { root } from "../paths.ts";

/** Runs Electron on a station until it ends; resolves to its exit code. */
export async function openElectron(program: string, station: string): Promise<number> {
  return await together(spawn(program, [root, "--station", station], { stdio: "inherit" }));
}

/** Runs `sallyport serve` on a station until it ends: it prints its one-time address, or opens it in the local browser. */
export async function openServe(
  station: string,
  { inBrowser }: { readonly inBrowser: boolean },
): Promise<number> {
  const flags = inBrowser ? [] : ["--no-browser"];
  const launcher = join(root, "bin/sallyport");
  return await together(spawn(launcher, ["serve", "--station", station, ...flags], { stdio: "inherit" }));
}

const endings: readonly NodeJS.Signals[] = ["SIGTERM", "SIGHUP", "SIGINT"];

/** Passes our signals on and waits. An end by one of them is as asked for, and counts as 0. */
async function together(child: ChildProcess): Promise<number> {
  for (const signal of endings) {
    process.on(signal, () => {
      // A terminal has already sent Ctrl-C to the whole group.
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  }
  return await new Promise((resolve) => {
    child.on("error", () => resolve(1));
    child.on("close", (code, signal) =>
      resolve(code ?? (signal !== null && endings.includes(signal) ? 0 : 1)),
    );
  });
}

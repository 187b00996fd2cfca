import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../paths.ts";

/** Runs Electron on a station until it ends; resolves to its exit code. */
export async function openElectron(program: string, station: string): Promise<number> {
  const child = spawn(program, [root, "--station", station], { stdio: "inherit" });
  endTogether(child);
  return await ended(child);
}

/**
 * Runs `sallyport serve` on a station until it ends and shows its one-time address, in a browser window of its own where
 * one is given. Closing that window ends the shell, as it would a desktop program.
 */
export async function openServe(
  station: string,
  browser: { readonly program: string; readonly profile: string } | undefined,
): Promise<number> {
  const serve = spawn(join(root, "bin/sallyport"), ["serve", "--station", station, "--no-browser"], {
    stdio: ["inherit", "pipe", "inherit"],
  });
  endTogether(serve);
  for await (const line of createInterface(serve.stdout)) {
    console.log(line);
    const address = /http:\/\/\S+/.exec(line)?.[0];
    if (browser !== undefined && address !== undefined) void openBrowser(browser, address, serve);
  }
  return await ended(serve);
}

/** Nothing in these flags may reach the network by itself: no sync, no first-run page, no background fetches. */
async function openBrowser(
  { program, profile }: { readonly program: string; readonly profile: string },
  address: string,
  serve: ChildProcess,
): Promise<void> {
  const flags = [
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
  ];
  const window = spawn(program, [`--app=${address}`, `--user-data-dir=${profile}`, ...flags], {
    stdio: "ignore",
  });
  const code = await ended(window);
  if (code === 0) serve.kill("SIGTERM");
  else console.log(`The browser ended with ${code}; the address above still works in another one.`);
}

function endTogether(child: ChildProcess): void {
  for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"] as const) {
    process.on(signal, () => {
      // A terminal has already sent Ctrl-C to the whole group.
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  }
}

/** A signal that we passed on is an end as asked for, so it counts as 0. */
async function ended(child: ChildProcess): Promise<number> {
  return await new Promise((resolve) => {
    child.on("error", () => resolve(1));
    child.on("close", (code, signal) =>
      resolve(code ?? (signal === "SIGTERM" || signal === "SIGINT" ? 0 : 1)),
    );
  });
}

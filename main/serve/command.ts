import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { Refusal } from "../../shared/errors.ts";
import type { Here } from "../cli/here.ts";
import { UsageError, type CommonOptions } from "../cli/options.ts";
import { readPageFiles } from "../page/files.ts";
import { stationPaths } from "../station/paths.ts";
import { stationDirectoryOf } from "../workspaces/resolve.ts";
import { writeAddressFile } from "./address-file.ts";
import { findBrowser, openBrowser } from "./browser.ts";
import { ServedStations, type ServedStation } from "./stations.ts";

/**
 * How long an address opens the page (research/electron.md 7.3: a minute). Where there is no terminal on which somebody
 * could ask for another, the printed one has to last until it was carried to a browser.
 */
const lifetimes = { openedMs: 60_000, printedMs: 60_000, printedOnceMs: 10 * 60_000 };

/**
 * `sallyport serve`: holds or attaches to the station, prints the one-time address on one line of stdout, opens the local
 * browser where there is one, and stays until a signal. Enter prints a new address. Returns the exit code.
 */
export async function serveCommand(options: CommonOptions, here: Here): Promise<number> {
  const { port, browser } = readFlags(options.rest.slice(1));
  const directory = stationDirectoryOf(options.station, here);
  if (directory === undefined) {
    throw new UsageError("Which station? Give --station DIR or NAME, or set SALLYPORT_STATION.");
  }
  const stations = new ServedStations({
    files: readPageFiles(),
    places: here,
    switchMs: lifetimes.openedMs,
    say: (sentence) => void here.stderr.write(`${sentence}\n`),
  });
  try {
    const own = await listening(stations, directory, port);
    // Before anybody is told that it runs: from then on a signal may come.
    const stopped = new Promise<undefined>((stop) => here.onSignal(() => stop(undefined)));
    announce(own, browser ? findBrowser() : undefined, here);
    const fault = await Promise.race([stopped, own.lost]);
    if (fault === undefined) return 0;
    throw new Refusal("internal", fault);
  } finally {
    await stations.close();
  }
}

function readFlags(argv: readonly string[]): { port: number; browser: boolean } {
  let values: { port?: string; "no-browser"?: boolean };
  try {
    const options = { port: { type: "string" }, "no-browser": { type: "boolean" } } as const;
    ({ values } = parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }));
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\nSee: sallyport --help`);
  }
  const port = values.port === undefined ? 0 : Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`--port ${values.port} is no port.`);
  return { port, browser: values["no-browser"] !== true };
}

async function listening(stations: ServedStations, directory: string, port: number): Promise<ServedStation> {
  try {
    return await stations.open(directory, port);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code !== "EADDRINUSE" && code !== "EACCES") throw cause;
    const why = code === "EADDRINUSE" ? "is in use already" : "may not be used by this user";
    throw new Refusal("conflict", `Port ${port} ${why}. Choose another, or leave --port out.`, {}, { cause });
  }
}

/** Opens the browser on a file that only the owner can read, because a command line is read by everybody. */
function open(program: string, own: ServedStation, failed: () => void): void {
  const { run } = stationPaths(own.directory);
  const file = writeAddressFile(run, own.address(lifetimes.openedMs, "file"));
  setTimeout(() => file.remove(), lifetimes.openedMs).unref();
  openBrowser(program, file.url, own.directory, failed);
}

/** Prints the address, or opens it; a new one for each Enter. */
function announce(own: ServedStation, program: string | undefined, here: Here): void {
  const lifetimeMs = here.stdin.isTTY ? lifetimes.printedMs : lifetimes.printedOnceMs;
  const print = (): void => void here.stdout.write(`${own.address(lifetimeMs)}\n`);
  if (program === undefined) print();
  else open(program, own, print);
  if (!here.stdin.isTTY) return;
  here.stderr.write("Each address opens once. Enter: a new one. Ctrl C: end.\n");
  createInterface({ input: here.stdin }).on("line", print);
}

import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { Refusal } from "../../shared/errors.ts";
import { connectClient } from "../cli/client.ts";
import type { Here } from "../cli/here.ts";
import { UsageError, type CommonOptions } from "../cli/options.ts";
import { readPageFiles } from "../page/files.ts";
import { reachStation, type Reached } from "../station/attach/reach.ts";
import { openLog } from "../station/thread-options.ts";
import { findBrowser, openBrowser } from "./browser.ts";
import { Entry } from "./entry.ts";
import { Refusals } from "./refusals.ts";
import { startConsoleServer, type ConsoleServer } from "./server.ts";

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
  if (options.station === undefined)
    throw new UsageError("Which station? Give --station DIR or set SALLYPORT_STATION.");
  const directory = resolve(here.workingDirectory, options.station);
  const files = readPageFiles();
  const reached = await reachStation({ directory, shell: "serve" });
  // Before anybody is told that it runs: from then on a signal may come.
  const stopped = new Promise<undefined>((stop) => here.onSignal(() => stop(undefined)));
  try {
    const log = openLog(directory);
    const entry = new Entry(() => performance.now());
    const gate = connectClient(await reached.connect("serve"));
    const refusals = new Refusals((reason, count) => {
      // Before the station is founded there is no log; then the line of the station's own log has to do.
      gate.call(["session", "entryRefused"], { reason, count }).catch(() => {});
    });
    const server = await listening({
      port,
      files,
      entry,
      connect: (face) => reached.connect(face),
      refused: (reason) => {
        log.warn({ face: "serve", reason }, "a request was refused");
        refusals.note(reason);
      },
    });
    const program = browser ? findBrowser() : undefined;
    announce(entry, server, program, directory, here);
    const code = await untilEnd(stopped, reached, server);
    refusals.flush();
    gate.close();
    return code;
  } finally {
    await reached.close();
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

async function listening(deps: Parameters<typeof startConsoleServer>[0]): Promise<ConsoleServer> {
  try {
    return await startConsoleServer(deps);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code !== "EADDRINUSE" && code !== "EACCES") throw cause;
    const why = code === "EADDRINUSE" ? "is in use already" : "may not be used by this user";
    throw new Refusal(
      "conflict",
      `Port ${deps.port} ${why}. Choose another, or leave --port out.`,
      {},
      { cause },
    );
  }
}

/** Prints the address, or opens it; a new one for each Enter. */
function announce(
  entry: Entry,
  server: ConsoleServer,
  program: string | undefined,
  directory: string,
  here: Here,
): void {
  const address = (lifetimeMs: number): string =>
    `http://127.0.0.1:${server.port}/#t=${entry.issueToken(lifetimeMs)}`;
  const print = (): void =>
    void here.stdout.write(`${address(here.stdin.isTTY ? lifetimes.printedMs : lifetimes.printedOnceMs)}\n`);
  if (program === undefined) print();
  else openBrowser(program, address(lifetimes.openedMs), directory, print);
  if (!here.stdin.isTTY) return;
  here.stderr.write("Each address opens once. Enter: a new one. Ctrl C: end.\n");
  createInterface({ input: here.stdin }).on("line", print);
}

/** The stop of a signal, or the sentence of a fault; in both cases the page's connections end first. */
async function untilEnd(
  stopped: Promise<undefined>,
  reached: Reached,
  server: ConsoleServer,
): Promise<number> {
  const fault = await Promise.race([stopped, reached.lost]);
  await server.close();
  if (fault === undefined) return 0;
  throw new Refusal("internal", fault);
}

import process from "node:process";

/** The process that a command runs in; handed in, so that a test can be one. */
export interface Here {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Calls back once on SIGINT, SIGTERM or SIGHUP. */
  readonly onSignal: (stop: () => void) => void;
}

/** Signals that mean: come to an end, orderly. A second one of a kind ends the process at once, as ever. */
const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export const thisProcess: Here = {
  environment: process.env,
  workingDirectory: process.cwd(),
  // Read when it is needed: to touch standard input is to begin to listen to it.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  onSignal: (stop) => {
    for (const signal of endings) process.once(signal, stop);
  },
};

import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const launcher = fileURLToPath(new URL("../../bin/sallyport", import.meta.url));
const egressCounter = fileURLToPath(new URL("../support/count-egress.ts", import.meta.url));

/** How long a station may take to open and print its address on a busy machine. */
const startMs = 60_000;

/** A `serve` of the product, as an operator starts it. */
export interface Serving {
  /** The one-time address that it printed. */
  readonly address: string;
  /** Everything but loopback that the process or a thread of it tried to reach. */
  readonly outbound: () => string[];
  readonly stop: () => Promise<void>;
}

/** Starts `sallyport serve` on a free port and waits for its address. `egressFile` receives its attempts to leave. */
export async function serve(directory: string, egressFile: string): Promise<Serving> {
  const child = spawn(launcher, ["serve", "--station", directory, "--no-browser"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      // However full the disk is that the tests run on.
      SALLYPORT_TEST_DISK: `${100 * 2 ** 30}/${200 * 2 ** 30}`,
      NODE_ENV: "test",
      SALLYPORT_TEST_FAST_KDF: "1",
      SALLYPORT_TEST_EGRESS_FILE: egressFile,
      NODE_OPTIONS: `--import=${egressCounter}`,
    },
  });
  const address = await printedAddress(child);
  return {
    address,
    outbound: () =>
      readFileSync(egressFile, "utf8")
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith("watching ")),
    stop: () => stopped(child),
  };
}

function printedAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => reject(new Error(`serve printed no address: ${said}`)), startMs);
    const read = (text: string): void => {
      said += text;
      const found = /http:\/\/127\.0\.0\.1:\d+\/#t=\S+/.exec(said)?.[0];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout?.setEncoding("utf8").on("data", read);
    child.stderr?.setEncoding("utf8").on("data", read);
    child.once("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`serve ended with ${code}: ${said}`));
    });
  });
}

function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}

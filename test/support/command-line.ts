import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Runs the product as an operator's script would: the launcher, flags, one JSON document. */

const launcher = fileURLToPath(new URL("../../bin/sallyport", import.meta.url));
const built = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const memoryReporter = fileURLToPath(new URL("report-memory.ts", import.meta.url));

export interface Answer {
  /** Null when a signal ended the process. */
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** Peak resident memory, when it was asked for. */
  peakBytes: number | null;
}

export interface CommandOptions {
  station?: string;
  passphraseFile?: string;
  env?: Record<string, string>;
  /** A process that takes longer is killed and reported as hanging. */
  timeoutMs?: number;
  measureMemory?: boolean;
  /** The built files, as an installation runs them: they start in half the time. {@link buildProgram} comes first. */
  built?: boolean;
}

/** Builds dist/ where its sources have changed; does nothing else. */
export function buildProgram(): void {
  const script = fileURLToPath(new URL("../../scripts/build.ts", import.meta.url));
  execFileSync(process.execPath, [script], { stdio: ["ignore", "ignore", "inherit"] });
}

/** Runs `sallyport` with arguments and waits for its end, however it ends; rejects when it hangs. */
export async function runCommand(args: readonly string[], options: CommandOptions = {}): Promise<Answer> {
  const scratch = options.measureMemory ? mkdtempSync(join(tmpdir(), "peak-")) : null;
  const peakFile = scratch === null ? null : join(scratch, "peak");
  const flags = [
    ...(options.station === undefined ? [] : ["--station", options.station]),
    ...(options.passphraseFile === undefined ? [] : ["--passphrase-file", options.passphraseFile]),
  ];
  const program = options.built === true ? [process.execPath, built] : [launcher];
  const [command = "", ...before] = program;
  const child = spawn(command, [...before, ...args, ...flags], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      // However full the disk is that the tests run on; what the last byte does is tested below these limits.
      SALLYPORT_TEST_DISK: `${100 * 2 ** 30}/${200 * 2 ** 30}`,
      NODE_ENV: "test",
      SALLYPORT_TEST_FAST_KDF: "1",
      ...(peakFile === null
        ? {}
        : { SALLYPORT_TEST_PEAK_FILE: peakFile, NODE_OPTIONS: `--import=${memoryReporter}` }),
      ...options.env,
    },
  });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      texts[name] += text;
    });
  }
  const timeoutMs = options.timeoutMs ?? 60_000;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`hung for ${timeoutMs} ms: ${args.join(" ")}\n${texts.stderr}`));
    }, timeoutMs);
    child.on("error", reject);
    child.on("close", (exitCode, signal) => {
      clearTimeout(timer);
      let peakBytes: number | null = null;
      if (scratch !== null && peakFile !== null) {
        peakBytes = Number(readFileSync(peakFile, "utf8"));
        rmSync(scratch, { recursive: true, force: true });
      }
      resolve({ exitCode, signal, ...texts, peakBytes });
    });
  });
}

/** A command that answered: its output, its exit code, its memory. */
export interface Document<Output> extends Answer {
  output: Output;
}

/** Runs with `--json` and parses the one document; throws when stdout holds anything else. */
export async function ask<Output>(
  args: readonly string[],
  options: CommandOptions = {},
): Promise<Document<Output>> {
  const answer = await runCommand([...args, "--json"], options);
  try {
    return { ...answer, output: JSON.parse(answer.stdout) as Output };
  } catch (cause) {
    const end = `exit ${answer.exitCode ?? answer.signal}`;
    throw new Error(
      `no JSON from ${args.join(" ")} (${end})\n${answer.stdout.slice(0, 2000)}\n${answer.stderr}`,
      { cause },
    );
  }
}

/** As `ask`, and throws unless the command ended with exit code 0. */
export async function done<Output>(args: readonly string[], options: CommandOptions = {}): Promise<Output> {
  const { exitCode, output, stderr } = await ask<Output>(args, options);
  if (exitCode !== 0) {
    throw new Error(`exit ${exitCode} from ${args.join(" ")}: ${JSON.stringify(output)}\n${stderr}`);
  }
  return output;
}

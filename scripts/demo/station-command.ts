import { spawn } from "node:child_process";
import { join } from "node:path";
import type { InferContractRouterOutputs } from "@orpc/contract";
import type { Contract } from "../../shared/contract/contract.ts";
import { root } from "../paths.ts";

type Outputs = InferContractRouterOutputs<Contract>;

/** A station as its operator reaches it: a directory, and the file that holds the passphrase. */
export interface StationPlace {
  readonly name: string;
  readonly directory: string;
  readonly passphraseFile: string;
}

/**
 * Runs `sallyport <area> <verb> <flags> --json` on a station and returns the operation's output. `accepts` are the exit
 * codes that still carry one. Throws with the command line's own message when it is refused.
 */
export async function operate<Area extends keyof Outputs, Verb extends keyof Outputs[Area] & string>(
  station: StationPlace,
  area: Area,
  verb: Verb,
  flags: Readonly<Record<string, string>> = {},
): Promise<Outputs[Area][Verb]> {
  const words = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]);
  const place = ["--station", station.directory, "--passphrase-file", station.passphraseFile];
  const { code, stdout, stderr } = await runSallyport([area, verb, ...words, ...place, "--json"]);
  const output = parse(stdout);
  if (code !== 0 || output === undefined) {
    const message = errorMessage(output) ?? (stderr.trim() || "it printed nothing");
    throw new Error(`sallyport ${area} ${verb} at ${station.name} ended with ${code}: ${message}`);
  }
  return output as Outputs[Area][Verb];
}

async function runSallyport(
  args: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(join(root, "bin/sallyport"), args, { stdio: ["ignore", "pipe", "pipe"] });
  const collect = async (stream: AsyncIterable<Buffer>): Promise<string> =>
    Buffer.concat(await Array.fromAsync(stream)).toString("utf8");
  const ended = new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
  const [stdout, stderr, code] = await Promise.all([collect(child.stdout), collect(child.stderr), ended]);
  return { code, stdout, stderr };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function errorMessage(output: unknown): string | undefined {
  const { error } = (output ?? {}) as { error?: { code: string; message: string } };
  return error === undefined ? undefined : `${error.message} (${error.code})`;
}

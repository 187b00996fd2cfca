import { execFileSync, spawn } from "node:child_process";

export interface Finished {
  readonly seconds: number;
  readonly output: string;
}

/** Runs a program to its end as a whole process. Throws with its standard error when it fails. */
export function run(
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const child = spawn(command, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...environment },
    });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      const seconds = (performance.now() - begun) / 1000;
      if (code === 0) resolve({ seconds, output: Buffer.concat(output).toString("utf8") });
      else
        reject(
          new Error(
            `${command} ended with ${code}: ${Buffer.concat(errors).toString("utf8").slice(0, 2000)}`,
          ),
        );
    });
  });
}

/** A pipeline of stock tools, failing when any of its members fails. */
export function shell(script: string): Promise<Finished> {
  return run("bash", ["-euo", "pipefail", "-c", script]);
}

/** One of our own programs in a process of its own; it prints one JSON document. */
export async function work<T>(file: string, args: readonly string[]): Promise<T> {
  const { output } = await run(process.execPath, [new URL(file, import.meta.url).pathname, ...args]);
  return JSON.parse(output) as T;
}

export function isInstalled(program: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

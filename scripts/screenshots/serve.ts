import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "../paths.ts";

/** A station is open within this time, or something is wrong. */
const startMs = 60_000;

/** Starts `sallyport serve` and waits for the one-time address that it prints. */
export async function startServe(directory: string): Promise<{ address: string; stop: () => Promise<void> }> {
  const child = spawn(join(root, "bin/sallyport"), ["serve", "--station", directory, "--no-browser"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const address = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("serve printed no address in time")), startMs);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      const found = /http:\/\/\S+/.exec(text)?.[0];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    });
    void ended.then(() => reject(new Error("serve ended before it printed an address")));
  });
  return {
    address,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

// The entry of the command line. What it loads comes through import(), so that the cache of compiled code is in place before.
import process from "node:process";
import { useCompileCache } from "../station/compile-cache.ts";
import { thisProcess } from "./here.ts";

/** Ends at once with one sentence; for what nobody could foresee, or can be told in any other way. */
function endWith(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // `sallyport ... | head` closes stdout early; that is no fault of ours.
  if (error.code !== "EPIPE") endWith(`The output could not be written: ${error.message}`);
});
process.on("uncaughtException", (error) => endWith(`Something inside failed: ${error.message}`));

useCompileCache();
const { run } = await import("./run.ts");
process.exitCode = await run(process.argv.slice(2), thisProcess);
// A command that was stopped while it read would wait for its input to end.
process.stdin.destroy();

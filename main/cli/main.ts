// The entry of the command line. What it loads comes through import(), so that the cache of compiled code is in place before.
import process from "node:process";
import { thisProcess } from "./here.ts";
import { useCompileCache } from "../station/compile-cache.ts";

// `sallyport ... | head` closes stdout early; that is no fault of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

useCompileCache();
const { run } = await import("./run.ts");
process.exitCode = await run(process.argv.slice(2), thisProcess);
// A command that was stopped while it read would wait for its input to end.
process.stdin.destroy();

// `serve` by itself, for the built package: the same as `sallyport serve`.
import process from "node:process";
import { Refusal } from "../../shared/errors.ts";
import { thisProcess } from "../cli/here.ts";
import { readCommonOptions, UsageError } from "../cli/options.ts";
import { createOutput, exitCodeOf } from "../cli/output.ts";
import { serveCommand } from "./command.ts";

try {
  process.exitCode = await serveCommand(
    readCommonOptions(["serve", ...process.argv.slice(2)], process.env),
    thisProcess,
  );
} catch (error) {
  if (!(error instanceof Refusal || error instanceof UsageError)) throw error;
  createOutput(process, false).failure(error);
  process.exitCode = exitCodeOf(error);
}

import process from "node:process";
import { Refusal } from "../../shared/errors.ts";
import { asRefusal } from "./client.ts";
import { readCommonOptions, UsageError, type CommonOptions } from "./options.ts";
import { createOutput, exitCodeOf } from "./output.ts";
import { onSignal } from "./signals.ts";

/** The command line: `sallyport <area> <verb> --flag value`. Prints, and returns the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  let output = createOutput(process, argv.includes("--json"));
  try {
    const options = readCommonOptions(argv, process.env);
    output = createOutput(process, options.json);
    return await dispatch(options, output);
  } catch (error) {
    const known = error instanceof UsageError || error instanceof Refusal ? error : asRefusal(error);
    output.failure(known);
    return exitCodeOf(known);
  }
}

async function dispatch(options: CommonOptions, output: ReturnType<typeof createOutput>): Promise<number> {
  const [verb] = options.rest;
  if (verb === "serve") {
    const { serveCommand } = await import("../serve/command.ts");
    return serveCommand(options, onSignal);
  }
  if (verb === "openapi") {
    const { openApiDocument } = await import("../lan/openapi.ts");
    output.result(...asDocument(await openApiDocument()));
    return 0;
  }
  if (verb === "--version") {
    const { version } = await import("../station/version.ts");
    output.result({ version }, [`sallyport ${version}`]);
    return 0;
  }
  const { parseCommand } = await import("./parse.ts");
  const parsed = await parseCommand(options.rest);
  if (parsed.kind === "help") {
    process.stdout.write(`${parsed.text.trimEnd()}\n`);
    return 0;
  }
  const { runOperation } = await import("./run-operation.ts");
  return runOperation(parsed.operation, parsed.flags, {
    options,
    output,
    workingDirectory: process.cwd(),
    stdin: process.stdin,
    stderr: process.stderr,
    onSignal,
  });
}

function asDocument(document: unknown): [unknown, string[]] {
  return [document, JSON.stringify(document, undefined, 2).split("\n")];
}

import { Refusal } from "../../shared/errors.ts";
import { asRefusal } from "./client.ts";
import { readCommonOptions, UsageError, type CommonOptions } from "./options.ts";
import { createOutput, exitCodeOf, type Output } from "./output.ts";
import type { Here } from "./here.ts";

/** The command line: `sallyport <area> <verb> --flag value`. Prints, and returns the exit code. */
export async function run(argv: readonly string[], here: Here): Promise<number> {
  let output = createOutput(here, argv.includes("--json"));
  try {
    const options = readCommonOptions(argv, here.environment);
    output = createOutput(here, options.json);
    return await dispatch(options, output, here);
  } catch (error) {
    const known = error instanceof UsageError || error instanceof Refusal ? error : asRefusal(error);
    output.failure(known);
    return exitCodeOf(known);
  }
}

async function dispatch(options: CommonOptions, output: Output, here: Here): Promise<number> {
  const [verb] = options.rest;
  if (verb === "serve" && !options.rest.includes("--help")) {
    const { serveCommand } = await import("../serve/command.ts");
    return serveCommand(options, here);
  }
  if (verb === "workspaces") {
    const { workspacesCommand } = await import("./workspaces.ts");
    return workspacesCommand(options, output, here);
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
  const parsed = await parseCommand(verb === "serve" ? ["--help"] : options.rest);
  if (parsed.kind === "help") {
    here.stdout.write(`${parsed.text.trimEnd()}\n`);
    return 0;
  }
  const { runOperation } = await import("./run-operation.ts");
  return runOperation(parsed.operation, parsed.flags, { here, options, output });
}

function asDocument(document: unknown): [unknown, string[]] {
  return [document, JSON.stringify(document, undefined, 2).split("\n")];
}

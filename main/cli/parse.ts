import { createCli, kebabCase, type Command as Program } from "trpc-cli";
import type { Flags } from "./command.ts";
import { flagWords } from "./flag-words.ts";
import { UsageError } from "./options.ts";
import { commandRouter, isArea } from "./router.ts";
import type { Operation } from "./run-operation.ts";

const commonHelp = `
Common options:
  --station DIR            the station's directory, or its name in your list (or SALLYPORT_STATION)
  --passphrase-file FILE   the operator's passphrase (or SALLYPORT_PASSPHRASE_FILE; else it is asked for)
  --as NAME                sign in as this operator (or SALLYPORT_OPERATOR; else the only one there is)
  --second-factor CODE     a code of your device, or a recovery code; asked for where it is needed
  --json                   print exactly the operation's output, as one document

Exit codes: 0 done, 1 refused or failed, 2 wrong use.`;

const otherVerbs = `
Also:
  sallyport serve --station DIR [--port N] [--no-browser]   the console in the local browser
  sallyport workspaces list|add|create|remove|default       the stations that you keep by name
  sallyport openapi                                         the contract as an OpenAPI document
  sallyport --version`;

/** What a command line asks for. */
export type Parsed =
  | { readonly kind: "operation"; readonly operation: Operation; readonly flags: Flags }
  | { readonly kind: "help"; readonly text: string };

/**
 * Turns area, verb and flags into one operation with its flags. Throws UsageError for everything that no command takes:
 * unknown areas, verbs and flags, missing or malformed values.
 */
export async function parseCommand(argv: readonly string[]): Promise<Parsed> {
  let parsed: Parsed | undefined;
  const printed: string[] = [];
  const faults: string[] = [];
  const take = (into: string[]) => (text?: unknown) => void into.push(String(text));
  const area = argv.find((word) => isArea(word) && (argv[0] === word || argv[0] === "help"));
  const cli = createCli({
    name: "sallyport",
    description: "Carry work across an air gap on a USB stick, and prove what crossed.",
    router: commandRouter(area, (operation, flags) => {
      parsed = { kind: "operation", operation, flags };
      return Promise.resolve();
    }),
  });
  const runParams = {
    argv: argv[0] === undefined || argv[0] === "help" ? [...argv.slice(1), "--help"] : [...argv],
    prompts: false as const,
    formatError: plainFault,
    logger: { info: take(printed), error: take(faults) },
    // It ends the process by itself otherwise, in the middle of our own ending.
    process: { exit: (() => undefined) as unknown as (code: number) => never },
  };
  const program = cli.buildProgram(runParams) as Program;
  prepare(program, runParams.logger);
  try {
    await cli.run(runParams, program);
  } catch (error) {
    if (parsed === undefined && !endedWell(error)) throw new UsageError(usageText(faults, area));
  }
  return parsed ?? { kind: "help", text: printed.join("\n") };
}

/** The library gives areas neither an exit override nor our output: they would end the process by themselves. */
function prepare(
  program: Program,
  logger: { info: (text?: unknown) => void; error: (text?: unknown) => void },
): void {
  program.addHelpText("after", `${otherVerbs}\n${commonHelp}`);
  for (const area of program.commands) {
    area.exitOverride();
    area.configureOutput({ writeOut: logger.info, writeErr: logger.error });
    for (const command of [area, ...area.commands]) {
      command.showHelpAfterError(false);
      command.addHelpText("after", commonHelp);
      for (const option of command.options) {
        const flag = option.attributeName();
        const words = flagWords[`${command.name()}.${flag}`] ?? flagWords[flag];
        if (words !== undefined) option.description = `${words}${option.mandatory ? " (required)" : ""}`;
      }
    }
  }
  program.showHelpAfterError(false);
}

/** A commander error has printed itself already; a flag off its schema comes with the whole help behind it. */
function plainFault(error: unknown): string {
  if (!(error instanceof Error) || "exitCode" in error) return " ";
  const fault = error.message.split("\n\nUsage:")[0] ?? error.message;
  return fault.replaceAll(
    /^✖ (?:Invalid input: )?(.*) → at (\S+)$/gm,
    (_whole, what: string, flag: string) => `--${kebabCase(flag)}: ${what}`,
  );
}

/** True for help and for success: the library ends each with an error that wraps commander's own, code 0. */
function endedWell(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ("exitCode" in error && error.exitCode === 0) || endedWell(error.cause);
}

/** The fault alone, with the way to the help; an area without a verb gets its help. */
function usageText(faults: readonly string[], area: string | undefined): string {
  const said = faults.map((text) => text.trim().replace(/^error: /, "")).filter((text) => text !== "");
  if (said.some((text) => text.startsWith("Usage:"))) return said.join("\n");
  const help = ["sallyport", area, "--help"].filter((word) => word !== undefined).join(" ");
  return `${said.join("\n")}\nSee: ${help}`;
}

import { Refusal } from "../../shared/errors.ts";
import { UsageError } from "./options.ts";
import { visibleLines } from "./visible.ts";

/** Where a command prints; streams are handed in. */
export interface Output {
  readonly json: boolean;
  /** The result of an operation: the whole document with `--json`, else the lines for people. */
  result(document: unknown, lines: readonly string[]): void;
  /** One item of a stream: a document on one line with `--json`, else its lines for people. */
  item(document: unknown, lines: readonly string[]): void;
  /** A sentence beside the result, for people alone. */
  note(sentence: string): void;
  /** A failure or usage error. With `--json` it is one document on stdout, else sentences on stderr. */
  failure(error: Refusal | UsageError): void;
}

export interface Streams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** The code with which a failure ends the process: 1 refused or failed, 2 wrong use. */
export function exitCodeOf(error: Refusal | UsageError): 1 | 2 {
  return error instanceof UsageError ? 2 : 1;
}

export function createOutput({ stdout, stderr }: Streams, json: boolean): Output {
  const document = (value: unknown): void => void stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
  const say = (lines: readonly string[]): void => void stderr.write(`${lines.join("\n")}\n`);
  return {
    json,
    result: (value, lines) => {
      if (json) document(value);
      else stdout.write(lines.length === 0 ? "" : `${lines.join("\n")}\n`);
    },
    item: (value, lines) => {
      if (json) stdout.write(`${JSON.stringify(value)}\n`);
      else stdout.write(lines.map((line) => `${line}\n`).join(""));
    },
    note: (sentence) => {
      if (!json) say([sentence]);
    },
    failure: (error) => {
      if (json) document({ error: errorDocument(error) });
      else say(failureLines(error));
    },
  };
}

function errorDocument(error: Refusal | UsageError): Record<string, unknown> {
  return error instanceof UsageError
    ? { code: "usage", message: error.message }
    : { code: error.code, message: error.message, ...error.facts };
}

/** What failed and why; what is safe; what to do. */
function failureLines(error: Refusal | UsageError): string[] {
  if (error instanceof UsageError) return visibleLines(error.message);
  const { safe, remedy } = error.facts;
  return [error.message, safe, remedy]
    .filter((line) => line !== undefined)
    .flatMap((line) => visibleLines(line));
}

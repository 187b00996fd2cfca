import type { AnySchema, ContractProcedure, InferSchemaInput, InferSchemaOutput } from "@orpc/contract";
import type * as z from "zod";
import type { Desk } from "./desk.ts";

/** How one operation of the contract looks as a command. */
export interface Command<Input, Output> {
  /** The flags, where they aren't the operation's own input: those that name files, for the most part. */
  readonly flags?: z.ZodObject;
  /** Makes the operation's input from the flags. Without it the flags are the input. */
  readonly input?: (flags: Flags, desk: Desk) => Promise<Input> | Input;
  /** Writes the files that flags asked for, before anything is printed. */
  readonly deliver?: (output: Output, flags: Flags, desk: Desk) => Promise<void> | void;
  /** What an operator reads, line by line; text from outside goes through `visible()`. */
  readonly say: (output: Output, flags: Flags) => readonly string[];
  /** What `--json` prints where that isn't the whole output: secrets that went into files. */
  readonly document?: (output: Output, flags: Flags) => unknown;
  /** True when the work was done and its result still is a "no": exit code 1. */
  readonly failed?: (output: Output) => boolean;
  /**
   * The operation answers with a stream: what is printed for each item of it, until a signal ends the command well. Its
   * input needs no session, and a person who gives one sees more.
   */
  readonly follow?: (item: Streamed<Output>) => readonly string[];
  /** Follows the work on stderr when that is a terminal. */
  readonly shows?: "progress";
}

type Streamed<Output> = Output extends AsyncIterable<infer Item> ? Item : never;

/** Flags as parsed; their schema has said what they are. */
export type Flags = Readonly<Record<string, string | number | undefined>>;

/**
 * The commands of an area: one for each operation, or null where an operation makes no sense on a command line (streams,
 * sessions, pieces of uploads). An operation added to the contract doesn't typecheck until it has its command here.
 */
export type AreaCommands<Area> = {
  readonly [Verb in keyof Area]: Area[Verb] extends ContractProcedure<
    infer Input,
    infer Output,
    infer _E,
    infer _M
  >
    ? Command<Given<Input>, Parsed<Output>> | null
    : never;
};

type Given<Schema> = Schema extends AnySchema ? InferSchemaInput<Schema> : never;
type Parsed<Schema> = Schema extends AnySchema ? InferSchemaOutput<Schema> : never;

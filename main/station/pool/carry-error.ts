import { isErrorCode, Refusal, type ErrorFacts } from "../../../shared/errors.ts";
import type { CarriedError } from "./task.ts";

/** An error that a task threw in a worker, with the name and the plain fields it had there. */
export class TaskError extends Error {
  /** Name of the class in the worker, such as `FormatFault`. */
  override readonly name: string;
  /** `ENOSPC` and the like, where the system said no. */
  readonly code: string | undefined;
  readonly fields: CarriedError["fields"];

  constructor(carried: CarriedError) {
    super(carried.message);
    this.name = carried.name;
    this.fields = carried.fields;
    const { code } = carried.fields;
    this.code = typeof code === "string" ? code : undefined;
    this.stack = carried.stack;
  }
}

/** Takes an error apart for its way to another thread. */
export function packError(thrown: unknown): CarriedError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const plain = Object.entries(error).filter(([, value]) =>
    ["string", "number", "boolean"].includes(typeof value),
  ) as [string, string | number | boolean][];
  return {
    name: error.name,
    message: error.message,
    stack: error.stack ?? "",
    fields: Object.fromEntries(plain),
    ...(error instanceof Refusal ? { facts: error.facts } : {}),
  };
}

/** Puts a carried error together again: a Refusal stays one, everything else is a {@link TaskError}. */
export function unpackError(carried: CarriedError): Error {
  const { code } = carried.fields;
  if (carried.name === "Refusal" && isErrorCode(code)) {
    return new Refusal(code, carried.message, carried.facts as ErrorFacts);
  }
  return new TaskError(carried);
}

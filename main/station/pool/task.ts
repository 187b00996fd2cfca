/**
 * The tasks of one kind of pool: an interface with one `{ payload, result }` for each name, all of it
 * structured-cloneable. (An index signature would refuse interfaces.)
 */
export type TasksOf<Tasks> = { [Name in keyof Tasks]: { payload: unknown; result: unknown } };

/** The functions of a worker. `transfer` lists the buffers of the result that move instead of being copied. */
export type TaskFunctions<Tasks extends TasksOf<Tasks>> = {
  readonly [Name in keyof Tasks]: (
    payload: Tasks[Name]["payload"],
    transfer: ArrayBuffer[],
  ) => Tasks[Name]["result"] | Promise<Tasks[Name]["result"]>;
};

export interface TaskCall {
  readonly task: string;
  readonly payload: unknown;
}

export type TaskAnswer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: CarriedError };

/** An error on its way between threads: structured clone would drop everything but name and message. */
export interface CarriedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** Own fields that are text, numbers or truth values: `code`, `reason`, `detail`, `path` … */
  readonly fields: Readonly<Record<string, string | number | boolean>>;
  /** The facts of a Refusal. */
  readonly facts?: unknown;
}

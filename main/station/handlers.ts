import type { InferSchemaOutput, InferSchemaInput, ContractProcedure, AnySchema } from "@orpc/contract";
import type { Call } from "./kernel.ts";

/**
 * The functions that an area's service offers to the pipeline, one for each operation of its contract:
 * input as parsed, output as it goes into the output schema.
 */
export type AreaHandlers<Area> = {
  readonly [Verb in keyof Area]: Area[Verb] extends ContractProcedure<
    infer Input,
    infer Output,
    infer _E,
    infer _M
  >
    ? (input: Parsed<Input>, call: Call) => Promise<Given<Output>> | Given<Output>
    : never;
};

type Parsed<Schema> = Schema extends AnySchema ? InferSchemaOutput<Schema> : never;
type Given<Schema> = Schema extends AnySchema ? InferSchemaInput<Schema> : never;

import { isContractProcedure } from "@orpc/contract";
import type { Access } from "./access.ts";
import { contract } from "./contract.ts";

/** One operation by its name, `area.verb`. */
export interface NamedOperation {
  readonly name: string;
  readonly access: Access;
}

/** Every operation of the contract, area by area. */
export const operations: readonly NamedOperation[] = Object.entries(contract).flatMap(([area, verbs]) =>
  Object.entries(verbs).flatMap(([verb, procedure]) =>
    isContractProcedure(procedure)
      ? [{ name: `${area}.${verb}`, access: procedure["~orpc"].meta as Access }]
      : [],
  ),
);

const byName = new Map(operations.map(({ name, access }) => [name, access]));

/** The contract's word on an operation by its name; undefined for one that this version does not have. */
export function accessOf(name: string): Access | undefined {
  return byName.get(name);
}

import { accessOf } from "../../../shared/contract/operations.ts";
import { aboutOf, type About, type ResourceLookups } from "../../station/pipeline/reach.ts";

/** What a step is about, from its operation and its kept input. */
export type AboutStep = (operation: string, input: unknown) => About;

/** A step that this version does not know is about everything. */
export function aboutRows(lookups: ResourceLookups): AboutStep {
  return (operation, input) => {
    const access = accessOf(operation);
    return access === undefined ? "whole" : aboutOf(operation, access, input, lookups);
  };
}

import { isContractProcedure } from "@orpc/contract";
import { os } from "@orpc/server";
import type { TrpcCliParams } from "trpc-cli";
import type * as z from "zod";
import type { Access } from "../../shared/contract/access.ts";
import { contract } from "../../shared/contract/contract.ts";
import type { Command, Flags } from "./command.ts";
import { commands } from "./commands.ts";
import type { Operation } from "./run-operation.ts";

/** What trpc-cli takes for a router; its own type names four libraries' routers and no plain one. */
export type CommandRouter = TrpcCliParams<never>["router"];

/**
 * A router whose procedures are the contract's operations, with the flags of this face in place of inputs that name no file.
 * trpc-cli needs procedures it can call; these hand the flags to `run`. Only the named area is built when there is one,
 * because turning every schema into flags costs more than anything else at the start.
 */
export function commandRouter(
  area: string | undefined,
  run: (operation: Operation, flags: Flags) => Promise<void>,
): CommandRouter {
  const areas = Object.entries(contract).filter(([name]) => area === undefined || name === area);
  return Object.fromEntries(
    areas
      .map(([name, verbs]) => [name, areaRouter(name, verbs, run)])
      .filter(([, verbs]) => Object.keys(verbs ?? {}).length > 0),
  ) as CommandRouter;
}

/** True for an area with at least one command. */
export function isArea(name: string | undefined): name is keyof typeof contract {
  if (name === undefined || !Object.hasOwn(contract, name)) return false;
  return Object.values(commands[name as keyof typeof contract]).some((command) => command !== null);
}

function areaRouter(
  area: string,
  verbs: object,
  run: (operation: Operation, flags: Flags) => Promise<void>,
): object {
  const procedures: Record<string, unknown> = {};
  for (const [verb, procedure] of Object.entries(verbs)) {
    const command = (commands as Record<string, Record<string, unknown>>)[area]?.[verb] as Command<
      unknown,
      unknown
    > | null;
    if (command === null || !isContractProcedure(procedure)) continue;
    const access = procedure["~orpc"].meta as Access;
    const flags = command.flags ?? (procedure["~orpc"].inputSchema as z.ZodObject);
    procedures[verb] = os
      .$meta<{ description?: string }>({})
      .meta({ description: `${access.summary}.` })
      .input(flags)
      .handler(({ input }) => run({ path: [area, verb], access, command }, input as Flags));
  }
  return procedures;
}

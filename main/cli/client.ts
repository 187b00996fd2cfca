import type { MessagePort } from "node:worker_threads";
import { createORPCClient, ORPCError } from "@orpc/client";
import { RPCLink } from "@orpc/client/message-port";
import type { ContractRouterClient } from "@orpc/contract";
import type { Contract } from "../../shared/contract/contract.ts";
import { isErrorCode, Refusal, type ErrorFacts } from "../../shared/errors.ts";

/** One connection to a station, with a session of its own. */
export interface StationClient {
  readonly typed: ContractRouterClient<Contract>;
  /** Calls an operation by its place in the contract; throws a Refusal for every error. */
  call(path: readonly string[], input: unknown, signal?: AbortSignal): Promise<unknown>;
  close(): void;
}

/** Speaks the contract over a port. */
export function connectClient(port: MessagePort): StationClient {
  const link = new RPCLink({ port });
  return {
    typed: createORPCClient(link),
    async call(path, input, signal) {
      try {
        return await link.call(path, input, { context: {}, ...(signal === undefined ? {} : { signal }) });
      } catch (error) {
        throw asRefusal(error);
      }
    },
    close: () => port.close(),
  };
}

/** The closed set again, on this side of the wire. A connection that ended under a call is `internal`. */
export function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof ORPCError && isErrorCode(error.code)) {
    return new Refusal(error.code, error.message, (error.data ?? {}) as ErrorFacts, { cause: error });
  }
  const reason = error instanceof Error ? error.message : String(error);
  const message =
    error instanceof Error && error.name === "AbortError"
      ? "The connection to the station ended before it answered. What was committed is safe: run the same command again."
      : `Something inside failed: ${reason}`;
  return new Refusal("internal", message, {}, { cause: error });
}

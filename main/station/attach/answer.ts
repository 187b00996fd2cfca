import { ORPCError, type AnyRouter } from "@orpc/server";
import { StandardRPCHandler } from "@orpc/server/standard";
import { errorStatus, isErrorCode, type ErrorCode } from "../../../shared/errors.ts";
import type { Connection } from "../pipeline/connection.ts";
import type { CallContext } from "../pipeline/router.ts";
import type { Answer } from "./attach-peer.ts";

/**
 * What answers the frames of a connection: the router, and around it the last of the closed set. An operation that the
 * contract lacks is `no-such-operation`; a request that cannot be decoded is `bad-input`.
 */
export function createAnswers(router: AnyRouter): (connection: Connection) => Answer {
  const handler = new StandardRPCHandler<CallContext>(router, {
    interceptors: [
      async (options) => {
        try {
          return await options.next();
        } catch (error) {
          if (error instanceof ORPCError && isErrorCode(error.code)) throw error;
          throw closed("bad-input", "The request could not be decoded.");
        }
      },
    ],
  });
  return (connection) => async (request) => {
    const lazy = { ...request, body: () => Promise.resolve(request.body) };
    const { response } = await handler.handle(lazy, { context: { connection } });
    return response ?? noSuchOperation(request.url);
  };
}

function noSuchOperation(url: URL): { status: number; headers: Record<string, string>; body: unknown } {
  const error = closed(
    "no-such-operation",
    `There is no operation ${url.pathname.slice(1).replaceAll("/", ".")}.`,
  );
  return { status: error.status, headers: {}, body: { json: error.toJSON() } };
}

function closed(code: ErrorCode, message: string): ORPCError<ErrorCode, object> {
  return new ORPCError(code, { defined: true, status: errorStatus[code], message, data: {} });
}

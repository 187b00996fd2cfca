import type { IncomingMessage } from "node:http";
import type { Asked } from "./rules.ts";

/** What the rules look at, of a request or a handshake. */
export function asked(request: IncomingMessage): Asked {
  return { method: request.method ?? "", headers: request.headers, rawHeaders: request.rawHeaders };
}

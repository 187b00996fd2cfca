import type { MessagePort } from "node:worker_threads";
import { ServerPeer } from "@orpc/standard-server-peer";
import { isFrame } from "./frame.ts";

/** What a station answers a frame with: the only thing that this file needs to know of it. */
export type Answer = NonNullable<Parameters<ServerPeer["message"]>[1]>;

/**
 * Serves one connection of a face over a port until either side closes it. Stands in for oRPC's own `upgrade()`, which drops
 * the promise of each message, so that one malformed frame ends the station's thread and its shell. Here whatever cannot be
 * read closes its own connection, and no other.
 */
export function attachPeer(port: MessagePort, answer: Answer, closed: () => void): void {
  const peer = new ServerPeer((frame) => port.postMessage(frame));
  port.on("message", (frame: unknown) => {
    if (!isFrame(frame)) {
      port.close();
      return;
    }
    peer.message(frame, answer).catch(() => port.close());
  });
  port.on("messageerror", () => port.close());
  port.on("close", () => {
    peer.close();
    closed();
  });
}

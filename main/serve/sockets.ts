import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { MessagePort } from "node:worker_threads";
import { WebSocketServer, type RawData, type WebSocket } from "ws";
import { isFrame, type Frame, largestFrameBytes } from "../station/attach/frame.ts";
import { asked } from "./asked.ts";
import type { Entry } from "./entry.ts";
import { denyForeign, denyForeignOrigin } from "./rules.ts";

export interface SocketDeps {
  readonly port: number;
  readonly entry: Entry;
  readonly connect: (face: string) => Promise<MessagePort>;
  readonly session: (request: IncomingMessage) => string | undefined;
  readonly refused: (reason: string) => void;
}

/** Both sides name what they speak: a page of another version is turned away at the handshake, not in the middle. */
export const subprotocol = "sallyport.v1";

/** A browser opens one socket for each tab; more than this for one session is no person. */
const mostSockets = 32;

/** Accepts the wire of the page at `/rpc` after the same rules as every request, and its Origin and cookie. */
export function acceptSockets(server: Server, deps: SocketDeps): { close(): void } {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: largestFrameBytes,
    perMessageDeflate: false,
    handleProtocols: () => subprotocol,
  });
  server.on("upgrade", (request, stream: Duplex, head) => {
    stream.on("error", () => stream.destroy());
    const status = refusal(request, sockets, deps);
    if (status !== undefined) {
      stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const session = deps.session(request) ?? "";
    sockets.handleUpgrade(request, stream, head, (socket) => {
      socket.once("close", deps.entry.connected(session));
      void relay(socket, deps);
    });
  });
  return { close: () => sockets.clients.forEach((socket) => socket.close(1001, "the console is closing")) };
}

function refusal(request: IncomingMessage, sockets: WebSocketServer, deps: SocketDeps): string | undefined {
  const denied = denyForeign(asked(request), deps.port) ?? denyForeignOrigin(asked(request));
  if (denied !== undefined) {
    deps.refused(denied.sentence);
    return `${denied.status} Refused`;
  }
  if (request.url !== "/rpc") return "404 Not Found";
  if (!deps.entry.knows(deps.session(request))) {
    deps.refused("a socket without a session");
    return "401 Unauthorized";
  }
  const offered = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  if (!offered.includes(subprotocol)) return "400 Bad Request";
  return sockets.clients.size >= mostSockets ? "503 Service Unavailable" : undefined;
}

/** Passes frames between the page and the station until either ends. Whatever is wrong with a socket ends that socket. */
async function relay(socket: WebSocket, deps: SocketDeps): Promise<void> {
  socket.on("error", () => socket.terminate());
  socket.pause();
  let port: MessagePort;
  try {
    port = await deps.connect("page");
  } catch {
    socket.close(1011, "the station cannot be reached");
    return;
  }
  socket.on("message", (data: RawData, isBinary) => port.postMessage(asFrame(data, isBinary)));
  socket.on("close", () => port.close());
  port.on("message", (frame: unknown) => {
    if (isFrame(frame)) socket.send(frame);
  });
  port.on("close", () => socket.close(1011, "the station has closed this connection"));
  if (socket.readyState === socket.CLOSED) port.close();
  socket.resume();
}

function whole(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

/** Text as a string; bytes as a copy, because the socket reuses the memory behind a message. */
function asFrame(data: RawData, isBinary: boolean): Frame {
  return isBinary ? Uint8Array.from(whole(data)) : whole(data).toString("utf8");
}

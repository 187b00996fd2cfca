import { createORPCClient, ORPCError, type ClientLink } from "@orpc/client";
import { RPCLink as PortLink } from "@orpc/client/message-port";
import { RPCLink as SocketLink } from "@orpc/client/websocket";
import type { ContractRouterClient } from "@orpc/contract";
import { createTanstackQueryUtils } from "@orpc/tanstack-query";
import type { Contract } from "../shared/contract/contract.ts";
import { askStepUp } from "./step-up.ts";
import { openPort, type Bridge } from "./port.ts";

type Context = Record<never, never>;
type Link = ClientLink<Context>;

/** An open way to the station and the moment it ends. */
interface Wire {
  readonly link: Link;
  readonly ended: Promise<void>;
}

/** Both sides name what they speak, so that a page of another version is turned away at the handshake. */
const subprotocol = "sallyport.v1";

let wire: Promise<Wire> | null = null;

declare global {
  interface Window {
    /** Given by Electron's preload; absent in a browser. */
    readonly sallyport?: Bridge;
  }
}

/** Opens the way anew after it has ended; calls meanwhile share one attempt. */
function currentWire(): Promise<Wire> {
  wire ??= open().catch((error: unknown) => {
    wire = null;
    throw error;
  });
  return wire;
}

async function open(): Promise<Wire> {
  const bridge = window.sallyport;
  const opened =
    bridge === undefined
      ? await openSocket()
      : await openPort(bridge).then(({ port, ended }) => ({ link: new PortLink<Context>({ port }), ended }));
  void opened.ended.then(() => {
    wire = null;
  });
  return opened;
}

/** A WebSocket to the origin that served this page, and to nothing else (connect-src 'self'). */
function openSocket(): Promise<Wire> {
  const address = new URL("/rpc", location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  address.hash = "";
  const socket = new WebSocket(address, subprotocol);
  const link = new SocketLink<Context>({ websocket: socket });
  const ended = new Promise<void>((resolve) =>
    socket.addEventListener("close", () => resolve(), { once: true }),
  );
  return new Promise((resolve, reject) => {
    socket.addEventListener("open", () => resolve({ link, ended }), { once: true });
    socket.addEventListener("error", () => reject(new ConnectionLost()), { once: true });
  });
}

/** The station's process does not answer: it has ended, or the browser lost its session cookie. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
}

const reconnecting: Link = {
  async call(path, input, options) {
    const { link, ended } = await currentWire();
    const lost = ended.then(() => {
      throw new ConnectionLost();
    });
    const call = () => Promise.race([link.call(path, input, options), lost]);
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ORPCError) || error.code !== "needs-step-up" || !(await askStepUp()))
        throw error;
      return await call();
    }
  },
};

/** Every operation of the station, typed by the contract. */
export const client: ContractRouterClient<Contract> = createORPCClient(reconnecting);

/** The same operations as queries and mutations; keys are the operation and its input. */
export const orpc = createTanstackQueryUtils(client);

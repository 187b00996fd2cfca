// To be preloaded (NODE_OPTIONS=--import): writes one line for each attempt of a process or one of its threads to reach
// anything but this machine's own loopback or a socket file, and refuses it. `SALLYPORT_TEST_EGRESS_FILE` says where.
import { appendFileSync } from "node:fs";
import dgram from "node:dgram";
import dns from "node:dns";
import { Socket } from "node:net";
import { threadId } from "node:worker_threads";

const file = process.env["SALLYPORT_TEST_EGRESS_FILE"];
const record = (line: string): void => {
  if (file !== undefined) appendFileSync(file, `${line}\n`);
};

record(`watching ${threadId === 0 ? "process" : "thread"}`);

type Connecting = { path?: string; host?: string } | string | number;

/** Sockets: every HTTP, TLS and WebSocket client of Node ends here. */
// eslint-disable-next-line typescript/unbound-method -- called with its own socket below
const connect = Socket.prototype.connect as (this: Socket, ...given: unknown[]) => Socket;
Socket.prototype.connect = function counted(this: Socket, ...given: unknown[]): Socket {
  const [first, second] = (Array.isArray(given[0]) ? given[0] : given) as [Connecting, unknown];
  const isFile = typeof first === "string" || (typeof first === "object" && first.path !== undefined);
  const host = typeof first === "object" ? first.host : typeof second === "string" ? second : "localhost";
  if (isFile || host === "127.0.0.1" || host === "::1") return connect.apply(this, given);
  record(`connect ${host ?? "localhost"}`);
  throw new Error("no connection leaves this test");
} as typeof Socket.prototype.connect;

/** Names: asking for one is a packet already. */
for (const resolver of [dns, dns.promises] as unknown as Record<string, unknown>[]) {
  for (const name of Object.keys(resolver).filter((key) => /^(lookup|resolve)/.test(key))) {
    const original = resolver[name] as (...given: unknown[]) => unknown;
    resolver[name] = (host: unknown, ...rest: unknown[]): unknown => {
      // An address is no question: Node asks itself for the one it listens on.
      if (host === "127.0.0.1" || host === "::1") return original.call(resolver, host, ...rest);
      record(`${name} ${String(host)}`);
      throw new Error("no name leaves this test");
    };
  }
}

dgram.Socket.prototype.send = function refuse(): never {
  record("datagram");
  throw new Error("no datagram leaves this test");
};

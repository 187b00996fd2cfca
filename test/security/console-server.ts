import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { MessageChannel } from "node:worker_threads";
import { afterEach, beforeEach } from "vitest";
import { WebSocket } from "ws";
import type { PageFiles } from "../../main/page/files.ts";
import { Entry } from "../../main/serve/entry.ts";
import { startConsoleServer, type ConsoleServer } from "../../main/serve/server.ts";

/** A console server for the attacks, with a clock of ours and a station that echoes. */

const files: PageFiles = new Map([
  ["/index.html", { type: "text/html; charset=utf-8", bytes: Buffer.from("<p>the console</p>") }],
  ["/assets/app.js", { type: "text/javascript; charset=utf-8", bytes: Buffer.from("secret()") }],
  ["/mark.svg", { type: "image/svg+xml", bytes: Buffer.from("<svg/>") }],
]);

export interface Served {
  /** Milliseconds since the start; a test moves it. */
  now: number;
  entry: Entry;
  server: ConsoleServer;
  /** What was refused, in the words of the log. */
  refusals: string[];
  /** Connections to the station that were opened. */
  connections: number;
}

export const served = {} as Served;

/** A fresh server for each test of a file. */
export function serveEach(): void {
  beforeEach(async () => {
    Object.assign(served, { now: 0, refusals: [], connections: 0, entry: new Entry(() => served.now) });
    served.server = await startConsoleServer({
      port: 0,
      files,
      entry: served.entry,
      refused: (reason) => served.refusals.push(reason),
      connect: () => {
        served.connections += 1;
        const { port1, port2 } = new MessageChannel();
        port1.on("message", (frame: unknown) => port1.postMessage(frame));
        return Promise.resolve(port2);
      },
    });
  });
  afterEach(async () => {
    await served.server.close();
  });
}

export interface Answered {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

interface Asking {
  method?: string;
  path?: string;
  headers?: Record<string, string | undefined>;
  body?: string;
}

/** A request as written: no header is added but those given, and Host unless it is given. */
export function ask({ method = "GET", path = "/", headers = {}, body }: Asking = {}): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
    const outgoing = httpRequest(
      {
        host: "127.0.0.1",
        port: served.server.port,
        method,
        path,
        headers: given,
        setHost: headers["Host"] === undefined,
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

export const origin = (): string => `http://127.0.0.1:${served.server.port}`;

/** Offers a token as the gate does. */
export function post(token: string, headers: Record<string, string | undefined> = {}): Promise<Answered> {
  return ask({
    method: "POST",
    path: "/session",
    headers: { "Content-Type": "application/json", Origin: origin(), ...headers },
    body: JSON.stringify({ token }),
  });
}

/** The cookie of a session. */
export async function signedIn(): Promise<string> {
  const answer = await post(served.entry.issueToken(60_000));
  if (answer.status !== 204) throw new Error(`not signed in: ${answer.status}`);
  return String(answer.headers["set-cookie"]?.[0]).split(";")[0] ?? "";
}

/** Bytes on the wire, for what no client library would send. */
export function raw(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(served.server.port, "127.0.0.1", () => socket.end(text));
    let answer = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => (answer += chunk));
    socket.on("error", () => resolve(answer));
    socket.on("close", () => resolve(answer));
  });
}

export interface Shake {
  path?: string;
  protocol?: string | undefined;
  origin?: string | undefined;
  cookie?: string | undefined;
  host?: string | undefined;
}

/** A handshake as written; the socket, or the status that refused it. */
export function open({
  path = "/rpc",
  protocol = "sallyport.v1",
  cookie,
  host,
  ...rest
}: Shake): Promise<WebSocket | number> {
  const wanted = "origin" in rest ? rest.origin : origin();
  const headers = Object.fromEntries(
    Object.entries({ Origin: wanted, Cookie: cookie, Host: host }).filter(([, value]) => value !== undefined),
  ) as Record<string, string>;
  return new Promise((resolve) => {
    const socket = new WebSocket(
      `ws://127.0.0.1:${served.server.port}${path}`,
      protocol === "" ? [] : [protocol],
      {
        headers,
      },
    );
    socket.once("open", () => resolve(socket));
    socket.once("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
    socket.on("error", () => {});
  });
}

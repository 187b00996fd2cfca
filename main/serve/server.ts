import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { MessagePort } from "node:worker_threads";
import type { PageFile, PageFiles } from "../page/files.ts";
import { securityHeaders } from "../page/headers.ts";
import { asked } from "./asked.ts";
import type { Entry } from "./entry.ts";
import { gateCss, gateHtml, gateScript } from "./gate-page.ts";
import { denyForeign, denyForeignOrigin, type Denied } from "./rules.ts";
import { acceptSockets } from "./sockets.ts";
import { answerWorkspaces, isWorkspacePath, type WorkspaceFace } from "./workspace-face.ts";

export interface ConsoleServerDeps {
  /** 0: any free port. */
  readonly port: number;
  readonly files: PageFiles;
  readonly entry: Entry;
  readonly connect: (face: string) => Promise<MessagePort>;
  /** A refused token, a foreign host, a foreign origin: each leaves a line. */
  readonly refused: (reason: string) => void;
  /** The user's other stations; without it there is none. */
  readonly workspaces?: WorkspaceFace;
}

export interface ConsoleServer {
  readonly port: number;
  close(): Promise<void>;
}

/** A token in its JSON is under 100 bytes. */
const largestBodyBytes = 1024;

/** The files of the gate are for everybody; everything else is for those who came through it. */
const gate: PageFiles = new Map([
  ["/", page("text/html; charset=utf-8", gateHtml)],
  ["/gate.js", page("text/javascript; charset=utf-8", gateScript)],
  ["/gate.css", page("text/css; charset=utf-8", gateCss)],
]);

/**
 * The console's page and wire for a browser on this machine, on 127.0.0.1 alone. Nothing here knows an operation: frames go
 * to the station as they come. Throws what `listen` throws, for example EADDRINUSE.
 */
export async function startConsoleServer(deps: ConsoleServerDeps): Promise<ConsoleServer> {
  // Slow or endless requests end; a page needs a dozen connections and other local users none.
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5000, maxHeaderSize: 16 * 1024 });
  server.maxConnections = 128;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port: deps.port }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const cookie = cookieName(port);
  server.on("request", (request, response) => {
    answer(request, response, { ...deps, port, cookie }).catch(() => response.destroy());
  });
  const sockets = acceptSockets(server, { ...deps, port, session: (request) => readCookie(request, cookie) });
  return { port, close: () => closeServer(server, () => sockets.close()) };
}

/** Cookies know no port: two of ours on one machine must not overwrite each other's. */
export const cookieName = (port: number): string => `sallyport-${port}`;

interface Answering extends ConsoleServerDeps {
  readonly cookie: string;
}

async function answer(request: IncomingMessage, response: ServerResponse, deps: Answering): Promise<void> {
  const path = request.url ?? "/";
  const denied = denyForeign(asked(request), deps.port, path === "/" ? deps.entry.awaits : "typed");
  if (denied !== undefined) return deny(response, denied, deps);
  if (request.method === "POST") {
    const forStations = isWorkspacePath(path);
    if (path !== "/session" && !forStations) return sayStatus(response, 404, "There is nothing here.");
    const foreign = denyForeignOrigin(asked(request));
    if (foreign !== undefined) return deny(response, foreign, deps);
    return forStations ? askStations(request, response, deps) : exchange(request, response, deps);
  }
  if (path === "/mark.svg") return send(request, response, deps.files.get(path));
  const session = readCookie(request, deps.cookie);
  if (!deps.entry.knows(session)) {
    const file = gate.get(path);
    return file === undefined
      ? sayStatus(response, 401, "Open the console's address first.")
      : send(request, response, file);
  }
  if (isWorkspacePath(path)) return askStations(request, response, deps);
  return send(request, response, deps.files.get(path === "/" ? "/index.html" : path));
}

/** About the user's other stations, for whoever came through the gate of this one. */
async function askStations(
  request: IncomingMessage,
  response: ServerResponse,
  deps: Answering,
): Promise<void> {
  if (!deps.entry.knows(readCookie(request, deps.cookie))) {
    return sayStatus(response, 401, "Open the console's address first.");
  }
  if (deps.workspaces === undefined) return sayStatus(response, 404, "There is nothing here.");
  const isPost = request.method === "POST";
  if (isPost && request.headers["content-type"] !== "application/json") {
    return sayStatus(response, 415, "JSON only.");
  }
  return answerWorkspaces(request, response, isPost ? await readBody(request) : undefined, deps.workspaces);
}

/** The one-time token for a cookie. */
async function exchange(request: IncomingMessage, response: ServerResponse, deps: Answering): Promise<void> {
  if (request.headers["content-type"] !== "application/json") return sayStatus(response, 415, "JSON only.");
  const token = tokenOf(await readBody(request));
  if (token === undefined) return sayStatus(response, 400, "A token is missing.");
  const { admission, session } = deps.entry.spend(token);
  if (session === undefined) {
    deps.refused(admission === "wrong" ? "wrong one-time token" : "too many wrong one-time tokens");
    return sayStatus(response, admission === "wrong" ? 403 : 429, "This token opens nothing.");
  }
  response.setHeader("Set-Cookie", `${deps.cookie}=${session}; HttpOnly; SameSite=Strict; Path=/`);
  return sayStatus(response, 204, "");
}

function tokenOf(body: string | undefined): string | undefined {
  try {
    const value: unknown = JSON.parse(body ?? "");
    const token = typeof value === "object" && value !== null && "token" in value ? value.token : undefined;
    return typeof token === "string" ? token : undefined;
  } catch {
    return undefined;
  }
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > largestBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(request: IncomingMessage, response: ServerResponse, file: PageFile | undefined): void {
  if (file === undefined) return sayStatus(response, 404, "There is nothing here.");
  response.writeHead(200, {
    ...securityHeaders,
    "Content-Type": file.type,
    "Content-Length": file.bytes.length,
  });
  response.end(request.method === "HEAD" ? undefined : file.bytes);
}

function deny(response: ServerResponse, { status, sentence }: Denied, deps: Answering): void {
  deps.refused(sentence);
  sayStatus(response, status, sentence);
}

function sayStatus(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { ...securityHeaders, "Content-Type": "text/plain; charset=utf-8" });
  response.end(sentence);
}

/** The value of our cookie; undefined when it is missing or there twice. */
export function readCookie(request: IncomingMessage, name: string): string | undefined {
  const values = (request.headers.cookie ?? "")
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`));
  return values.length === 1 ? values[0]?.slice(name.length + 1) : undefined;
}

function page(type: string, text: string): PageFile {
  return { type, bytes: Buffer.from(text) };
}

function closeServer(server: Server, closeSockets: () => void): Promise<void> {
  closeSockets();
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

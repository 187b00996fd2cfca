import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { ORPCError } from "@orpc/client";
import { RPCLink } from "@orpc/client/message-port";
import { WebSocket } from "ws";
import { Entry } from "../../main/serve/entry.ts";
import { startConsoleServer } from "../../main/serve/server.ts";
import { attachPeer } from "../../main/station/attach/attach-peer.ts";
import { createAnswers } from "../../main/station/attach/answer.ts";
import { startStation } from "../../main/station/host.ts";
import { openStation } from "../../main/station/station.ts";

/** What a face answered: the operation's output, or an error with its code. */
export type Answered =
  | { readonly ok: true; readonly output: unknown }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly data: unknown };

/** One connection of a face. */
export interface FaceConnection {
  call(path: readonly string[], input: unknown): Promise<Answered>;
  /** Sends a frame as it is, past every client library; undefined where a face has no frames. */
  readonly sendRaw?: (frame: unknown) => void;
  /** Settles when the other side has closed this connection. */
  readonly closed?: Promise<void>;
  close(): void;
}

/** One way to a station. All of them are held to the same cases. */
export interface Face {
  connect(): Promise<FaceConnection>;
  close(): Promise<void>;
}

export const passphrase = "correct horse battery staple";
// Cheap keys: what is tested is the way to the station, not the cost of its door.
const passwordHash = { memoryKiB: 64, passes: 1 };
const launcher = fileURLToPath(new URL("../../bin/sallyport", import.meta.url));

/** The four ways, each to a founded station of its own. */
export const faces: Readonly<Record<string, () => Promise<Face>>> = {
  "in one thread": inOneThread,
  "over a port of the station's thread": overPort,
  "over a WebSocket": overWebSocket,
  "on the command line": onCommandLine,
};

async function inOneThread(): Promise<Face> {
  const folder = scratch();
  const station = await openStation({
    directory: join(folder, "station"),
    shell: "test",
    clock: () => new Date(),
    step: () => {},
    log: { info: () => {}, warn: () => {}, error: () => {} },
    passwordHash,
  });
  const answers = createAnswers(station.router);
  const connect = (): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    const connection = station.connect("test");
    attachPeer(port2, answers(connection), () => station.disconnect(connection));
    return port1;
  };
  await found(overMessagePort(connect()));
  return {
    connect: () => Promise.resolve(overMessagePort(connect())),
    close: async () => {
      await station.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function overPort(): Promise<Face> {
  const { host, folder } = await threadStation();
  return {
    connect: () => Promise.resolve(overMessagePort(host.connect("test"))),
    close: async () => {
      await host.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function overWebSocket(): Promise<Face> {
  const { host, folder } = await threadStation();
  const entry = new Entry(() => performance.now());
  const server = await startConsoleServer({
    port: 0,
    files: new Map(),
    entry,
    connect: (face) => Promise.resolve(host.connect(face)),
    refused: () => {},
  });
  const origin = `http://127.0.0.1:${server.port}`;
  const admitted = await fetch(`${origin}/session`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: origin },
    body: JSON.stringify({ token: entry.issueToken(60_000) }),
  });
  const headers = { Origin: origin, Cookie: admitted.headers.getSetCookie()[0]?.split(";")[0] ?? "" };
  return {
    connect: () =>
      overSocket(new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, ["sallyport.v1"], { headers })),
    close: async () => {
      await server.close();
      await host.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function threadStation(): Promise<{ host: Awaited<ReturnType<typeof startStation>>; folder: string }> {
  const folder = scratch();
  process.env["NODE_ENV"] = "test";
  process.env["SALLYPORT_TEST_FAST_KDF"] = "1";
  const host = await startStation({ directory: join(folder, "station"), shell: "test" });
  await found(overMessagePort(host.connect("test")));
  return { host, folder };
}

function onCommandLine(): Promise<Face> {
  const folder = scratch();
  writeFileSync(join(folder, "passphrase"), `${passphrase}\n`, { mode: 0o600 });
  const common = ["--station", join(folder, "station"), "--json"];
  const env = { ...process.env, NODE_ENV: "test", SALLYPORT_TEST_FAST_KDF: "1" };
  const run = (args: readonly string[]): Answered => {
    const { stdout, status } = spawnSync(launcher, [...args, ...common], { encoding: "utf8", env });
    const output: unknown = JSON.parse(stdout);
    if (status === 0) return { ok: true, output };
    const { code, message, ...data } = (output as { error: { code: string; message: string } }).error;
    return { ok: false, code, message, data };
  };
  const unlocked = ["--passphrase-file", join(folder, "passphrase")];
  const founded = run([
    "station",
    "init",
    "--name",
    "low",
    "--side",
    "request",
    "--operator",
    "admin",
    ...unlocked,
  ]);
  if (!founded.ok) throw new Error(founded.message);
  return Promise.resolve({
    // Every command signs in by itself: a connection that has signed in is one that names the passphrase file.
    connect: () => {
      let credentials: readonly string[] = [];
      return Promise.resolve({
        call: (path, input) => {
          if (path.join(".") === "session.signIn") {
            credentials = unlocked;
            return Promise.resolve({ ok: true, output: {} });
          }
          return Promise.resolve(run([...path.map(hyphenated), ...flags(input), ...credentials]));
        },
        close: () => {},
      });
    },
    close: () => {
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  });
}

const hyphenated = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function flags(input: unknown): string[] {
  return Object.entries((input ?? {}) as Record<string, unknown>).flatMap(([name, value]) => [
    `--${hyphenated(name)}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
}

async function found(connection: FaceConnection): Promise<void> {
  const founding = { name: "low", side: "request", people: "one", operator: "admin", passphrase };
  const founded = await connection.call(["station", "init"], founding);
  connection.close();
  if (!founded.ok) throw new Error(founded.message);
}

function overMessagePort(port: MessagePort): FaceConnection {
  const link = new RPCLink({ port });
  return {
    call: (path, input) => answered(link.call(path, input, { context: {} })),
    sendRaw: (frame) => port.postMessage(frame),
    closed: new Promise((resolve) => port.once("close", resolve)),
    close: () => port.close(),
  };
}

/** A socket joined to a channel, so that one client library speaks for both kinds of wire. */
async function overSocket(socket: WebSocket): Promise<FaceConnection> {
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  socket.on("error", () => socket.terminate());
  const { port1, port2 } = new MessageChannel();
  socket.on("message", (data: Buffer, isBinary) =>
    port1.postMessage(isBinary ? Uint8Array.from(data) : data.toString()),
  );
  port1.on("message", (frame: string | Uint8Array) => socket.send(frame));
  socket.on("close", () => port1.close());
  port1.on("close", () => socket.close());
  return {
    ...overMessagePort(port2),
    sendRaw: (frame) => socket.send(frame as string | Uint8Array),
    closed: new Promise((resolve) => socket.once("close", () => resolve())),
  };
}

async function answered(call: Promise<unknown>): Promise<Answered> {
  try {
    return { ok: true, output: await call };
  } catch (error) {
    if (!(error instanceof ORPCError)) throw error;
    return { ok: false, code: String(error.code), message: error.message, data: error.data };
  }
}

function scratch(): string {
  return mkdtempSync(join(tmpdir(), "conformance-"));
}

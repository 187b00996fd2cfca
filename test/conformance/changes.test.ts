import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/websocket";
import type { ContractRouterClient } from "@orpc/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { connectClient } from "../../main/cli/client.ts";
import { Entry } from "../../main/serve/entry.ts";
import { startConsoleServer, type ConsoleServer } from "../../main/serve/server.ts";
import { reachStation, type Reached } from "../../main/station/attach/reach.ts";
import type { Contract } from "../../shared/contract/contract.ts";

/**
 * A change made in one place is told to every other: two pages over their WebSockets, a window over its port, a command
 * line attached from another process. Ordered by what happens, never by a clock; the time it takes stands in
 * docs/performance.md.
 */

type Client = ContractRouterClient<Contract>;
type Hints = AsyncIterator<{ topics: string[] }>;

const passphrase = "correct horse battery staple";
const launcher = fileURLToPath(new URL("../../bin/sallyport", import.meta.url));

let folder: string;
let reached: Reached;
let server: ConsoleServer;
let headers: Record<string, string>;
const sockets: WebSocket[] = [];
let following: ChildProcess | undefined;

beforeAll(async () => {
  process.env["NODE_ENV"] = "test";
  process.env["SALLYPORT_TEST_FAST_KDF"] = "1";
  folder = mkdtempSync(join(tmpdir(), "changes-"));
  writeFileSync(join(folder, "passphrase"), `${passphrase}\n`, { mode: 0o600 });
  reached = await reachStation({ directory: join(folder, "station"), shell: "serve" });
  const founder = connectClient(await reached.connect("page"));
  await founder.typed.station.init({ name: "low", side: "request", operator: "admin", passphrase });
  founder.close();
  const entry = new Entry(() => performance.now());
  const connect = (face: string) => reached.connect(face);
  server = await startConsoleServer({ port: 0, files: new Map(), entry, connect, refused: () => {} });
  const origin = `http://127.0.0.1:${server.port}`;
  const admitted = await fetch(`${origin}/session`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: origin },
    body: JSON.stringify({ token: entry.issueToken(60_000) }),
  });
  headers = { Origin: origin, Cookie: admitted.headers.getSetCookie()[0]?.split(";")[0] ?? "" };
});

afterAll(async () => {
  if (following !== undefined && following.exitCode === null) following.kill("SIGKILL");
  for (const socket of sockets) socket.close();
  await server.close();
  await reached.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A page of its own, signed in, over a real WebSocket. */
async function page(): Promise<Client> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, ["sallyport.v1"], { headers });
  sockets.push(socket);
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  const client: Client = createORPCClient(
    new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }),
  );
  await client.session.signIn({ passphrase });
  return client;
}

/** The stream of hints, once it stands. */
async function hintsOf(client: Client): Promise<Hints> {
  const stream = (await client.watch.changes({})) as unknown as AsyncIterable<{ topics: string[] }>;
  const hints = stream[Symbol.asyncIterator]();
  await hints.next();
  return hints;
}

/** Reads on until a hint names the topic. */
async function until(hints: Hints, topic: string): Promise<void> {
  for (;;) {
    const { done, value } = await hints.next();
    if (done === true) throw new Error(`the stream ended before it told of ${topic}`);
    if (value.topics.includes(topic)) return;
  }
}

/** `watch changes` in a process of its own: attached, signed in, one document a line. */
async function commandLine(): Promise<Hints> {
  const args = ["watch", "changes", "--json", "--station", join(folder, "station")];
  following = spawn(launcher, [...args, "--passphrase-file", join(folder, "passphrase")], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_ENV: "test", SALLYPORT_TEST_FAST_KDF: "1" },
  });
  if (following.stdout === null) throw new Error("no output to read");
  const lines = createInterface({ input: following.stdout })[Symbol.asyncIterator]();
  const hints: Hints = {
    async next() {
      const { done, value } = await lines.next();
      return done === true
        ? { done, value }
        : { done: false, value: JSON.parse(value) as { topics: string[] } };
    },
  };
  await hints.next();
  return hints;
}

describe("a change made on one page", () => {
  test("is told to another page, a window and an attached command line, and stands when they ask", async () => {
    const [one, other] = [await page(), await page()];
    const window = connectClient(await reached.connect("window"));
    await window.typed.session.signIn({ passphrase });
    const everywhere = [await hintsOf(other), await hintsOf(window.typed), await commandLine()];
    const before = (await other.operators.list({})).operators[0]?.version ?? -1;

    const told = everywhere.map((hints) => until(hints, "operators"));
    await one.operators.describe({ name: "admin", displayName: "The first", contact: "", version: before });
    await Promise.all(told);
    for (const client of [other, window.typed]) {
      expect((await client.operators.list({})).operators[0]).toMatchObject({ displayName: "The first" });
    }
    window.close();
  });

  test("by the command line is told to the pages", async () => {
    const hints = await hintsOf(await page());
    const told = until(hints, "operators");
    const args = [
      "operators",
      "describe",
      "--name",
      "admin",
      "--display-name",
      "Second",
      "--contact",
      "",
      "--seen",
      "2",
    ];
    const changing = spawn(
      launcher,
      [...args, "--station", join(folder, "station"), "--passphrase-file", join(folder, "passphrase")],
      {
        stdio: ["ignore", "ignore", "inherit"],
        env: { ...process.env, NODE_ENV: "test", SALLYPORT_TEST_FAST_KDF: "1" },
      },
    );
    const ended = new Promise((resolve) => changing.once("close", resolve));
    await told;
    expect(await ended).toBe(0);
  });

  test("is told to nobody who has not signed in", async () => {
    const stranger = connectClient(await reached.connect("page"));
    const hints = await hintsOf(stranger.typed);
    const next = hints.next();
    const one = await page();
    const { version = -1 } = (await one.operators.list({})).operators[0] ?? {};
    await one.operators.describe({ name: "admin", displayName: "", contact: "", version });
    // The sign-in of the page is all that it may hear of.
    expect((await next).value).toMatchObject({ topics: ["session"] });
    stranger.close();
  });

  test("is followed by the command line until a signal, which is a good end", async () => {
    const ended = new Promise((resolve) => following?.once("close", resolve));
    following?.kill("SIGINT");
    expect(await ended).toBe(0);
  });
});

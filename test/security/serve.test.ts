import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { MessageChannel } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { PageFiles } from "../../main/page/files.ts";
import { contentSecurityPolicy } from "../../main/page/headers.ts";
import { Entry } from "../../main/serve/entry.ts";
import { startConsoleServer, type ConsoleServer } from "../../main/serve/server.ts";
import { largestFrameBytes } from "../../main/station/attach/frame.ts";

const files: PageFiles = new Map([
  ["/index.html", { type: "text/html; charset=utf-8", bytes: Buffer.from("<p>the console</p>") }],
  ["/assets/app.js", { type: "text/javascript; charset=utf-8", bytes: Buffer.from("secret()") }],
  ["/mark.svg", { type: "image/svg+xml", bytes: Buffer.from("<svg/>") }],
]);

let now: number;
let entry: Entry;
let server: ConsoleServer;
let refusals: string[];
let connections: number;

beforeEach(async () => {
  now = 0;
  refusals = [];
  connections = 0;
  entry = new Entry(() => now);
  server = await startConsoleServer({
    port: 0,
    files,
    entry,
    refused: (reason) => refusals.push(reason),
    connect: () => {
      connections += 1;
      const { port1, port2 } = new MessageChannel();
      port1.on("message", (frame: unknown) => port1.postMessage(frame));
      return Promise.resolve(port2);
    },
  });
});

afterEach(async () => {
  await server.close();
});

interface Answered {
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
function ask({ method = "GET", path = "/", headers = {}, body }: Asking = {}): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
    const outgoing = httpRequest(
      {
        host: "127.0.0.1",
        port: server.port,
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

const origin = (): string => `http://127.0.0.1:${server.port}`;

function post(token: string, headers: Record<string, string | undefined> = {}): Promise<Answered> {
  return ask({
    method: "POST",
    path: "/session",
    headers: { "Content-Type": "application/json", Origin: origin(), ...headers },
    body: JSON.stringify({ token }),
  });
}

async function signedIn(): Promise<string> {
  const answer = await post(entry.issueToken(60_000));
  expect(answer.status).toBe(204);
  return String(answer.headers["set-cookie"]?.[0]).split(";")[0] ?? "";
}

/** Bytes on the wire, for what no client library would send. */
function raw(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(server.port, "127.0.0.1", () => socket.end(text));
    let answer = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => (answer += chunk));
    socket.on("error", () => resolve(answer));
    socket.on("close", () => resolve(answer));
  });
}

interface Shake {
  path?: string;
  protocol?: string | undefined;
  origin?: string | undefined;
  cookie?: string | undefined;
  host?: string | undefined;
}

function open({
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
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, protocol === "" ? [] : [protocol], {
      headers,
    });
    socket.once("open", () => resolve(socket));
    socket.once("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
    socket.on("error", () => {});
  });
}

describe("the one-time token", () => {
  test("opens the page once, and never again", async () => {
    const token = entry.issueToken(60_000);
    expect((await post(token)).status).toBe(204);
    expect((await post(token)).status).toBe(403);
  });

  test("is of no use after its time", async () => {
    const token = entry.issueToken(60_000);
    now += 60_001;
    expect((await post(token)).status).toBe(403);
  });

  test("is void when a newer one is issued", async () => {
    const old = entry.issueToken(60_000);
    entry.issueToken(60_000);
    expect((await post(old)).status).toBe(403);
  });

  test("has 256 bits, and never the same twice", () => {
    const tokens = new Set(Array.from({ length: 200 }, () => entry.issueToken(1)));
    expect(tokens.size).toBe(200);
    for (const token of tokens) expect(Buffer.from(token, "base64url")).toHaveLength(32);
  });

  test("is not looked at after five wrong ones in a minute, and each wrong one leaves a line", async () => {
    const token = entry.issueToken(3_600_000);
    for (let attempt = 0; attempt < 5; attempt += 1) expect((await post("guess")).status).toBe(403);
    expect((await post(token)).status).toBe(429);
    expect(refusals).toHaveLength(6);
    now += 60_001;
    expect((await post(token)).status).toBe(204);
  });

  test("is taken from the body alone: in the path, the query or a header it does nothing", async () => {
    const token = entry.issueToken(60_000);
    for (const path of [`/?t=${token}`, `/session?token=${token}`, `/${token}`]) {
      const answer = await ask({ path, headers: { Authorization: `Bearer ${token}` } });
      expect(answer.headers["set-cookie"]).toBeUndefined();
    }
    expect((await post(token)).status).toBe(204);
  });

  test.each([
    ["no JSON", "{"],
    ["no token", "{}"],
    ["a token that is no string", '{"token":{}}'],
    ["null", "null"],
    ["a body beyond all measure", JSON.stringify({ token: "x".repeat(100_000) })],
  ])("refuses %s without falling over", async (_what, body) => {
    const headers = { "Content-Type": "application/json", Origin: origin() };
    expect((await ask({ method: "POST", path: "/session", headers, body })).status).toBe(400);
    expect((await ask()).status).toBe(200);
  });

  test("is refused in a form, which another site could post", async () => {
    const token = entry.issueToken(60_000);
    const answer = await post(token, { "Content-Type": "application/x-www-form-urlencoded" });
    expect(answer.status).toBe(415);
  });
});

describe("the session cookie", () => {
  test("is out of reach of scripts and other sites, ends with the browser, and carries the port in its name", async () => {
    const answer = await post(entry.issueToken(60_000));
    expect(answer.headers["set-cookie"]).toEqual([
      expect.stringMatching(
        new RegExp(`^sallyport-${server.port}=[A-Za-z0-9_-]{43}; HttpOnly; SameSite=Strict; Path=/$`),
      ),
    ]);
  });

  test("is asked for by everything but the gate", async () => {
    const gate = await ask();
    expect(gate.body).not.toContain("the console");
    expect((await ask({ path: "/assets/app.js" })).status).toBe(401);
    expect((await ask({ path: "/index.html" })).status).toBe(401);
    const cookie = await signedIn();
    expect((await ask({ headers: { Cookie: cookie } })).body).toContain("the console");
    expect((await ask({ path: "/assets/app.js", headers: { Cookie: cookie } })).status).toBe(200);
  });

  test("of another port's server is not taken", async () => {
    const cookie = await signedIn();
    const foreign = cookie.replace(String(server.port), String(server.port + 1));
    expect((await ask({ path: "/index.html", headers: { Cookie: foreign } })).status).toBe(401);
  });

  test("that is there twice counts as none", async () => {
    const cookie = await signedIn();
    const answer = await ask({
      path: "/index.html",
      headers: { Cookie: `${cookie}; sallyport-${server.port}=x` },
    });
    expect(answer.status).toBe(401);
  });

  test("is forgotten after 15 minutes without a connection, and not while one stands", async () => {
    const cookie = await signedIn();
    const socket = await open({ cookie });
    now += 60 * 60_000;
    expect((await ask({ path: "/index.html", headers: { Cookie: cookie } })).status).toBe(200);
    const closed = new Promise((resolve) => (socket as WebSocket).once("close", resolve));
    (socket as WebSocket).close();
    await closed;
    await new Promise((resolve) => setTimeout(resolve, 50));
    now += 15 * 60_000 + 1;
    expect((await ask({ path: "/index.html", headers: { Cookie: cookie } })).status).toBe(401);
  });
});

describe("a page of another site that reaches this port", () => {
  test.each([
    ["the name of the attacker", "evil.example"],
    ["the right name without the port", "127.0.0.1"],
    ["the right name with another port", "127.0.0.1:1"],
    ["a name that resolves here", "127.0.0.1.nip.io:PORT"],
    ["a trailing dot", "localhost.:PORT"],
    ["another address of this machine", "127.0.0.2:PORT"],
    ["an empty host", ""],
  ])("is turned away with %s in Host", async (_what, host) => {
    const answer = await ask({ headers: { Host: host.replace("PORT", String(server.port)) } });
    expect(answer.status).toBe(421);
  });

  test("is turned away with Host twice, or none", async () => {
    const host = `Host: 127.0.0.1:${server.port}\r\n`;
    expect(await raw(`GET / HTTP/1.1\r\n${host}Host: evil.example\r\n\r\n`)).toMatch(/^HTTP\/1\.1 4(21|00)/);
    expect(await raw("GET / HTTP/1.1\r\n\r\n")).toMatch(/^HTTP\/1\.1 400/);
    expect(await raw("GET / HTTP/1.0\r\n\r\n")).toMatch(/^HTTP\/1\.1 421/);
  });

  test.each(["127.0.0.1", "localhost", "[::1]"])("is not what %s is", async (name) => {
    expect((await ask({ headers: { Host: `${name}:${server.port}` } })).status).toBe(200);
  });

  test.each(["cross-site", "same-site"])("is turned away when the browser says %s", async (site) => {
    expect((await ask({ headers: { "Sec-Fetch-Site": site } })).status).toBe(403);
  });

  test.each([
    ["none", undefined],
    ["that of another site", "http://evil.example"],
    ["null", "null"],
    ["ours over another scheme", "https://127.0.0.1:PORT"],
    ["one that begins like ours", "http://127.0.0.1:PORT.evil.example"],
    ["another local name than the one asked", "http://localhost:PORT"],
  ])("cannot spend a token with the Origin %s", async (_what, sent) => {
    const token = entry.issueToken(60_000);
    const answer = await post(token, { Origin: sent?.replace("PORT", String(server.port)) });
    expect(answer.status).toBe(403);
    expect((await post(token)).status).toBe(204);
  });

  test("gets no leave to read anything", async () => {
    const answer = await ask({ method: "OPTIONS", headers: { Origin: "http://evil.example" } });
    expect(answer.status).toBe(405);
    for (const name of Object.keys((await ask()).headers)) expect(name).not.toMatch(/^access-control-/);
  });

  test.each(["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])("cannot use %s", async (method) => {
    expect((await ask({ method })).status).toBe(405);
  });

  test("changes nothing with GET", async () => {
    expect((await ask({ path: "/session" })).status).toBe(401);
  });
});

describe("every answer", () => {
  test("carries the policy and the other headers, whatever it is", async () => {
    const answers = [
      await ask(),
      await ask({ path: "/gate.js" }),
      await ask({ path: "/nothing" }),
      await ask({ headers: { Host: "evil.example" } }),
      await ask({ method: "PUT" }),
      await post("wrong"),
      await ask({ headers: { Cookie: await signedIn() } }),
    ];
    for (const { headers } of answers) {
      expect(headers["content-security-policy"]).toBe(contentSecurityPolicy);
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["x-frame-options"]).toBe("DENY");
      expect(headers["referrer-policy"]).toBe("no-referrer");
      expect(headers["cross-origin-opener-policy"]).toBe("same-origin");
      expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
      expect(headers["cache-control"]).toBe("no-store");
    }
  });

  test("has a policy that names no inline, no eval, no wildcard and no other origin", () => {
    expect(contentSecurityPolicy).toContain("default-src 'none'");
    expect(contentSecurityPolicy).toContain("frame-ancestors 'none'");
    expect(contentSecurityPolicy).toContain("require-trusted-types-for 'script'");
    expect(contentSecurityPolicy).not.toMatch(/unsafe|\*|https?:|data:|blob:/);
  });
});

describe("the files of the page", () => {
  test.each([
    "/../package.json",
    "/..%2fpackage.json",
    "/assets/../../package.json",
    "/assets/%2e%2e/%2e%2e/etc/passwd",
    "//etc/passwd",
    "/assets\\..\\index.html",
    "/assets/app.js%00.html",
    "/assets/",
    "/run/endpoint.sock",
    "/__proto__",
    "/constructor",
    "http://evil.example/",
  ])("are a closed list: %s is nothing", async (path) => {
    const cookie = await signedIn();
    expect((await ask({ path, headers: { Cookie: cookie } })).status).toBe(404);
  });
});

describe("the wire", () => {
  test("opens for the page itself", async () => {
    const socket = (await open({ cookie: await signedIn() })) as WebSocket;
    expect(socket.protocol).toBe("sallyport.v1");
    const echoed = new Promise((resolve) =>
      socket.once("message", (data: Buffer) => resolve(data.toString())),
    );
    socket.send("hello");
    expect(await echoed).toBe("hello");
    socket.close();
  });

  test.each<[string, (cookie: string) => Shake, number]>([
    ["no cookie", () => ({}), 401],
    ["a made-up cookie", () => ({ cookie: "sallyport-1=x" }), 401],
    ["no Origin", (cookie) => ({ cookie, origin: undefined }), 403],
    ["another site's Origin", (cookie) => ({ cookie, origin: "http://evil.example" }), 403],
    ["the Origin null", (cookie) => ({ cookie, origin: "null" }), 403],
    ["a foreign Host", (cookie) => ({ cookie, host: "evil.example" }), 421],
    ["no subprotocol", (cookie) => ({ cookie, protocol: "" }), 400],
    ["another subprotocol", (cookie) => ({ cookie, protocol: "sallyport.v2" }), 400],
    ["another path", (cookie) => ({ cookie, path: "/" }), 404],
  ])("stays closed with %s", async (_what, shake, status) => {
    expect(await open(shake(await signedIn()))).toBe(status);
    expect(connections).toBe(0);
  });

  test("ends for whom sends a frame beyond all measure, and for nobody else", async () => {
    const cookie = await signedIn();
    const honest = (await open({ cookie })) as WebSocket;
    const hostile = (await open({ cookie })) as WebSocket;
    const ended = new Promise((resolve) => hostile.once("close", resolve));
    hostile.send(Buffer.alloc(largestFrameBytes + 1));
    await ended;
    const echoed = new Promise((resolve) =>
      honest.once("message", (data: Buffer) => resolve(data.toString())),
    );
    honest.send("still here");
    expect(await echoed).toBe("still here");
    honest.close();
  });

  test("ends for whom breaks the protocol, and the page still answers", async () => {
    const cookie = await signedIn();
    const hostile = (await open({ cookie })) as WebSocket;
    const ended = new Promise((resolve) => hostile.once("close", resolve));
    // A frame with reserved bits set, past the library.
    (hostile as unknown as { _socket: { write: (bytes: Buffer) => void } })._socket.write(
      Buffer.from([0xff, 0xff, 0xff]),
    );
    await ended;
    expect((await ask()).status).toBe(200);
  });
});

describe("the port", () => {
  test("is on the loopback address alone", async () => {
    const reached = await new Promise<boolean>((resolve) => {
      // Every 127/8 address reaches a listener on 0.0.0.0, and none but 127.0.0.1 one that is bound to it.
      const socket = connect(server.port, "127.0.0.2", () => resolve(true));
      socket.on("error", () => resolve(false));
    });
    expect(reached).toBe(false);
  });
});

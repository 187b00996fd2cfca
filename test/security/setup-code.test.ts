import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { writeAddressFile } from "../../main/serve/address-file.ts";
import { openBrowser } from "../../main/serve/browser.ts";
import { ServedStations, type ServedStation } from "../../main/serve/stations.ts";

/** The one-time address is the set-up code of a station that nobody has founded yet (docs/adr/0012). */

let folder: string;
let stations: ServedStations;
let served: ServedStation;

const start = async (): Promise<void> => {
  stations = new ServedStations({
    files: new Map([["/index.html", { type: "text/html", bytes: Buffer.from("the console") }]]),
    places: { environment: { XDG_CONFIG_HOME: join(folder, "config") } },
    switchMs: 60_000,
    say: () => {},
  });
  served = await stations.open(join(folder, "empty"));
};

beforeEach(() => {
  process.env["NODE_ENV"] = "test";
  folder = mkdtempSync(join(tmpdir(), "setup-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function spend(address: string): Promise<Response> {
  const { origin, hash } = new URL(address);
  return fetch(`${origin}/session`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: origin },
    body: JSON.stringify({ token: hash.slice("#t=".length) }),
  });
}

/** The status with which the wire to the station is refused; 101 when it opens. */
function wire(cookie: string | undefined): Promise<number> {
  const origin = `http://127.0.0.1:${served.port}`;
  const headers = { Origin: origin, ...(cookie === undefined ? {} : { Cookie: cookie }) };
  const socket = new WebSocket(`ws://127.0.0.1:${served.port}/rpc`, ["sallyport.v1"], { headers });
  return new Promise((resolve) => {
    socket.once("open", () => {
      socket.close();
      resolve(101);
    });
    socket.once("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
    socket.on("error", () => {});
  });
}

const cookieOf = (answer: Response): string => answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";

describe("the set-up code of a station that is not founded", () => {
  beforeEach(start);
  afterEach(() => stations.close());

  test("is needed before anything of the station is reached, founding above all", async () => {
    expect(await wire(undefined)).toBe(401);
    const page = await (await fetch(`http://127.0.0.1:${served.port}/`)).text();
    expect(page).not.toContain("the console");
    const answer = await spend(served.address(60_000));
    expect(answer.status).toBe(204);
    expect(await wire(cookieOf(answer))).toBe(101);
  });

  test("is used up by its first use", async () => {
    const code = served.address(60_000);
    expect((await spend(code)).status).toBe(204);
    expect((await spend(code)).status).toBe(403);
  });

  test("expires", async () => {
    const code = served.address(0);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await spend(code)).status).toBe(403);
  });

  test("is worth nothing after a restart, nor is what it was exchanged for", async () => {
    const { port } = served;
    const cookie = cookieOf(await spend(served.address(60_000)));
    const code = served.address(60_000);
    await stations.close();
    await start();
    const again = code.replace(`:${port}/`, `:${served.port}/`);
    expect((await spend(again)).status).toBe(403);
    expect(await wire(cookie.replace(String(port), String(served.port)))).toBe(401);
  });

  test("is not guessed: after five wrong ones in a minute the right one isn't looked at either", async () => {
    const code = served.address(60_000);
    for (let guess = 0; guess < 5; guess += 1) {
      expect((await spend(`${code.slice(0, -4)}${String(guess).padStart(4, "0")}`)).status).toBe(403);
    }
    expect((await spend(code)).status).toBe(429);
  });

  test("lets the owner's browser come from its file to the gate, once, and nothing else", async () => {
    const code = served.address(60_000, "file");
    const from = (path: string, site: string, destination = "document"): Promise<number> =>
      ask(path, { "Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": destination });
    expect(await from("/", "cross-site")).toBe(200);
    expect(await from("/", "same-site")).toBe(403);
    expect(await from("/", "cross-site", "iframe")).toBe(403);
    expect(await from("/gate.js", "cross-site")).toBe(403);
    expect((await spend(code)).status).toBe(204);
    expect(await from("/", "cross-site")).toBe(403);
  });
});

describe("the file that carries it to the owner's browser", () => {
  const run = (): string => join(folder, "run");
  beforeEach(() => {
    mkdirSync(run(), { mode: 0o700 });
  });

  test("is readable by the owner alone, under a name that nobody knows, and the last one goes", () => {
    const one = writeAddressFile(run(), "http://127.0.0.1:1/#t=one");
    const two = writeAddressFile(run(), "http://127.0.0.1:1/#t=two");
    const path = fileURLToPath(two.url);
    expect(existsSync(fileURLToPath(one.url))).toBe(false);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(run()).mode & 0o777).toBe(0o700);
    expect(path).toMatch(/open-[0-9a-f]{32}\.html$/);
    expect(readFileSync(path, "utf8")).toContain("#t=two");
    two.remove();
    expect(readdirSync(run()).filter((name) => name.startsWith("open-"))).toEqual([]);
  });

  test.each([0o755, 0o750, 0o701])("is not written into a folder of mode %o", (mode) => {
    chmodSync(run(), mode);
    expect(() => writeAddressFile(run(), "http://127.0.0.1:1/#t=x")).toThrow("others may look into it");
    chmodSync(run(), 0o700);
    expect(readdirSync(run()).filter((name) => name.startsWith("open-"))).toEqual([]);
  });

  test("is not written through a link", () => {
    const elsewhere = join(folder, "elsewhere");
    mkdirSync(elsewhere, { mode: 0o700 });
    symlinkSync(elsewhere, join(folder, "link"));
    expect(() => writeAddressFile(join(folder, "link"), "http://127.0.0.1:1/#t=x")).toThrow(
      "is no directory",
    );
  });

  test("stands on the browser's command line instead of the code, which every user could read there", async () => {
    const seen = join(folder, "arguments");
    const program = join(folder, "browser");
    writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$@" > ${seen}.tmp && mv ${seen}.tmp ${seen}\n`, {
      mode: 0o755,
    });
    expect(spawnSync(program, ["works"]).status).toBe(0);
    rmSync(seen);
    const code = "http://127.0.0.1:1/#t=abcdefghijklmnopqrstuvwxyz";
    openBrowser(program, writeAddressFile(run(), code).url, folder, () => {});
    await vi.waitFor(() => expect(existsSync(seen)).toBe(true), 10_000);
    const shown = readFileSync(seen, "utf8");
    expect(shown).toContain("--app=file://");
    expect(shown).not.toContain(new URL(code).hash.slice("#t=".length));
  });
});

/** The status of a GET with these headers exactly, which `fetch` would not send. */
async function ask(path: string, headers: Record<string, string>): Promise<number> {
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port: served.port, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

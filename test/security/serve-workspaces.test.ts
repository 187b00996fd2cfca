import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ServedStations, type ServedStation } from "../../main/serve/stations.ts";
import type { WorkspaceAnswer } from "../../shared/workspaces.ts";

/** Two stations served by one process share it and nothing else. */

let folder: string;
let stations: ServedStations;
let low: ServedStation;
let cookie: string;

interface Answer {
  status: number;
  text: string;
  cookies: readonly string[];
}

interface Asking {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

function ask(
  port: number,
  { method = "GET", path = "/workspaces", headers = {}, body }: Asking,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port, method, path, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, text, cookies: response.headers["set-cookie"] ?? [] }),
      );
    });
    outgoing.on("error", reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const json = (port: number): Record<string, string> => ({
  "Content-Type": "application/json",
  Origin: `http://127.0.0.1:${port}`,
});

async function enter(address: string): Promise<string> {
  const { port, hash } = new URL(address);
  const token = hash.slice("#t=".length);
  const answer = await ask(Number(port), {
    method: "POST",
    path: "/session",
    headers: json(Number(port)),
    body: { token },
  });
  expect(answer.status).toBe(204);
  return answer.cookies[0]?.split(";")[0] ?? "";
}

const order = (
  verb: string,
  name: unknown,
  headers: Record<string, string> = { Cookie: cookie },
): Promise<Answer> =>
  ask(low.port, {
    method: "POST",
    path: `/workspaces/${verb}`,
    headers: { ...json(low.port), ...headers },
    body: { name },
  });

beforeAll(async () => {
  process.env["NODE_ENV"] = "test";
  folder = mkdtempSync(join(tmpdir(), "served-"));
  const environment = { XDG_CONFIG_HOME: join(folder, "config"), XDG_DATA_HOME: join(folder, "data") };
  stations = new ServedStations({
    files: new Map(),
    places: { environment },
    switchMs: 60_000,
    say: () => {},
  });
  low = await stations.open(join(folder, "low"));
  cookie = await enter(low.address(60_000));
});
afterAll(async () => {
  await stations.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("the user's other stations", () => {
  test("are told to nobody without the cookie, and to no other site", async () => {
    expect((await ask(low.port, {})).status).toBe(401);
    expect((await order("create", "x", {})).status).toBe(401);
    expect(
      (await ask(low.port, { headers: { Cookie: cookie, "Sec-Fetch-Site": "cross-site" } })).status,
    ).toBe(403);
    expect((await order("create", "x", { Cookie: cookie, Origin: "http://evil.example" })).status).toBe(403);
    expect((await ask(low.port, { path: "/workspaces/create", headers: { Cookie: cookie } })).status).toBe(
      404,
    );
    const form = { Cookie: cookie, "Content-Type": "application/x-www-form-urlencoded" };
    expect((await order("create", "x", form)).status).toBe(415);
    expect(existsSync(join(folder, "data"))).toBe(false);
  });

  test.each(["../up", "/etc", "a/b", ".", "", "x".repeat(33), null, { a: 1 }])(
    "are opened and made by name alone, never by %j",
    async (name) => {
      expect((await order("open", name)).status).toBe(409);
      expect((await order("create", name)).status).toBe(409);
      expect(existsSync(join(folder, "data"))).toBe(false);
    },
  );

  test("open behind a gate of their own: neither cookie nor token of one opens the other", async () => {
    const made = JSON.parse((await order("create", "high")).text) as WorkspaceAnswer & { ok: true };
    const address = made.address ?? "";
    const port = Number(new URL(address).port);
    expect(port).not.toBe(low.port);
    expect((await ask(port, { headers: { Cookie: cookie } })).status).toBe(401);
    const renamed = cookie.replace(String(low.port), String(port));
    expect((await ask(port, { headers: { Cookie: renamed } })).status).toBe(401);
    const foreign = { token: new URL(low.address(60_000)).hash.slice(3) };
    const offered = { method: "POST", path: "/session", headers: json(port), body: foreign };
    expect((await ask(port, offered)).status).toBe(403);

    // The tab comes over from the other port: for this one navigation, and until the address is spent.
    const over = {
      "Sec-Fetch-Site": "same-site",
      "Sec-Fetch-Mode": "navigate",
      "Sec-Fetch-Dest": "document",
    };
    expect((await ask(port, { path: "/", headers: over })).status).toBe(200);
    expect((await ask(port, { path: "/", headers: { ...over, "Sec-Fetch-Dest": "iframe" } })).status).toBe(
      403,
    );
    expect((await ask(port, { path: "/", headers: { ...over, "Sec-Fetch-Mode": "no-cors" } })).status).toBe(
      403,
    );
    expect((await ask(port, { path: "/gate.js", headers: over })).status).toBe(403);
    expect(
      (await ask(port, { path: "/", headers: { ...over, "Sec-Fetch-Site": "cross-site" } })).status,
    ).toBe(403);
    const own = await enter(address);
    expect((await ask(port, { path: "/", headers: over })).status).toBe(403);
    expect((await ask(port, { headers: { Cookie: own } })).status).toBe(200);
    expect((await ask(low.port, { headers: { Cookie: own } })).status).toBe(401);
  });

  test("are opened once, however often they are asked for", async () => {
    const port = async (): Promise<string> =>
      new URL((JSON.parse((await order("open", "high")).text) as { address: string }).address).port;
    const [one, other] = await Promise.all([port(), port()]);
    expect(one).toBe(other);
    expect((await order("create", "high")).text).toContain("You keep a station high already");
  });
});

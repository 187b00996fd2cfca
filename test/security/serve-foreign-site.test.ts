import { describe, expect, test } from "vitest";
import { ask, post, raw, served, serveEach } from "./console-server.ts";

serveEach();

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
    const answer = await ask({ headers: { Host: host.replace("PORT", String(served.server.port)) } });
    expect(answer.status).toBe(421);
  });

  test("is turned away with Host twice, or none", async () => {
    const host = `Host: 127.0.0.1:${served.server.port}\r\n`;
    expect(await raw(`GET / HTTP/1.1\r\n${host}Host: evil.example\r\n\r\n`)).toMatch(/^HTTP\/1\.1 4(21|00)/);
    expect(await raw("GET / HTTP/1.1\r\n\r\n")).toMatch(/^HTTP\/1\.1 400/);
    expect(await raw("GET / HTTP/1.0\r\n\r\n")).toMatch(/^HTTP\/1\.1 421/);
  });

  test.each(["127.0.0.1", "localhost", "[::1]"])("is not what %s is", async (name) => {
    expect((await ask({ headers: { Host: `${name}:${served.server.port}` } })).status).toBe(200);
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
    const token = served.entry.issueToken(60_000);
    const answer = await post(token, { Origin: sent?.replace("PORT", String(served.server.port)) });
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

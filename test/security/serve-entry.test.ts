import { describe, expect, test } from "vitest";
import type { WebSocket } from "ws";
import { ask, open, origin, post, served, serveEach, signedIn } from "./console-server.ts";

serveEach();

describe("the one-time token", () => {
  test("opens the page once, and never again", async () => {
    const token = served.entry.issueToken(60_000);
    expect((await post(token)).status).toBe(204);
    expect((await post(token)).status).toBe(403);
  });

  test("is of no use after its time", async () => {
    const token = served.entry.issueToken(60_000);
    served.now += 60_001;
    expect((await post(token)).status).toBe(403);
  });

  test("is void when a newer one is issued", async () => {
    const old = served.entry.issueToken(60_000);
    served.entry.issueToken(60_000);
    expect((await post(old)).status).toBe(403);
  });

  test("has 256 bits, and never the same twice", () => {
    const tokens = new Set(Array.from({ length: 200 }, () => served.entry.issueToken(1)));
    expect(tokens.size).toBe(200);
    for (const token of tokens) expect(Buffer.from(token, "base64url")).toHaveLength(32);
  });

  test("is not looked at after five wrong ones in a minute, and each wrong one leaves a line", async () => {
    const token = served.entry.issueToken(3_600_000);
    for (let attempt = 0; attempt < 5; attempt += 1) expect((await post("guess")).status).toBe(403);
    expect((await post(token)).status).toBe(429);
    expect(served.refusals).toHaveLength(6);
    served.now += 60_001;
    expect((await post(token)).status).toBe(204);
  });

  test("is taken from the body alone: in the path, the query or a header it does nothing", async () => {
    const token = served.entry.issueToken(60_000);
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
    const token = served.entry.issueToken(60_000);
    const answer = await post(token, { "Content-Type": "application/x-www-form-urlencoded" });
    expect(answer.status).toBe(415);
  });
});

describe("the session cookie", () => {
  test("is out of reach of scripts and other sites, ends with the browser, and carries the port in its name", async () => {
    const answer = await post(served.entry.issueToken(60_000));
    expect(answer.headers["set-cookie"]).toEqual([
      expect.stringMatching(
        new RegExp(`^sallyport-${served.server.port}=[A-Za-z0-9_-]{43}; HttpOnly; SameSite=Strict; Path=/$`),
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
    const foreign = cookie.replace(String(served.server.port), String(served.server.port + 1));
    expect((await ask({ path: "/index.html", headers: { Cookie: foreign } })).status).toBe(401);
  });

  test("that is there twice counts as none", async () => {
    const cookie = await signedIn();
    const answer = await ask({
      path: "/index.html",
      headers: { Cookie: `${cookie}; sallyport-${served.server.port}=x` },
    });
    expect(answer.status).toBe(401);
  });

  test("is forgotten after 15 minutes without a connection, and not while one stands", async () => {
    const cookie = await signedIn();
    const socket = await open({ cookie });
    served.now += 60 * 60_000;
    expect((await ask({ path: "/index.html", headers: { Cookie: cookie } })).status).toBe(200);
    const closed = new Promise((resolve) => (socket as WebSocket).once("close", resolve));
    (socket as WebSocket).close();
    await closed;
    await new Promise((resolve) => setTimeout(resolve, 50));
    served.now += 15 * 60_000 + 1;
    expect((await ask({ path: "/index.html", headers: { Cookie: cookie } })).status).toBe(401);
  });
});

import { describe, expect, test } from "vitest";
import { contentSecurityPolicy } from "../page/headers.ts";
import { answerPage } from "./protocol.ts";

const answer = answerPage(
  new Map([
    ["/index.html", { type: "text/html; charset=utf-8", bytes: Buffer.from("<p>page</p>") }],
    ["/assets/a.js", { type: "text/javascript; charset=utf-8", bytes: Buffer.from("1") }],
  ]),
);

describe("the window's own protocol", () => {
  test("gives the files of the page with the policy on each", async () => {
    const response = answer(new Request("app://bundle/"));
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("<p>page</p>");
    expect(response.headers.get("Content-Security-Policy")).toBe(contentSecurityPolicy);
    expect(response.headers.get("Content-Type")).toBe("text/html; charset=utf-8");
    expect(response.headers.get("X-Content-Type-Options")).toBe("nosniff");
  });

  test.each([
    "app://bundle/../../package.json",
    "app://bundle/%2e%2e/%2e%2e/etc/passwd",
    "app://bundle/assets/..%2f..%2fetc/passwd",
    "app://bundle/assets/",
    "app://bundle/__proto__",
    "app://other/index.html",
    "app://bundle/assets/a.js%00",
  ])("gives nothing for %s, and the policy with it", (address) => {
    const response = answer(new Request(address));
    expect(response.status).toBe(404);
    expect(response.headers.get("Content-Security-Policy")).toBe(contentSecurityPolicy);
  });

  test("answers GET and HEAD alone", async () => {
    expect(answer(new Request("app://bundle/", { method: "POST", body: "x" })).status).toBe(405);
    const head = answer(new Request("app://bundle/assets/a.js", { method: "HEAD" }));
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });
});

import { describe, expect, test } from "vitest";
import { contentSecurityPolicy } from "../../main/page/headers.ts";
import { ask, post, serveEach, signedIn } from "./console-server.ts";

serveEach();

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

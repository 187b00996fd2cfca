import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  filePath,
  isOwnBlob,
  isOwnPage,
  mayKeepSecrets,
  mayLoad,
  mayNavigate,
  maySend,
  mayUse,
  refusalForUser,
} from "./policy.ts";

const foreign = [
  "https://evil.example/",
  "http://127.0.0.1/",
  "file:///etc/passwd",
  "app://evil/",
  "app://bundle.evil/",
  "app://bundle:80/",
  "app://evil@bundle/",
  "app://evil:x@bundle/",
  "app:///bundle/",
  "App2://bundle/",
  "https://bundle/?next=app://bundle/",
  "javascript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "about:blank",
  "",
  "bundle",
  "blob:https://evil.example/1",
  "devtools://devtools/bundled/x.html",
  "view-source:app://bundle/",
];

describe("the window's policy", () => {
  test.each(foreign)("does not take %s for its own page", (address) => {
    expect(isOwnPage(address)).toBe(false);
    expect(isOwnBlob(address)).toBe(false);
    expect(filePath(address)).toBeUndefined();
    expect(maySend({ url: address, parent: null })).toBe(false);
    expect(mayUse("fullscreen", address)).toBe(false);
    expect(mayLoad(address, false)).toBe(false);
  });

  test("knows its own page by scheme and host", () => {
    for (const address of [
      "app://bundle/",
      "app://bundle/assets/x.js",
      "app://bundle/#/transfer",
      "APP://bundle/",
    ]) {
      expect(isOwnPage(address)).toBe(true);
    }
    expect(isOwnBlob("blob:app://bundle/0b5f")).toBe(true);
  });

  test("lets a window go nowhere", () => {
    expect(mayNavigate()).toBe(false);
  });

  test("never loads over a network, whatever the address", () => {
    fc.assert(
      fc.property(fc.webUrl(), (address) => {
        expect(mayLoad(address, true)).toBe(false);
      }),
    );
    for (const address of ["ws://127.0.0.1/", "wss://x.example/", "ftp://x.example/"])
      expect(mayLoad(address, true)).toBe(false);
  });

  test("loads developer tools only where there are any", () => {
    expect(mayLoad("devtools://devtools/bundled/x.html", true)).toBe(true);
    expect(mayLoad("devtools://devtools/bundled/x.html", false)).toBe(false);
  });

  test.each([
    "camera",
    "media",
    "geolocation",
    "notifications",
    "usb",
    "serial",
    "hid",
    "clipboard-read",
    "openExternal",
    "fileSystem",
    "local-network-access",
    "unknown",
  ])("refuses %s, also to its own page", (permission) => {
    expect(mayUse(permission, "app://bundle/")).toBe(false);
  });

  test("listens to the top frame of its own page, and to no frame in it", () => {
    expect(maySend({ url: "app://bundle/", parent: null })).toBe(true);
    expect(maySend({ url: "app://bundle/", parent: {} })).toBe(false);
    expect(maySend(null)).toBe(false);
  });

  test("serves the index where no path is given, and paths as they are", () => {
    expect(filePath("app://bundle/")).toBe("/index.html");
    expect(filePath("app://bundle/assets/a.js?x#y")).toBe("/assets/a.js");
  });

  test.each([
    ["linux", "basic_text", true, false],
    ["linux", "unknown", true, false],
    ["linux", "gnome_libsecret", true, true],
    ["linux", "kwallet6", true, true],
    ["linux", "kwallet6", false, false],
    ["win32", "", true, true],
    ["darwin", "", false, false],
  ])("on %s with %s, available %s: keeps a passphrase %s", (platform, backend, available, kept) => {
    expect(mayKeepSecrets(platform, backend, available)).toBe(kept);
  });

  test("refuses root in one sentence that says what to run instead", () => {
    expect(refusalForUser(0)).toContain("sallyport serve");
    expect(refusalForUser(1000)).toBeUndefined();
    expect(refusalForUser(undefined)).toBeUndefined();
  });
});

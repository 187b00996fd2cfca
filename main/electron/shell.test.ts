import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MessageChannel } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Reached } from "../station/attach/reach.ts";
import * as fake from "./electron-fake.ts";
import { startShell } from "./shell.ts";

vi.mock("electron", async () => await import("./electron-fake.ts"));
vi.mock("electron-store", () => ({
  default: class {
    readonly #values = new Map<string, unknown>();
    get = (name: string): unknown => this.#values.get(name);
    set = (name: string, value: unknown): unknown => this.#values.set(name, value);
  },
}));

const station = vi.hoisted(() => ({
  closed: 0,
  shells: [] as unknown[],
  breaks: (_sentence: string): void => {},
}));
vi.mock("../station/attach/reach.ts", () => ({
  reachStation: (start: unknown): Promise<Reached> => {
    station.shells.push(start);
    return Promise.resolve({
      holds: true,
      guests: 0,
      guestsGone: () => Promise.resolve(),
      close: () => {
        station.closed += 1;
        return Promise.resolve();
      },
      lost: new Promise<string>((resolve) => {
        station.breaks = resolve;
      }),
      connect: () => {
        const { port1, port2 } = new MessageChannel();
        port1.on("message", (frame: unknown) => port1.postMessage(frame));
        return Promise.resolve(port2);
      },
    });
  },
}));
vi.mock("../page/files.ts", () => ({
  readPageFiles: () => new Map([["/index.html", { type: "text/html", bytes: Buffer.from("page") }]]),
}));

const own = mkdtempSync(join(tmpdir(), "window-user-"));
const said: string[] = [];
const around = {
  argv: ["sallyport", "--station", "/srv/low"],
  environment: { XDG_CONFIG_HOME: join(own, "config"), XDG_DATA_HOME: join(own, "data") },
  platform: "linux",
  uid: 1000,
  say: (sentence: string) => void said.push(sentence),
};

const ownFrame = { url: "app://bundle/", parent: null };
const foreignFrame = { url: "https://evil.example/", parent: null };

beforeAll(async () => {
  await startShell(around);
});
afterAll(() => rmSync(own, { recursive: true }));

describe("the window's shell", () => {
  test("does what must come before Electron is ready, before", () => {
    const ready = fake.calls.indexOf("whenReady");
    expect(fake.calls.indexOf("enableSandbox")).toBeLessThan(ready);
    expect(fake.calls.indexOf("registerSchemesAsPrivileged")).toBeLessThan(ready);
    expect(fake.calls.slice(0, ready)).toContain("switch host-resolver-rules");
    expect(fake.schemes).toEqual([
      {
        scheme: "app",
        privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
      },
    ]);
  });

  test("opens the station that was named, as the window", () => {
    expect(station.shells).toEqual([{ directory: "/srv/low", shell: "window" }]);
  });

  test("opens one window on its own page: sandboxed, isolated, without Node, views or dictionaries", () => {
    expect(fake.windows).toHaveLength(1);
    expect(fake.windows[0]?.address).toBe("app://bundle/");
    expect(fake.windows[0]?.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      devTools: false,
      preload: expect.stringMatching(/dist\/preload\/preload\.cjs$/),
    });
    expect(fake.windows[0]?.options).toMatchObject({ show: false, backgroundColor: "#0f1110" });
  });

  test("serves the page by its own protocol", async () => {
    const response = fake.fire("protocol app", new Request("app://bundle/")) as Response;
    expect(await response.text()).toBe("page");
  });

  test("refuses permissions in both handlers, devices and screens", () => {
    const asked: boolean[] = [];
    const contents = { getURL: () => "app://bundle/" };
    const details = { requestingUrl: "app://bundle/" };
    for (const permission of ["media", "clipboard-read", "clipboard-sanitized-write"]) {
      fake.fire("permission-request", contents, permission, (yes: boolean) => asked.push(yes), details);
      asked.push(fake.fire("permission-check", null, permission, "app://bundle") as boolean);
    }
    expect(asked).toEqual([false, false, false, false, true, true]);
    expect(fake.fire("permission-check", null, "fullscreen", "https://evil.example")).toBe(false);
    expect(fake.fire("device-permission", {})).toBe(false);
    const streams: unknown[] = [];
    fake.fire("display-media", {}, (answer: unknown) => streams.push(answer));
    expect(streams).toEqual([null]);
  });

  test("lets nothing out: every request but those of its own page is cancelled", () => {
    const cancelled = (url: string): boolean | undefined => {
      let answer: { cancel?: boolean } = {};
      fake.fire("before-request", { url }, (given: { cancel: boolean }) => (answer = given));
      return answer.cancel;
    };
    expect(cancelled("app://bundle/assets/a.js")).toBe(false);
    for (const url of ["https://update.example/", "http://127.0.0.1:1/", "ws://x/", "devtools://devtools/"]) {
      expect(cancelled(url)).toBe(true);
    }
    expect(fake.calls).toContain("spell checker false");
  });

  test("saves only what the page itself made", () => {
    const prevented = (address: string): boolean => {
      let stopped = false;
      const event = { preventDefault: () => (stopped = true) };
      fake.session.defaultSession.emit("will-download", event, { getURL: () => address });
      return stopped;
    };
    expect(prevented("blob:app://bundle/1")).toBe(false);
    expect(prevented("https://evil.example/x.exe")).toBe(true);
  });

  test("holds every page where it is: no navigation, frame, redirect, window or view", () => {
    const handlers = new Map<string, (event: { preventDefault: () => void }) => void>();
    let opens: (() => { action: string }) | undefined;
    fake.app.emit(
      "web-contents-created",
      {},
      {
        on: (name: string, handler: (event: { preventDefault: () => void }) => void) =>
          handlers.set(name, handler),
        setWindowOpenHandler: (handler: () => { action: string }) => (opens = handler),
      },
    );
    expect(opens?.()).toEqual({ action: "deny" });
    for (const name of ["will-navigate", "will-frame-navigate", "will-redirect", "will-attach-webview"]) {
      let stopped = false;
      handlers.get(name)?.({ preventDefault: () => (stopped = true) });
      expect(stopped).toBe(true);
    }
  });

  test("hands its page a port on which frames go to the station and back", async () => {
    const port = await new Promise<fake.FakePort>((resolve) => {
      const senderFrame = {
        ...ownFrame,
        postMessage: (channel: string, _message: unknown, ports: fake.FakePort[]) => {
          expect(channel).toBe("sallyport:port");
          resolve(ports[0] as fake.FakePort);
        },
      };
      fake.ipcMain.emit("sallyport:connect", { senderFrame });
    });
    const echoed = new Promise((resolve) =>
      port.once("message", ({ data }: { data: unknown }) => resolve(data)),
    );
    port.postMessage("frame");
    expect(await echoed).toBe("frame");
    const closed = new Promise<void>((resolve) => port.once("close", () => resolve()));
    port.postMessage({ no: "frame" });
    await closed;
    expect(port.closed).toBe(true);
  });

  test("hands nothing to a foreign frame, and answers its calls with null", async () => {
    const postMessage = vi.fn<() => void>();
    fake.ipcMain.emit("sallyport:connect", { senderFrame: { ...foreignFrame, postMessage } });
    fake.ipcMain.emit("sallyport:connect", { senderFrame: { ...ownFrame, parent: {}, postMessage } });
    fake.ipcMain.emit("sallyport:connect", { senderFrame: null });
    await new Promise((resolve) => setImmediate(resolve));
    expect(postMessage).not.toHaveBeenCalled();
    for (const channel of [...fake.given.keys()].filter((name) => name.startsWith("sallyport:"))) {
      expect(fake.fire(channel, { senderFrame: foreignFrame, sender: {} }, "x")).toBeNull();
    }
  });

  test("asks for a folder, and gives back what was chosen", async () => {
    const event = { senderFrame: ownFrame, sender: {} };
    expect(await fake.fire("sallyport:choose-folder", event)).toBe("/media/stick");
    fake.dialog.chosen = { canceled: true, filePaths: [], filePath: "" };
    expect(await fake.fire("sallyport:choose-folder", event)).toBeNull();
  });

  test("writes a text where the operator says, under a name and never a path of the page", async () => {
    const event = { senderFrame: ownFrame, sender: {} };
    const folder = mkdtempSync(join(tmpdir(), "window-"));
    const filePath = join(folder, "card.txt");
    fake.dialog.chosen = { canceled: false, filePaths: [], filePath };
    expect(await fake.fire("sallyport:save-file", event, "../../etc/passwd", "the card")).toBe(filePath);
    expect(readFileSync(filePath, "utf8")).toBe("the card");
    expect(fake.dialog.asked.at(-1)).toEqual({ defaultPath: "/media/stick/-..-etc-passwd" });
    fake.dialog.chosen = { canceled: false, filePaths: [], filePath: join(folder, "no/such/place") };
    expect(await fake.fire("sallyport:save-file", event, "card.txt", "x")).toBeNull();
    expect(fake.errorBoxes.splice(0)).toEqual([expect.stringContaining("could not be written")]);
    expect(await fake.fire("sallyport:save-file", event, "card.txt", { toString: "x" })).toBeNull();
    rmSync(folder, { recursive: true });
  });

  test("keeps a passphrase under the system's keyring, and forgets it", async () => {
    const event = { senderFrame: ownFrame, sender: {} };
    expect(await fake.fire("sallyport:keyring-keep", event, "four words and a few")).toBe(true);
    expect(await fake.fire("sallyport:keyring-state", event)).toEqual({ available: true, kept: true });
    expect(await fake.fire("sallyport:keyring-recall", event)).toBe("four words and a few");
    fake.fire("sallyport:keyring-forget", event);
    expect(await fake.fire("sallyport:keyring-recall", event)).toBeNull();
  });

  test("paints the window in the theme of its page, and in no made-up one", () => {
    const event = { senderFrame: ownFrame, sender: {} };
    fake.fire("sallyport:set-theme", event, "contrast");
    fake.fire("sallyport:set-theme", event, "url(https://evil.example)");
    expect(fake.calls.filter((call) => call.startsWith("background"))).toEqual(["background #000000"]);
  });

  test("opens another station by its name in a window of its own, bound to it alone", async () => {
    const first = { senderFrame: ownFrame, sender: { window: 0 } };
    const second = { senderFrame: ownFrame, sender: { window: 1 } };
    expect(await fake.fire("sallyport:workspaces", first, "create", "other")).toEqual({ ok: true });
    const directory = join(own, "data/sallyport/stations/other");
    expect(station.shells.at(-1)).toEqual({ directory, shell: "window" });
    expect(fake.windows).toHaveLength(2);
    await fake.fire("sallyport:keyring-keep", first, "the first one's passphrase");
    expect(await fake.fire("sallyport:keyring-recall", second)).toBeNull();
    expect(await fake.fire("sallyport:keyring-recall", first)).toBe("the first one's passphrase");
    expect(await fake.fire("sallyport:workspaces", second, "list", "")).toMatchObject({
      ok: true,
      view: { current: "other", stations: [{ name: "other", directory, isOpen: true }] },
    });
    await fake.fire("sallyport:workspaces", first, "open", "other");
    expect(fake.windows).toHaveLength(2);
    fake.fire("sallyport:keyring-forget", first);
  });

  test.each([
    ["a path", "open", "/etc"],
    ["a path upwards", "create", "../up"],
    ["no name", "open", { name: "other" }],
    ["a verb that is none", "remove", "other"],
    ["a name of nothing", "open", "unknown"],
  ])("opens nothing for %s from a page", async (_what, verb, name) => {
    const event = { senderFrame: ownFrame, sender: { window: 0 } };
    const before = station.shells.length;
    expect(await fake.fire("sallyport:workspaces", event, verb, name)).toMatchObject({ ok: false });
    expect(station.shells).toHaveLength(before);
  });

  test("brings its window to the front when it is started again, and looks at no argument", () => {
    fake.app.emit("second-instance", {}, ["--station", "/elsewhere"]);
    expect(fake.calls.at(-1)).toBe("focus");
    expect(station.shells).toHaveLength(2);
  });

  test("lets the station come to a safe end before the process does", async () => {
    const exited = new Promise((resolve) => fake.app.once("exited", resolve));
    fake.app.emit("window-all-closed");
    await exited;
    expect(station.closed).toBe(2);
    expect(fake.app.exitCode).toBe(0);
  });

  test("says in one sentence that the station's thread has ended", async () => {
    const exited = new Promise((resolve) => fake.app.once("exited", resolve));
    station.breaks("The station's thread ended by a fault: x.");
    await exited;
    expect(fake.errorBoxes).toEqual(["The station's thread ended by a fault: x."]);
    expect(fake.app.exitCode).toBe(1);
  });

  test("refuses root before anything else, with what to run instead", async () => {
    await startShell({ ...around, uid: 0 });
    expect(said).toEqual([expect.stringContaining("sallyport serve")]);
    expect(fake.windows).toHaveLength(2);
  });

  test("ends at once beside a window of the same user and data", async () => {
    fake.app.hasLock = false;
    await startShell(around);
    expect(fake.calls.at(-1)).toBe("quit");
    expect(fake.windows).toHaveLength(2);
  });
});

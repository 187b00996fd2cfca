import { beforeAll, describe, expect, test, vi } from "vitest";

type Listener = (event: { ports: unknown[] }) => void;

const electron = vi.hoisted(() => ({
  exposed: new Map<string, Record<string, unknown>>(),
  listeners: new Map<string, unknown>(),
  sent: [] as unknown[][],
}));

vi.mock("electron", () => ({
  contextBridge: {
    exposeInMainWorld: (name: string, bridge: Record<string, unknown>) => electron.exposed.set(name, bridge),
  },
  ipcRenderer: {
    send: (...given: unknown[]) => electron.sent.push(given),
    invoke: (...given: unknown[]) => {
      electron.sent.push(given);
      return Promise.resolve(null);
    },
    on: (channel: string, listener: unknown) => electron.listeners.set(channel, listener),
  },
}));

beforeAll(async () => {
  await import("./preload.ts");
});

/** Every function of the bridge, by its path. */
function functions(bridge: Record<string, unknown>, path = ""): [string, (given?: unknown) => unknown][] {
  return Object.entries(bridge).flatMap(([name, value]) =>
    typeof value === "function"
      ? [[`${path}${name}`, value as (given?: unknown) => unknown] as [string, (given?: unknown) => unknown]]
      : functions(value as Record<string, unknown>, `${path}${name}.`),
  );
}

describe("the bridge between page and shell", () => {
  test("is one object of a few functions, and no other thing of Electron", () => {
    expect([...electron.exposed.keys()]).toEqual(["sallyport"]);
    expect(functions(electron.exposed.get("sallyport") ?? {}).map(([name]) => name)).toEqual([
      "connect",
      "chooseFolder",
      "saveFile",
      "setTheme",
      "workspaces",
      "keyring.state",
      "keyring.keep",
      "keyring.recall",
      "keyring.forget",
    ]);
  });

  test("lets the page choose no channel", () => {
    for (const [, call] of functions(electron.exposed.get("sallyport") ?? {})) call("sallyport:anything");
    for (const [channel] of electron.sent)
      expect(channel).toMatch(/^sallyport:(connect|choose-|save-file|set-theme|workspaces|keyring-)/);
    expect(electron.sent).toHaveLength(9);
  });

  test("hands the port on to this origin alone", () => {
    const posted: unknown[][] = [];
    vi.stubGlobal("window", { postMessage: (...given: unknown[]) => posted.push(given) });
    (electron.listeners.get("sallyport:port") as Listener)({ ports: ["the port"] });
    vi.unstubAllGlobals();
    expect(posted).toEqual([["sallyport:port", "/", ["the port"]]]);
  });
});

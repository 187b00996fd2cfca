// A stand-in for the electron module, for the tests of the wiring: it remembers what the shell set up and lets a test fire the
// events. Only what the shell uses is there, so a new use of Electron fails until somebody has thought about it.
import { EventEmitter } from "node:events";

type Handler = (...given: never[]) => unknown;

/** What the shell handed to Electron, by the name of the setter. */
export const given = new Map<string, Handler>();
export const windows: FakeWindow[] = [];
export const calls: string[] = [];
export const errorBoxes: string[] = [];
export const menus: unknown[] = [];
export const schemes: unknown[] = [];

const remember =
  (name: string) =>
  (handler: Handler): void => {
    given.set(name, handler);
  };

class FakeApp extends EventEmitter {
  readonly isPackaged = true;
  hasLock = true;
  readonly paths = new Map<string, string>([["userData", "/nonexistent/user-data"]]);
  exitCode: number | undefined;
  whenReady = (): Promise<void> => {
    calls.push("whenReady");
    return Promise.resolve();
  };
  requestSingleInstanceLock = (): boolean => this.hasLock;
  commandLine = { appendSwitch: (name: string): void => void calls.push(`switch ${name}`) };
  enableSandbox = (): void => void calls.push("enableSandbox");
  getPath = (name: string): string => this.paths.get(name) ?? "";
  setPath = (name: string, path: string): void => void this.paths.set(name, path);
  exit = (code: number): void => {
    this.exitCode = code;
    calls.push(`exit ${code}`);
    this.emit("exited");
  };
  quit = (): void => {
    calls.push("quit");
    const event = { prevented: false, preventDefault: () => (event.prevented = true) };
    this.emit("before-quit", event);
  };
}

export const app = new FakeApp();

class FakeSession extends EventEmitter {
  setPermissionRequestHandler = remember("permission-request");
  setPermissionCheckHandler = remember("permission-check");
  setDevicePermissionHandler = remember("device-permission");
  setDisplayMediaRequestHandler = remember("display-media");
  setSpellCheckerEnabled = (on: boolean): void => void calls.push(`spell checker ${on}`);
  webRequest = { onBeforeRequest: remember("before-request") };
}

export const session = { defaultSession: new FakeSession() };

export const protocol = {
  registerSchemesAsPrivileged: (list: unknown[]): void => {
    calls.push("registerSchemesAsPrivileged");
    schemes.push(...list);
  },
  handle: (scheme: string, handler: Handler): void => void given.set(`protocol ${scheme}`, handler),
};

class FakeWindow extends EventEmitter {
  readonly options: { readonly webPreferences: Record<string, unknown> } & Record<string, unknown>;
  address: string | undefined;
  constructor(options: FakeWindow["options"]) {
    super();
    this.options = options;
    windows.push(this);
  }
  /** The window whose `sender` an event names; the first, where it names none. */
  static fromWebContents = (sender?: { window?: number }): FakeWindow | null =>
    windows[sender?.window ?? 0] ?? null;
  static getAllWindows = (): FakeWindow[] => windows;
  loadURL = (address: string): Promise<void> => {
    this.address = address;
    return Promise.resolve();
  };
  show = (): void => void calls.push("show");
  focus = (): void => void calls.push("focus");
  isMinimized = (): boolean => false;
  restore = (): void => void calls.push("restore");
  setBackgroundColor = (color: string): void => void calls.push(`background ${color}`);
}

export { FakeWindow as BrowserWindow };

/** A port as Electron's main process has them: events carry `data`, and nothing arrives before `start`. */
export class FakePort extends EventEmitter {
  other: FakePort | undefined;
  closed = false;
  postMessage = (data: unknown): void => void setImmediate(() => this.other?.emit("message", { data }));
  start = (): void => {};
  close = (): void => {
    if (this.closed) return;
    this.closed = true;
    this.emit("close");
    this.other?.close();
  };
}

export class MessageChannelMain {
  readonly port1 = new FakePort();
  readonly port2 = new FakePort();
  constructor() {
    this.port1.other = this.port2;
    this.port2.other = this.port1;
  }
}

class FakeIpcMain extends EventEmitter {
  handle = (channel: string, handler: Handler): void => void given.set(channel, handler);
}

export const ipcMain = new FakeIpcMain();

export const dialog = {
  chosen: { canceled: false, filePaths: ["/media/stick"], filePath: "/media/stick/card.txt" },
  showOpenDialog: () => Promise.resolve(dialog.chosen),
  asked: [] as unknown[],
  showSaveDialog: (_window: unknown, options: unknown) => {
    dialog.asked.push(options);
    return Promise.resolve(dialog.chosen);
  },
  showErrorBox: (_title: string, text: string): void => void errorBoxes.push(text),
};

export const safeStorage = {
  isAsyncEncryptionAvailable: () => Promise.resolve(true),
  encryptStringAsync: (text: string) => Promise.resolve(Buffer.from(`wrapped ${text}`)),
  decryptStringAsync: (bytes: Buffer) =>
    Promise.resolve({ result: bytes.toString().replace(/^wrapped /, ""), shouldReEncrypt: false }),
  getSelectedStorageBackend: () => "gnome_libsecret",
};

export const nativeTheme = { shouldUseDarkColors: true };

export const Menu = {
  buildFromTemplate: (template: unknown) => template,
  setApplicationMenu: (menu: unknown): void => void menus.push(menu),
};

/** Calls what the shell set under this name, as Electron would. */
export function fire(name: string, ...args: unknown[]): unknown {
  const handler = given.get(name) as ((...all: unknown[]) => unknown) | undefined;
  if (handler === undefined) throw new Error(`the shell set nothing for ${name}`);
  return handler(...args);
}

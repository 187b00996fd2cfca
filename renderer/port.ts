/** What the preload offers in Electron's window; a browser has none of it. Answers are checked where they are used. */
export interface Bridge {
  /** Asks the shell for a port, which is then posted to this window. */
  readonly connect: () => void;
  /** An absolute path, or null when the operator chose none. */
  readonly chooseFolder: () => Promise<unknown>;
  readonly setTheme: (theme: string) => Promise<unknown>;
  /** The user's list of stations: `list`, `keep`, `open`, `create`. */
  readonly workspaces: (verb: "list" | "keep" | "open" | "create", name: string) => Promise<unknown>;
  readonly keyring: {
    /** `available`: this system keeps secrets; `kept`: it keeps one for this station. */
    readonly state: () => Promise<unknown>;
    readonly keep: (passphrase: string) => Promise<unknown>;
    /** The passphrase, or null when nothing is kept or it opens no more. */
    readonly recall: () => Promise<unknown>;
    readonly forget: () => Promise<unknown>;
  };
}

interface OpenPort {
  readonly port: MessagePort;
  readonly ended: Promise<void>;
}

/** How long the shell may take to hand over a port. */
const handOverMs = 10_000;

/**
 * Asks the preload for a port. A MessagePort cannot cross the context bridge as a value, so it arrives as a
 * message of this very window; a message from anywhere else is not ours.
 */
export function openPort(bridge: Bridge): Promise<OpenPort> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      removeEventListener("message", take);
      reject(new Error("The window's shell handed over no port."));
    }, handOverMs);
    const take = (event: MessageEvent): void => {
      const [port] = event.ports;
      if (event.source !== window || event.data !== "sallyport:port" || port === undefined) return;
      clearTimeout(timer);
      removeEventListener("message", take);
      const ended = new Promise<void>((end) => port.addEventListener("close", () => end(), { once: true }));
      port.start();
      resolve({ port, ended });
    };
    addEventListener("message", take);
    bridge.connect();
  });
}

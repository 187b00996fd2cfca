import type { WorkspaceAnswer } from "./workspaces.ts";

/** What the window's preload offers its page as `window.sallyport`; a browser page has none of it. */
export interface Bridge {
  /** Asks for a port to the station. It arrives as a message of this window, `sallyport:port`, with the port in it. */
  readonly connect: () => void;
  /** An absolute path, or null when the operator chose none. */
  readonly chooseFolder: () => Promise<string | null>;
  /** Writes a text of at most 1 MiB where the operator says; the path, or null when nothing was written. */
  readonly saveFile: (suggestedName: string, text: string) => Promise<string | null>;
  /** The window's own ground, so that it doesn't flash in another colour at the next start. */
  readonly setTheme: (theme: "system" | "dark" | "light" | "contrast") => Promise<null>;
  /**
   * The user's list of stations: `list`, `keep` this one, `open` or `create` one by name, in a window of its own. Null: not
   * for this asker.
   */
  readonly workspaces: (
    verb: "list" | "keep" | "open" | "create",
    name: string,
  ) => Promise<WorkspaceAnswer | null>;
  /** The system's keyring, where it has one worth the name; an option, never the only way in. */
  readonly keyring: {
    /** `available`: this system keeps secrets; `kept`: it keeps one for this station. Null: not for this asker. */
    readonly state: () => Promise<{ readonly available: boolean; readonly kept: boolean } | null>;
    readonly keep: (passphrase: string) => Promise<boolean | null>;
    readonly recall: () => Promise<string | null>;
    readonly forget: () => Promise<null>;
  };
}

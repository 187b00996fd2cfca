import ElectronStore from "electron-store";
import * as z from "zod";

/** What the window remembers between two starts. Never a secret in the clear. A damaged value counts as not there. */
const remembered = {
  theme: z.enum(["system", "dark", "light", "contrast"]).catch("system"),
  /** The directory that was open last. */
  station: z.string().nullable().catch(null),
  /** The folder of the last dialog: Electron's own default is Downloads, each time anew. */
  lastFolder: z.string().nullable().catch(null),
  /** A passphrase wrapped by the system's keyring, for each station that asked for it. */
  kept: z.record(z.string(), z.strictObject({ backend: z.string(), wrapped: z.string() })).catch({}),
};

export type Remembered = { readonly [Name in keyof typeof remembered]: z.infer<(typeof remembered)[Name]> };

/** Where settings live; the shell knows no more of it. */
export interface Settings {
  get<Name extends keyof Remembered>(name: Name): Remembered[Name];
  set<Name extends keyof Remembered>(name: Name, value: Remembered[Name]): void;
}

/** A JSON file in the window's data directory; one that can't be read is begun anew. */
export function openSettings(): Settings {
  const store = new ElectronStore<Record<string, unknown>>({ name: "window", clearInvalidConfig: true });
  return {
    get: <Name extends keyof Remembered>(name: Name) =>
      remembered[name].parse(store.get(name)) as Remembered[Name],
    set: (name, value) => store.set(name, value),
  };
}

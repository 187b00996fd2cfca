import * as z from "zod";

/** What a window keeps of its session, so that after a reload or a restart the passphrase alone opens it again. */
export interface KeptSession {
  readonly operator: string;
  /** Says which session it was; opens nothing by itself. */
  readonly token: string;
}

const shape = z.strictObject({ operator: z.string(), token: z.string() });
const name = "sallyport-session";

/** A browser's tab has a memory of its own; Electron's window outlives its process only in the other one. */
function memory(): Storage {
  return window.sallyport === undefined ? sessionStorage : localStorage;
}

export function keptSession(): KeptSession | null {
  const text = memory().getItem(name);
  if (text === null) return null;
  try {
    return shape.parse(JSON.parse(text));
  } catch {
    // Not what this version wrote: then the door asks for everything.
    return null;
  }
}

export function keepSession(kept: KeptSession | null): void {
  if (kept === null) memory().removeItem(name);
  else memory().setItem(name, JSON.stringify(kept));
}

/** What this is, in the list of sessions: "Chrome on Linux", as far as the browser says. */
export function deviceName(agent: string): string {
  const shell = /Electron\/\d+/.test(agent) ? "Sallyport window" : browserOf(agent);
  const system = /Windows|Mac OS X|Linux|CrOS/.exec(agent)?.[0].replace("Mac OS X", "macOS");
  return system === undefined ? shell : `${shell} on ${system}`;
}

function browserOf(agent: string): string {
  const known = /(Edg|Firefox|Chrome|Safari)\/(\d+)/.exec(agent);
  return known === null ? "a browser" : `${known[1] === "Edg" ? "Edge" : known[1]} ${known[2]}`;
}

import { findProgram } from "../setup/programs.mjs";
import { ensureElectron } from "./electron.ts";

/** How the console comes before the operator's eyes, and why so; `why` is printed. */
export type Shell =
  | { readonly kind: "electron"; readonly program: string; readonly why: string }
  | { readonly kind: "browser" | "address"; readonly why: string };

/** What the choice depends on. */
export interface Surroundings {
  readonly isRoot: boolean;
  readonly hasDisplay: boolean;
  /** The path of Electron's binary, or the sentence why there is none. Asked only where it could run. */
  readonly electron: () => Promise<{ readonly program: string } | { readonly refusal: string }>;
  readonly hasChromium: boolean;
}

/** Electron where it can run, else the local browser, else the address alone. */
export async function chooseShell({
  isRoot,
  hasDisplay,
  electron,
  hasChromium,
}: Surroundings): Promise<Shell> {
  if (!hasDisplay)
    return { kind: "address", why: "this session has no display (DISPLAY and WAYLAND_DISPLAY are not set)" };
  if (isRoot) {
    return {
      kind: "address",
      why: "you are root, and Chromium and Electron refuse to run as root with their sandbox on",
    };
  }
  const found = await electron();
  if ("program" in found) return { kind: "electron", program: found.program, why: "its binary is here" };
  if (hasChromium) return { kind: "browser", why: found.refusal };
  return { kind: "address", why: `${found.refusal}, and no Chromium was found` };
}

export function surroundings(): Surroundings {
  return {
    isRoot: process.getuid?.() === 0,
    hasDisplay:
      process.platform !== "linux" || Boolean(process.env["DISPLAY"] ?? process.env["WAYLAND_DISPLAY"]),
    electron: ensureElectron,
    hasChromium: findProgram("chromium") !== undefined,
  };
}

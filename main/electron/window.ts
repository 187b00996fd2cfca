import { fileURLToPath } from "node:url";
import { BrowserWindow, nativeTheme } from "electron";
import { page } from "./policy.ts";
import type { Remembered } from "./settings.ts";

/** The grounds of renderer/ui/tokens.css, so that a window never flashes in another colour before its page is there. */
const grounds = { dark: "#0f1110", light: "#f4f5f2", contrast: "#000000" } as const;

// From main/electron and from dist/electron alike, two folders up is the root.
const preload = fileURLToPath(new URL("../../dist/preload/preload.cjs", import.meta.url));

/** Opens the console's window. It shows our own page, sandboxed, with a bridge of a few functions and no Node. */
export function openWindow(theme: Remembered["theme"], hasDevTools: boolean): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 1024,
    minHeight: 700,
    show: false,
    title: "Sallyport",
    backgroundColor: groundOf(theme),
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      // Chromium fetches spelling dictionaries from the network.
      spellcheck: false,
      navigateOnDragDrop: false,
      devTools: hasDevTools,
    },
  });
  window.once("ready-to-show", () => window.show());
  void window.loadURL(page.address);
  return window;
}

export function groundOf(theme: Remembered["theme"]): string {
  if (theme === "system") return nativeTheme.shouldUseDarkColors ? grounds.dark : grounds.light;
  return grounds[theme];
}

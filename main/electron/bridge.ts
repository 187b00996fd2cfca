import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  BrowserWindow,
  dialog,
  ipcMain,
  MessageChannelMain,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
} from "electron";
import type { Reached } from "../station/attach/reach.ts";
import { maySend } from "./policy.ts";
import { relay } from "./relay.ts";
import type { Remembered, Settings } from "./settings.ts";
import type { OpenStation, WindowStations } from "./stations.ts";
import { groundOf } from "./window.ts";

const themes: readonly Remembered["theme"][] = ["system", "dark", "light", "contrast"];

/** Cards, receipts and reports are far smaller. */
const largestTextCharacters = 1024 * 1024;

export interface BridgeDeps {
  readonly stations: Pick<WindowStations, "of" | "ask">;
  readonly settings: Settings;
}

/**
 * The few things that a page can't do by itself: a port to the station, folder and file dialogs, the theme of its window, the
 * system's keyring. Each message's sender is checked; whoever else asks gets no answer or null.
 */
export function openBridge({ stations, settings }: BridgeDeps): void {
  /** Which station asks: a window is bound to one, so that no page reaches the keys or the keyring of another. */
  const at = (event: IpcMainEvent | IpcMainInvokeEvent): OpenStation | undefined =>
    stations.of(BrowserWindow.fromWebContents(event.sender));

  ipcMain.on("sallyport:connect", (event) => {
    const station = fromPage(event) ? at(event) : undefined;
    if (station !== undefined) void handPort(event, station.reached);
  });
  answer("sallyport:choose-folder", (event) => chooseFolder(event, settings));
  answer("sallyport:save-file", (event, name, text) => saveFile(event, settings, name, text));
  answer("sallyport:set-theme", (event, theme) => setTheme(event, settings, theme));
  answer("sallyport:workspaces", (event, verb, name) => {
    const station = at(event);
    return station === undefined ? null : stations.ask(station, verb, name);
  });
  answer("sallyport:keyring-state", (event) => at(event)?.keeper.state() ?? null);
  answer("sallyport:keyring-keep", (event, passphrase) =>
    typeof passphrase === "string" ? (at(event)?.keeper.keep(passphrase) ?? null) : false,
  );
  answer("sallyport:keyring-recall", (event) => at(event)?.keeper.recall() ?? null);
  answer("sallyport:keyring-forget", (event) => {
    at(event)?.keeper.forget();
    return null;
  });
}

const fromPage = ({ senderFrame }: IpcMainEvent | IpcMainInvokeEvent): boolean => maySend(senderFrame);

function answer(channel: string, work: (event: IpcMainInvokeEvent, ...given: unknown[]) => unknown): void {
  ipcMain.handle(channel, (event, ...given: unknown[]) => (fromPage(event) ? work(event, ...given) : null));
}

async function handPort(event: IpcMainEvent, reached: Reached): Promise<void> {
  const frame = event.senderFrame;
  const { port1, port2 } = new MessageChannelMain();
  try {
    relay(port1, await reached.connect("window"));
    frame?.postMessage("sallyport:port", null, [port2]);
  } catch {
    // The page sees a closed port, says so, and asks again.
    frame?.postMessage("sallyport:port", null, [port2]);
    port1.close();
  }
}

async function chooseFolder(event: IpcMainInvokeEvent, settings: Settings): Promise<string | null> {
  const window = BrowserWindow.fromWebContents(event.sender);
  if (window === null) return null;
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    properties: ["openDirectory", "createDirectory"],
    ...(settings.get("lastFolder") === null ? {} : { defaultPath: settings.get("lastFolder") ?? "" }),
  });
  const [chosen] = filePaths;
  if (canceled || chosen === undefined) return null;
  settings.set("lastFolder", chosen);
  return chosen;
}

async function saveFile(
  event: IpcMainInvokeEvent,
  settings: Settings,
  suggested: unknown,
  text: unknown,
): Promise<string | null> {
  const window = BrowserWindow.fromWebContents(event.sender);
  if (window === null || typeof text !== "string" || text.length > largestTextCharacters) return null;
  // A name, never a path: where it goes is the operator's choice in the dialog.
  const name =
    typeof suggested === "string" ? suggested.replaceAll(/[^\w.-]/g, "-").replace(/^\.+/, "") : "sallyport";
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    defaultPath: join(settings.get("lastFolder") ?? "", name),
  });
  if (canceled || filePath === "") return null;
  settings.set("lastFolder", dirname(filePath));
  try {
    await writeFile(filePath, text, { mode: 0o600 });
    return filePath;
  } catch (error) {
    dialog.showErrorBox("Sallyport", `${filePath} could not be written: ${(error as Error).message}`);
    return null;
  }
}

function setTheme(event: IpcMainInvokeEvent, settings: Settings, wanted: unknown): null {
  const theme = themes.find((one) => one === wanted);
  if (theme === undefined) return null;
  settings.set("theme", theme);
  BrowserWindow.fromWebContents(event.sender)?.setBackgroundColor(groundOf(theme));
  return null;
}

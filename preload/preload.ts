import { contextBridge, ipcRenderer } from "electron";
import type { Bridge } from "../shared/bridge.ts";

// The whole bridge between the page and the window's shell: functions and values only. No channel name, no event and no
// Electron object reaches the page. Each call answers null where the shell refuses the asker.
const bridge: Bridge = {
  connect: () => ipcRenderer.send("sallyport:connect"),
  chooseFolder: () => ipcRenderer.invoke("sallyport:choose-folder") as Promise<string | null>,
  saveFile: (suggestedName, text) =>
    ipcRenderer.invoke("sallyport:save-file", suggestedName, text) as Promise<string | null>,
  setTheme: (theme) => ipcRenderer.invoke("sallyport:set-theme", theme) as Promise<null>,
  workspaces: (verb, name) =>
    ipcRenderer.invoke("sallyport:workspaces", verb, name) as ReturnType<Bridge["workspaces"]>,
  keyring: {
    state: () => ipcRenderer.invoke("sallyport:keyring-state") as ReturnType<Bridge["keyring"]["state"]>,
    keep: (passphrase) => ipcRenderer.invoke("sallyport:keyring-keep", passphrase) as Promise<boolean | null>,
    recall: () => ipcRenderer.invoke("sallyport:keyring-recall") as Promise<string | null>,
    forget: () => ipcRenderer.invoke("sallyport:keyring-forget") as Promise<null>,
  },
};

contextBridge.exposeInMainWorld("sallyport", bridge);

ipcRenderer.on("sallyport:port", (event) => {
  // "/" is this very origin: a page of any other would not get it.
  window.postMessage("sallyport:port", "/", [...event.ports]);
});

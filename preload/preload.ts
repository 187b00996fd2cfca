import { contextBridge, ipcRenderer } from "electron";

/**
 * The whole bridge between the page and the window's shell. Functions only, values only: no channel name, no event and no
 * Electron object reaches the page. Each answers null where the shell refuses the asker.
 */
contextBridge.exposeInMainWorld("sallyport", {
  /** Asks for a port to the station; it arrives as a message of this window, because a port can't cross the bridge. */
  connect: (): void => ipcRenderer.send("sallyport:connect"),
  /** An absolute path, or null when the operator chose none. */
  chooseFolder: (): Promise<unknown> => ipcRenderer.invoke("sallyport:choose-folder"),
  chooseFileName: (suggested: string): Promise<unknown> =>
    ipcRenderer.invoke("sallyport:choose-file-name", suggested),
  setTheme: (theme: string): Promise<unknown> => ipcRenderer.invoke("sallyport:set-theme", theme),
  keyring: {
    /** `available`: this system keeps secrets; `kept`: it keeps one for this station. */
    state: (): Promise<unknown> => ipcRenderer.invoke("sallyport:keyring-state"),
    keep: (passphrase: string): Promise<unknown> => ipcRenderer.invoke("sallyport:keyring-keep", passphrase),
    recall: (): Promise<unknown> => ipcRenderer.invoke("sallyport:keyring-recall"),
    forget: (): Promise<unknown> => ipcRenderer.invoke("sallyport:keyring-forget"),
  },
});

ipcRenderer.on("sallyport:port", (event) => {
  // "/" is this very origin: a page of any other would not get it.
  window.postMessage("sallyport:port", "/", [...event.ports]);
});

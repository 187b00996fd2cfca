import { resolve, join } from "node:path";
import { app, BrowserWindow, dialog, protocol, safeStorage } from "electron";
import { Refusal } from "../../shared/errors.ts";
import { readPageFiles } from "../page/files.ts";
import { reachStation, type Reached } from "../station/attach/reach.ts";
import { openBridge } from "./bridge.ts";
import { guardContents, guardSession } from "./guards.ts";
import { createPassphraseKeeper } from "./keyring.ts";
import { setMenu } from "./menu.ts";
import { page, refusalForUser } from "./policy.ts";
import { answerPage } from "./protocol.ts";
import { openSettings } from "./settings.ts";
import { openWindow } from "./window.ts";

/** What the process tells; handed in so that a test can say it. */
export interface Surroundings {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly uid: number | undefined;
  readonly say: (sentence: string) => void;
}

/**
 * Starts the window's shell and settles when its window is open, or when it has decided to end. Everything that must come
 * before Electron is ready happens before the first `await`.
 */
export async function startShell(around: Surroundings): Promise<void> {
  const refusal = refusalForUser(around.uid);
  if (refusal !== undefined) {
    around.say(refusal);
    return app.exit(1);
  }
  const dataDirectory = around.environment["SALLYPORT_DATA_DIR"];
  if (dataDirectory !== undefined && dataDirectory !== "") app.setPath("userData", resolve(dataDirectory));
  // One window for each user and data directory; who comes second brings the first to the front. Its arguments are not looked at.
  if (!app.requestSingleInstanceLock()) return app.quit();
  app.on("second-instance", () => bringToFront());
  app.enableSandbox();
  for (const [name, value] of quiet) app.commandLine.appendSwitch(name, value);
  protocol.registerSchemesAsPrivileged([
    {
      scheme: page.scheme,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);
  guardContents();

  await app.whenReady();
  const settings = openSettings();
  const hasDevTools = !app.isPackaged;
  guardSession(hasDevTools);
  setMenu(hasDevTools, around.platform);
  const directory = stationDirectory(around, settings.get("station"));
  const reached = await open(directory);
  if (reached === undefined) return app.exit(1);
  settings.set("station", directory);
  protocol.handle(page.scheme, answerPage(readPageFiles()));
  const keeper = createPassphraseKeeper(safeStorage, settings, around.platform, directory);
  openBridge({ reached, settings, keeper });
  endTogether(reached);
  openWindow(settings.get("theme"), hasDevTools);
}

/** Chromium's own errands, below any session: it resolves no name, fetches no component and reports nothing. */
const quiet: readonly (readonly [string, string?])[] = [
  ["host-resolver-rules", "MAP * ~NOTFOUND"],
  ["disable-background-networking"],
  ["disable-component-update"],
  ["disable-domain-reliability"],
];

/** `--station DIR`, SALLYPORT_STATION, the one that was open last, or a first one in the window's own data. */
function stationDirectory({ argv, environment }: Surroundings, last: string | null): string {
  const at = argv.indexOf("--station");
  const given = at === -1 ? environment["SALLYPORT_STATION"] : argv[at + 1];
  if (given !== undefined && given !== "") return resolve(given);
  return last ?? join(app.getPath("userData"), "station");
}

async function open(directory: string): Promise<Reached | undefined> {
  try {
    return await reachStation({ directory, shell: "window" });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { message, facts } = error;
    dialog.showErrorBox(
      "Sallyport",
      [message, facts.remedy].filter((line) => line !== undefined).join("\n\n"),
    );
    return undefined;
  }
}

/** Closing the window, a signal and the end of the session go one way: work stops at a safe point, then the process ends. */
function endTogether(reached: Reached): void {
  let closing = false;
  app.on("window-all-closed", () => app.quit());
  app.on("before-quit", (event) => {
    if (closing) return;
    closing = true;
    event.preventDefault();
    void reached.close().finally(() => app.exit(0));
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => app.quit());
  void reached.lost.then((sentence) => {
    dialog.showErrorBox("Sallyport", sentence);
    app.exit(1);
  });
}

function bringToFront(): void {
  const [window] = BrowserWindow.getAllWindows();
  if (window?.isMinimized() === true) window.restore();
  window?.focus();
}

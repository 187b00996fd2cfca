import { resolve, join } from "node:path";
import { app, BrowserWindow, dialog, protocol } from "electron";
import { Refusal } from "../../shared/errors.ts";
import { readPageFiles } from "../page/files.ts";
import { stationDirectoryOf } from "../workspaces/resolve.ts";
import { openBridge } from "./bridge.ts";
import { guardContents, guardSession } from "./guards.ts";
import { setMenu } from "./menu.ts";
import { page, refusalForUser } from "./policy.ts";
import { answerPage } from "./protocol.ts";
import { openSettings } from "./settings.ts";
import { createWindowStations, openFirst, type WindowStations } from "./stations.ts";

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
  protocol.handle(page.scheme, answerPage(readPageFiles()));
  const stations = createWindowStations({
    settings,
    platform: around.platform,
    hasDevTools,
    places: { environment: around.environment },
    lost(sentence) {
      dialog.showErrorBox("Sallyport", sentence);
      app.exit(1);
    },
  });
  openBridge({ stations, settings });
  let directory: string;
  try {
    directory = stationDirectory(around, settings.get("station"));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    dialog.showErrorBox("Sallyport", [error.message, error.facts.remedy ?? ""].join("\n\n"));
    return app.exit(1);
  }
  if ((await openFirst(stations, directory)) === undefined) return app.exit(1);
  endTogether(stations);
}

/** Chromium's own errands, below any session: it resolves no name, fetches no component and reports nothing. */
const quiet: readonly (readonly [string, string?])[] = [
  ["host-resolver-rules", "MAP * ~NOTFOUND"],
  ["disable-background-networking"],
  ["disable-component-update"],
  ["disable-domain-reliability"],
];

/** `--station` with a directory or a name, SALLYPORT_STATION, the one that was open last, or a first one in the window's own data. */
function stationDirectory({ argv, environment }: Surroundings, last: string | null): string {
  const at = argv.indexOf("--station");
  const given = at === -1 ? environment["SALLYPORT_STATION"] : argv[at + 1];
  if (given !== undefined && given !== "") {
    return stationDirectoryOf(given, { environment, workingDirectory: process.cwd() }) ?? resolve(given);
  }
  return last ?? join(app.getPath("userData"), "station");
}

/** Closing the window, a signal and the end of the session go one way: work stops at a safe point, then the process ends. */
function endTogether(stations: WindowStations): void {
  let closing = false;
  app.on("window-all-closed", () => app.quit());
  app.on("before-quit", (event) => {
    if (closing) return;
    closing = true;
    event.preventDefault();
    void stations.close().finally(() => app.exit(0));
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => app.quit());
}

function bringToFront(): void {
  const [window] = BrowserWindow.getAllWindows();
  if (window?.isMinimized() === true) window.restore();
  window?.focus();
}

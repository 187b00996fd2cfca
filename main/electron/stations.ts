import { dialog, safeStorage, type BrowserWindow } from "electron";
import { stationName } from "../../shared/contract/fields.ts";
import { Refusal } from "../../shared/errors.ts";
import type { WorkspaceAnswer } from "../../shared/workspaces.ts";
import { connectClient } from "../cli/client.ts";
import { reachStation, type Reached } from "../station/attach/reach.ts";
import type { UserPlaces } from "../workspaces/places.ts";
import { createShelf } from "../workspaces/shelf.ts";
import { createPassphraseKeeper, type PassphraseKeeper } from "./keyring.ts";
import type { Settings } from "./settings.ts";
import { openWindow } from "./window.ts";

/** A station and the window that shows it: a window sees one station for its whole life, and its keyring entry alone. */
export interface OpenStation {
  readonly directory: string;
  readonly reached: Reached;
  readonly keeper: PassphraseKeeper;
  readonly window: BrowserWindow;
}

export interface WindowStations {
  /** Opens a station in a window of its own, or brings the one to the front that shows it. Throws a Refusal. */
  open(directory: string): Promise<OpenStation>;
  /** Which station a window shows. */
  of(window: BrowserWindow | null): OpenStation | undefined;
  /** What the page of that station may ask about the others: by name alone. */
  ask(current: OpenStation, verb: unknown, name: unknown): Promise<WorkspaceAnswer>;
  /** All work stops at its next safe point. */
  close(): Promise<void>;
}

interface WindowStationsDeps {
  readonly settings: Settings;
  readonly platform: string;
  readonly hasDevTools: boolean;
  readonly places: UserPlaces;
  /** The station's thread ended by a fault. */
  readonly lost: (sentence: string) => void;
}

export function createWindowStations(deps: WindowStationsDeps): WindowStations {
  const stations = new Map<BrowserWindow, OpenStation>();
  const opening = new Map<string, Promise<OpenStation>>();

  const shelf = createShelf({
    places: deps.places,
    clock: () => new Date(),
    open: () => [...stations.values()].map(({ directory }) => directory),
    async standing(directory) {
      const found = [...stations.values()].find((one) => one.directory === directory);
      if (found === undefined) return null;
      const client = connectClient(await found.reached.connect("window"));
      const { station } = await client.typed.session.state({});
      client.close();
      return station;
    },
  });

  async function start(directory: string): Promise<OpenStation> {
    const reached = await reachStation({ directory, shell: "window" });
    const window = openWindow(deps.settings.get("theme"), deps.hasDevTools);
    const keeper = createPassphraseKeeper(safeStorage, deps.settings, deps.platform, directory);
    const station = { directory, reached, keeper, window };
    stations.set(window, station);
    deps.settings.set("station", directory);
    void reached.lost.then(deps.lost);
    window.on("closed", () => {
      stations.delete(window);
      // The last window's station ends with the process, which waits for it.
      if (stations.size > 0) void reached.close();
      else stations.set(window, station);
    });
    try {
      shelf.opened(directory);
    } catch {
      // A list that can't be read or written is said where somebody asks for it.
    }
    return station;
  }

  function open(directory: string): Promise<OpenStation> {
    const found = [...stations.values()].find((one) => one.directory === directory);
    if (found !== undefined) {
      if (found.window.isMinimized()) found.window.restore();
      found.window.focus();
      return Promise.resolve(found);
    }
    const started = opening.get(directory) ?? start(directory).finally(() => opening.delete(directory));
    opening.set(directory, started);
    return started;
  }

  async function decide(current: OpenStation, verb: unknown, given: unknown): Promise<WorkspaceAnswer> {
    if (verb === "list") return { ok: true, view: await shelf.list(current.directory) };
    if (verb === "keep") return { ok: true, view: await shelf.keep(current.directory) };
    const name = stationName.safeParse(given);
    if (!name.success) return { ok: false, sentence: "That is no name for a station." };
    if (verb !== "open" && verb !== "create")
      return { ok: false, sentence: "There is nothing of that kind." };
    await open(verb === "open" ? shelf.directoryOf(name.data) : shelf.create(name.data));
    return { ok: true };
  }

  return {
    open,
    of: (window) => (window === null ? undefined : stations.get(window)),
    async ask(current, verb, name) {
      try {
        return await decide(current, verb, name);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return { ok: false, sentence: [error.message, error.facts.remedy ?? ""].join(" ").trim() };
      }
    },
    async close() {
      await Promise.all([...stations.values()].map(({ reached }) => reached.close()));
    },
  };
}

/** Opens the first station, or says in a box why not. */
export async function openFirst(
  stations: WindowStations,
  directory: string,
): Promise<OpenStation | undefined> {
  try {
    return await stations.open(directory);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { message, facts } = error;
    const lines = [message, facts.remedy].filter((line) => line !== undefined);
    dialog.showErrorBox("Sallyport", lines.join("\n\n"));
    return undefined;
  }
}

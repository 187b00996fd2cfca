import { homedir } from "node:os";
import { join } from "node:path";

/** What decides where a user's files lie; handed in, so that a test can be another user. */
export interface UserPlaces {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform;
  readonly home?: string;
}

/** The user's list of stations (XDG Base Directory 0.8 on Linux; each system's own place elsewhere). */
export function workspacesFile(places: UserPlaces): string {
  const { environment, platform = process.platform, home = homedir() } = places;
  if (platform === "win32") {
    return join(given(environment["APPDATA"]) ?? join(home, "AppData/Roaming"), "Sallyport/workspaces.json");
  }
  if (platform === "darwin") return join(home, "Library/Application Support/Sallyport/workspaces.json");
  return join(given(environment["XDG_CONFIG_HOME"]) ?? join(home, ".config"), "sallyport/workspaces.json");
}

/** Where a station that is made by name gets its directory. */
export function stationsFolder(places: UserPlaces): string {
  const { environment, platform = process.platform, home = homedir() } = places;
  if (platform === "win32") {
    return join(given(environment["LOCALAPPDATA"]) ?? join(home, "AppData/Local"), "Sallyport/stations");
  }
  if (platform === "darwin") return join(home, "Library/Application Support/Sallyport/stations");
  return join(given(environment["XDG_DATA_HOME"]) ?? join(home, ".local/share"), "sallyport/stations");
}

/** An empty variable is an unset one; a relative path is to be ignored (XDG Base Directory). */
function given(value: string | undefined): string | undefined {
  return value === undefined || !/^([/\\]|[A-Za-z]:)/.test(value) ? undefined : value;
}

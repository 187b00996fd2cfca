import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { WorkspaceView } from "../../shared/workspaces.ts";
import { Refusal } from "../../shared/errors.ts";
import { changeWorkspaces, expectWorkspace, readWorkspaces, withWorkspace, type Workspace } from "./list.ts";
import { stationsFolder, workspacesFile, type UserPlaces } from "./places.ts";

/** More than these open in one shell is no person at work: each is a thread with keys of its own. */
const mostOpen = 8;

/** What a shell offers its pages: the user's list, and a door to each station of it. */
export interface Shelf {
  list(current: string): Promise<WorkspaceView>;
  /** Keeps the station of this page under its own name. */
  keep(current: string): Promise<WorkspaceView>;
  /** The directory behind a name; what the shell opens. Never a path from a page. */
  directoryOf(name: string): string;
  /** Makes a directory for a new station in the user's own place, and keeps it by that name. */
  create(name: string): string;
  /** That it was opened now, for the list. */
  opened(directory: string): void;
}

export interface ShelfDeps {
  readonly places: UserPlaces;
  readonly clock: () => Date;
  /** Directories that this shell has open. */
  readonly open: () => readonly string[];
  /** What the station in an open directory says of itself. */
  readonly standing: (directory: string) => Promise<{ name: string; side: "request" | "response" } | null>;
}

export function createShelf({ places, clock, open, standing }: ShelfDeps): Shelf {
  const file = workspacesFile(places);

  /** A station that was made by name learns its side when somebody founds it. */
  async function learnSide(current: string): Promise<void> {
    const known = readWorkspaces(file).workspaces.find((one) => one.directory === current);
    if (known === undefined || known.side !== null) return;
    const side = (await standing(current))?.side ?? null;
    if (side === null) return;
    changeWorkspaces(file, (before) => ({
      ...before,
      workspaces: before.workspaces.map((one): Workspace =>
        one.directory === current ? { ...one, side } : one,
      ),
    }));
  }

  async function list(current: string): Promise<WorkspaceView> {
    await learnSide(current);
    const kept = readWorkspaces(file).workspaces;
    return {
      current: kept.find((one) => one.directory === current)?.name ?? null,
      stations: kept.map(({ name, directory, side, openedAt }) => ({
        name,
        directory,
        side,
        openedAt,
        isOpen: open().includes(directory),
      })),
    };
  }

  function expectRoom(directory: string): void {
    if (open().includes(directory) || open().length < mostOpen) return;
    throw new Refusal(
      "conflict",
      `${mostOpen} stations are open here already. Close one of their windows first.`,
    );
  }

  return {
    list,

    async keep(current) {
      const found = await standing(current);
      if (found === null) throw new Refusal("not-ready", "There is no station here yet that could be kept.");
      // The station says more of itself than the list may hold.
      const { name, side } = found;
      changeWorkspaces(file, (before) =>
        withWorkspace(before, { name, side, directory: current, openedAt: clock().toISOString() }),
      );
      return list(current);
    },

    directoryOf(name) {
      const { directory } = expectWorkspace(readWorkspaces(file), name);
      expectRoom(directory);
      return directory;
    },

    create(name) {
      const directory = join(stationsFolder(places), name);
      expectRoom(directory);
      changeWorkspaces(file, (before) => {
        if (before.workspaces.some((one) => one.name === name)) {
          throw new Refusal("conflict", `You keep a station ${name} already. Choose another name.`);
        }
        mkdirSync(directory, { recursive: true, mode: 0o700 });
        return withWorkspace(before, { name, directory, side: null, openedAt: null });
      });
      return directory;
    },

    opened(directory) {
      const isKept = readWorkspaces(file).workspaces.some((one) => one.directory === directory);
      if (!isKept) return;
      const now = clock().toISOString();
      changeWorkspaces(file, (before) => ({
        ...before,
        workspaces: before.workspaces.map((one): Workspace =>
          one.directory === directory ? { ...one, openedAt: now } : one,
        ),
      }));
    },
  };
}

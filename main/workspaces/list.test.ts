import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { changeWorkspaces, readWorkspaces, withoutWorkspace, withWorkspace, type Workspace } from "./list.ts";
import { stationsFolder, workspacesFile } from "./places.ts";
import { stationDirectoryOf } from "./resolve.ts";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "workspaces-"));
  file = join(folder, "config/sallyport/workspaces.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const low = (): Workspace => ({
  name: "low",
  directory: join(folder, "a/low"),
  side: "request",
  openedAt: null,
});
const places = () => ({ environment: { XDG_CONFIG_HOME: join(folder, "config") }, workingDirectory: folder });

describe("the list of stations", () => {
  test("is empty where there is no file, and written for its owner alone", () => {
    expect(readWorkspaces(file)).toEqual({ default: null, workspaces: [] });
    changeWorkspaces(file, (list) => withWorkspace(list, low()));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "config/sallyport")).mode & 0o777).toBe(0o700);
    expect(readWorkspaces(file).workspaces).toEqual([low()]);
  });

  test("holds names, directories, sides and times, and nothing else", () => {
    changeWorkspaces(file, (list) => withWorkspace(list, low()));
    expect(Object.keys(JSON.parse(readFileSync(file, "utf8")) as object)).toEqual([
      "format",
      "default",
      "workspaces",
    ]);
    const smuggled = {
      format: "sallyport-workspaces@v1",
      default: null,
      workspaces: [{ ...low(), passphrase: "x" }],
    };
    writeFileSync(file, JSON.stringify(smuggled), { mode: 0o600 });
    expect(() => readWorkspaces(file)).toThrow("has a fault at workspaces.0");
  });

  test.each([0o644, 0o620, 0o606, 0o640])(
    "of mode %o, which others could read or write, opens nothing",
    (mode) => {
      changeWorkspaces(file, (list) => withWorkspace(list, low()));
      chmodSync(file, mode);
      expect(() => readWorkspaces(file)).toThrow("chmod 600");
    },
  );

  test("behind a link is not read", () => {
    mkdirSync(join(folder, "config/sallyport"), { recursive: true });
    writeFileSync(join(folder, "elsewhere"), "{}", { mode: 0o600 });
    symlinkSync(join(folder, "elsewhere"), file);
    expect(() => readWorkspaces(file)).toThrow("can't be read");
  });

  test("gives a name to one directory alone, and forgets without touching the station", () => {
    const list = withWorkspace({ default: "low", workspaces: [] }, low());
    expect(() => withWorkspace(list, { ...low(), directory: "/elsewhere" })).toThrow("already");
    expect(withoutWorkspace(list, "low")).toEqual({ default: null, workspaces: [] });
    expect(() => withoutWorkspace(list, "high")).toThrow("There is no station high in your list: low");
  });
});

describe("a station that is named", () => {
  test("by a path is that path, and by a name of the list is its directory", () => {
    changeWorkspaces(file, (list) => withWorkspace(list, low()));
    expect(stationDirectoryOf("./low", places())).toBe(join(folder, "low"));
    expect(stationDirectoryOf("low", places())).toBe(join(folder, "a/low"));
    expect(stationDirectoryOf("other", places())).toBe(join(folder, "other"));
  });

  test("by a name that is also a folder here is refused", () => {
    changeWorkspaces(file, (list) => withWorkspace(list, low()));
    mkdirSync(join(folder, "low"));
    expect(() => stationDirectoryOf("low", places())).toThrow(
      "is a folder here and another directory in your list",
    );
  });

  test("by nothing is the default, where there is one", () => {
    expect(stationDirectoryOf(undefined, places())).toBeUndefined();
    changeWorkspaces(file, (list) => ({ ...withWorkspace(list, low()), default: "low" }));
    expect(stationDirectoryOf(undefined, places())).toBe(join(folder, "a/low"));
  });
});

describe("the user's places", () => {
  test("are those of each system, and a relative variable is ignored", () => {
    const linux = { platform: "linux", home: "/home/a", environment: {} } as const;
    expect(workspacesFile(linux)).toBe("/home/a/.config/sallyport/workspaces.json");
    expect(workspacesFile({ ...linux, environment: { XDG_CONFIG_HOME: "here" } })).toBe(
      workspacesFile(linux),
    );
    expect(stationsFolder({ ...linux, environment: { XDG_DATA_HOME: "/d" } })).toBe("/d/sallyport/stations");
    expect(workspacesFile({ ...linux, platform: "darwin" })).toContain("Library/Application Support");
  });
});

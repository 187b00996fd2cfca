import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { extractFile, listPackage } from "@electron/asar";
import { FuseState, FuseV1Options, getCurrentFuseWire } from "@electron/fuses";
import { describe, expect, test } from "vitest";
import { programFolder } from "./packed.ts";

const resources = join(programFolder(), "resources");
const archive = join(resources, "app.asar");
const files = listPackage(archive, { isPack: false });
const machine = `linux-${process.arch}`;

describe("the archive", () => {
  test("holds the shells, the preload and the renderer", () => {
    expect(files).toEqual(
      expect.arrayContaining([
        "/dist/electron/main.js",
        "/dist/serve/main.js",
        "/dist/cli/main.js",
        "/dist/preload/preload.cjs",
        "/dist/renderer/index.html",
      ]),
    );
    const { main, type } = JSON.parse(extractFile(archive, "package.json").toString("utf8")) as Record<
      string,
      string
    >;
    expect({ main, type }).toEqual({ main: "dist/electron/main.js", type: "module" });
  });

  test("holds no source, test, source map, script or Node binary", () => {
    const unwanted =
      /\.tsx?$|\.map$|^\/(main|shared|renderer|scripts|test|docs|bench)\/|\/node-linux|\/node_modules\/(electron|vite|react)\//;
    expect(files.filter((file) => unwanted.test(file))).toEqual([]);
  });

  test("holds native modules for this platform alone, and outside the asar", () => {
    const native = globSync("**/*.node", { cwd: resources });
    const wanted = [
      `node_modules/better-sqlite3/prebuilds/${machine}.node`,
      `node_modules/sodium-native/prebuilds/${machine}/sodium-native.node`,
    ];
    expect(native.toSorted()).toEqual(
      ["app.asar.unpacked", "cli"].flatMap((folder) => wanted.map((file) => join(folder, file))).toSorted(),
    );
  });

  test("trims Chromium's locales to the language there is", () => {
    expect(globSync("locales/*.pak", { cwd: programFolder() })).toEqual(["locales/en-US.pak"]);
  });

  test("brings no updater and no address to ask for updates", () => {
    expect(globSync("**/app-update.yml", { cwd: resources })).toEqual([]);
    expect(readFileSync(archive).includes("electron-updater")).toBe(false);
  });
});

describe("Electron's fuses", () => {
  const off = FuseState.DISABLE;
  const on = FuseState.ENABLE;

  test.each([
    ["the binary can't be run as Node", FuseV1Options.RunAsNode, off],
    ["NODE_OPTIONS is ignored", FuseV1Options.EnableNodeOptionsEnvironmentVariable, off],
    ["the inspector can't be opened", FuseV1Options.EnableNodeCliInspectArguments, off],
    ["code comes from the archive alone", FuseV1Options.OnlyLoadAppFromAsar, on],
    ["pages from files have no extra rights", FuseV1Options.GrantFileProtocolExtraPrivileges, off],
    ["cookies don't ask for the keyring", FuseV1Options.EnableCookieEncryption, off],
    ["no snapshot of the main process is loaded", FuseV1Options.LoadBrowserProcessSpecificV8Snapshot, off],
    [
      "the archive check, which Linux lacks, is off",
      FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
      off,
    ],
    ["WebAssembly keeps its trap handlers", FuseV1Options.WasmTrapHandlers, on],
  ])("%s", async (_, fuse, state) => {
    const wire = await getCurrentFuseWire(join(programFolder(), "sallyport"));
    expect(wire[fuse]).toBe(state);
  });
});

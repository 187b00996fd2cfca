// Builds dist/: the renderer, the shells with everything but the native modules bundled, and the preload. Does nothing
// when no input has changed since the last build. `--force` builds anyway.
import { globSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build, type InlineConfig } from "vite";
import { builtFrom, inputHash, rememberBuild } from "./build/inputs.ts";
import { filesBeside } from "./build/files-beside.ts";
import { root } from "./paths.ts";

// Tests build with NODE_ENV=test, and React's development half would then be what `npm start` shows.
process.env["NODE_ENV"] = "production";

/** What stays outside the bundles: Electron's own module and the two that hold native code. */
const external = [/^node:/, /^electron(\/|$)/, "better-sqlite3", "sodium-native"];

const shared: InlineConfig = { root, configFile: false, logLevel: "warn", publicDir: false };

const entries = {
  "cli/main": join(root, "main/cli/main.ts"),
  "serve/main": join(root, "main/serve/main.ts"),
  "electron/main": join(root, "main/electron/main.ts"),
};

function mainBundles(): InlineConfig {
  return {
    ...shared,
    plugins: [filesBeside(join(root, "main"))],
    ssr: { noExternal: true, external: ["electron", "better-sqlite3", "sodium-native"] },
    build: {
      ssr: true,
      emitAssets: true,
      target: "node24",
      outDir: join(root, "dist"),
      emptyOutDir: false,
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input: entries,
        external,
        output: {
          format: "esm",
          // Every file of the bundles is exactly one folder deep: filesBeside() counts on it.
          entryFileNames: "[name].js",
          chunkFileNames: "chunks/[name]-[hash].js",
        },
      },
    },
  };
}

function preloadBundle(): InlineConfig {
  return {
    ...shared,
    build: {
      target: "chrome154",
      outDir: join(root, "dist/preload"),
      minify: false,
      lib: { entry: join(root, "preload/preload.ts"), formats: ["cjs"], fileName: () => "preload.cjs" },
      rolldownOptions: { external: ["electron"] },
    },
  };
}

/** The maps are for the coverage of the browser tests; where they were made, serve would hand them out. */
function moveSourceMaps(): void {
  const assets = join(root, "dist/renderer/assets");
  const maps = join(root, "dist/maps");
  mkdirSync(maps, { recursive: true });
  for (const file of globSync("*.map", { cwd: assets })) renameSync(join(assets, file), join(maps, file));
}

async function buildAll(): Promise<void> {
  for (const folder of [
    "cli",
    "serve",
    "electron",
    "workers",
    "beside",
    "chunks",
    "preload",
    "renderer",
    "maps",
  ]) {
    rmSync(join(root, "dist", folder), { recursive: true, force: true });
  }
  await build({
    configFile: join(root, "renderer/vite.config.ts"),
    logLevel: "warn",
    build: { sourcemap: "hidden" },
  });
  moveSourceMaps();
  await build(mainBundles());
  await build(preloadBundle());
}

const started = performance.now();
const hash = inputHash(root);
if (builtFrom(root) !== hash || process.argv.includes("--force")) {
  try {
    await buildAll();
    rememberBuild(root, hash);
    console.log(`Built dist/ in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

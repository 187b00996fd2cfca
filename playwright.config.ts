import { join } from "node:path";
import { defineConfig } from "@playwright/test";
import { findProgram } from "./scripts/setup/programs.mjs";
import { installedElectron } from "./scripts/shell/electron.ts";

const chromium = findProgram("chromium");
const isRoot = process.getuid?.() === 0;

// Only in the workers: what their tests start is measured, they themselves are not.
const coverageFolder = process.env["SALLYPORT_COVERAGE"];
if (coverageFolder !== undefined && process.env["TEST_WORKER_INDEX"] !== undefined) {
  process.env["NODE_V8_COVERAGE"] = join(coverageFolder, "processes");
}

/** Electron needs its binary, a display, and an ordinary user. */
const hasElectron = installedElectron() !== undefined && process.env["DISPLAY"] !== undefined && !isRoot;

export default defineConfig({
  testDir: "test/e2e",
  outputDir: "test-results",
  // One station a test, and two cores to share with Chromium.
  workers: 1,
  timeout: 180_000,
  // Two cores are shared by a station, a browser and whatever else runs.
  expect: { timeout: 20_000 },
  forbidOnly: true,
  reporter: [["line"], ["json", { outputFile: "test-results/e2e.json" }]],
  use: { screenshot: "only-on-failure", trace: "off" },
  projects: [
    {
      name: "chromium",
      testIgnore: "electron.spec.ts",
      use: {
        browserName: "chromium",
        launchOptions: {
          ...(chromium === undefined ? {} : { executablePath: chromium }),
          // Chromium's own sandbox refuses root.
          chromiumSandbox: !isRoot,
        },
      },
    },
    ...(hasElectron ? [{ name: "electron", testMatch: "electron.spec.ts" }] : []),
  ],
});

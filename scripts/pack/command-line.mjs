import { rmSync } from "node:fs";
import { join } from "node:path";
import { extractAll } from "@electron/asar";

/**
 * Puts the command line and `serve` into resources/cli, for a plain Node 24: the fuses forbid running Electron's binary as
 * Node, and plain Node can't read an asar.
 */
export function addCommandLine({ appOutDir, packager }) {
  const resources = packager.getResourcesDir(appOutDir);
  extractAll(join(resources, "app.asar"), join(resources, "cli"));
  for (const shell of ["electron", "preload"])
    rmSync(join(resources, "cli/dist", shell), { recursive: true, force: true });
}

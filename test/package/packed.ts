import { globSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Where `npm run pack` has put its packages: made with Electron, or else with what stands in for it. */
export const release: string = join(
  root,
  globSync("release/linux*-unpacked", { cwd: root }).length > 0 ? "release" : "release/stub",
);

/** The one file or folder in the release that fits a pattern; without one, packing comes first. */
export function packed(pattern: string): string {
  const [found] = globSync(pattern, { cwd: release });
  if (found === undefined) throw new Error(`No ${pattern} in ${release}: run npm run pack first.`);
  return join(release, found);
}

/** The unpacked program's folder, and the Node that tests run under as a folder for PATH. */
export const programFolder = (): string => packed("linux*-unpacked");
export const node24Folder: string = dirname(process.execPath);
